"""The table of results says what the results say, in the unit a reader expects."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from analysis.tables.effects import (
    describe_design,
    dropped_rows,
    effects_table,
    estimates_frame,
    format_interval,
    format_p,
    notes_table,
    robustness_table,
    truth_table,
)


@pytest.fixture
def result(make_result):
    def make(scale="count"):
        return make_result(
            scale,
            value=-0.1234,
            lower=-0.2214,
            upper=-0.0254,
            p_value=0.0136,
            observations=28_560,
            units=340,
            clusters=340,
            dropped={"outcome missing": 1_000, "zero outcome": 3},
        )

    return make


def test_counts_are_shown_in_log_points(result):
    [row] = effects_table([result()]).to_dict("records")
    assert row == {
        "Estimator": "Two-way fixed effects",
        "Estimate": "−0.123",
        "Std. error": "0.050",
        "95% interval": "−0.221 to −0.025",
        "p": "0.014",
        "Rows": "28,560",
        "Clusters": "340",
        "Rows dropped": "1,003",
    }


def test_rates_are_shown_in_percentage_points(result):
    [row] = effects_table([result("share")]).to_dict("records")
    assert row["Estimate"] == "−12.34"


def test_an_interval_that_misses_the_truth_says_so(result):
    table = effects_table([result(), result(), result()], [-0.2, -0.3, None])
    assert table["Holds truth"].tolist() == ["yes", "no", "—"]


def test_the_truth_stands_beside_the_estimate_where_it_is_known(result):
    table = effects_table([result("share"), result("share")], [-0.1, None])
    assert table["Truth"].tolist() == ["−10.00", "—"]
    assert table.columns.tolist().index("Truth") + 1 == table.columns.tolist().index("Estimate")


def test_truths_must_match_results(result):
    with pytest.raises(ValueError, match="shorter"):
        effects_table([result(), result()], [0.1])


def test_an_unbounded_interval_is_shown_as_such():
    assert format_interval(-np.inf, np.inf, "count") == "−∞ to ∞"


def test_tiny_p_values_are_not_zero():
    assert format_p(1e-12) == "< 0.001"
    assert format_p(0.001) == "0.001"
    assert format_p(1.0) == "1.000"


def test_every_row_of_the_panel_is_accounted_for(result):
    """Estimators that use the same rows share an account, so that others stand out."""
    other = dataclasses.replace(result(), estimator="poisson", dropped={}, observations=29_563)
    same = dataclasses.replace(result("share"), estimator="twfe_trends")
    table = dropped_rows([result(), other, same], 29_563)
    assert table["Rows"].tolist()[:4] == [
        "rows of the panel",
        "dropped: outcome missing",
        "dropped: zero outcome",
        "rows used",
    ]
    assert table["Count"].tolist()[:4] == ["29,563", "1,000", "3", "28,560"]
    assert table["Estimators"].tolist() == [
        "Two-way fixed effects; Two-way fixed effects with unit trends",
        *[""] * 3,
        "Poisson, fixed effects",
        "",
    ]


def test_notes_are_listed_by_estimator(result):
    noted = dataclasses.replace(result(), notes=("one cohort is left out", "another"))
    assert notes_table([result(), noted])["Note"].tolist() == ["one cohort is left out", "another"]


def test_a_design_is_described_without_code(result):
    found = result("share").design
    found = dataclasses.replace(found, weights="calls", event_window=(-12, 24))
    lines = describe_design(found).set_index("Part")["Choice"]
    assert lines["Outcome"] == "satisfaction_rate, a rate"
    assert lines["Weights"] == "calls"
    assert lines["Event window"] == "−12 to 24, reference −1"
    whole = dataclasses.replace(found, event_window=None, anticipation=2, controls=("age", "rent"))
    lines = describe_design(whole).set_index("Part")["Choice"]
    assert lines["Event window"] == "all observed, reference −3"
    assert lines["Controls"] == "age, rent"
    dose = dataclasses.replace(found, treatment="dose", treatment_column="dose")
    assert "Event window" not in describe_design(dose)["Part"].tolist()
    lagged = describe_design(dataclasses.replace(dose, lags=5, leads=2)).set_index("Part")["Choice"]
    assert lagged["Distributed lags"] == "5 earlier months, 2 later ones"


def test_a_figure_gets_estimates_as_they_are(result):
    [row] = estimates_frame([result("share")], [-0.1]).to_dict("records")
    assert (row["label"], row["value"]) == ("Two-way fixed effects", -0.1234)
    assert row["truth"] == -0.1
    assert estimates_frame([result()])["truth"].isna().all()


def test_checks_are_written_in_the_unit_of_their_scale():
    checks = pd.DataFrame(
        [
            {
                "label": "without A",
                "group": "One district left out",
                "value": 0.01,
                "standard_error": 0.004,
                "lower": 0.002,
                "upper": np.inf,
                "p_value": 0.5,
                "observations": 1_200,
                "clusters": 16,
            }
        ]
    )
    [row] = robustness_table(checks, "share").to_dict("records")
    assert (row["Estimate"], row["95% interval"]) == ("1.00", "0.20 to ∞")
    assert (row["Check"], row["Observations"]) == ("One district left out", "1,200")


def test_the_truth_is_shown_with_its_parts_and_without_its_months():
    truth = pd.DataFrame(
        [
            ("street", "complaints", "att", -0.14, "average effect"),
            ("street", "complaints", "need", -0.2, "need"),
            ("street", "complaints", "att_event_time", -0.1, "month"),
            ("district", "complaints", "per_unit_coverage", -0.13, "coverage"),
        ],
        columns=["level", "outcome", "estimand", "value", "description"],
    )
    table = truth_table(truth, "street", "complaints", "count")
    assert table["Truth"].tolist() == ["effect", "need"]
    assert table["Value"].tolist() == ["−0.140", "−0.200"]
    assert truth_table(truth, "district", "complaints", "count")["Truth"].tolist() == ["effect"]
