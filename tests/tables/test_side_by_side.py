"""Effects side by side: units, truths and unbounded intervals are written as a reader expects."""

import math

import pandas as pd

from analysis.tables.side_by_side import (
    all_estimators_table,
    effects_of_level,
    recovery_table,
    units_note,
)


def effects(**changes: object) -> pd.DataFrame:
    row = {
        "outcome": "satisfaction_rate",
        "estimator": "Two-way fixed effects",
        "value": 0.0119,
        "lower": 0.01,
        "upper": math.inf,
        "truth": 0.012,
        "p_value": 0.0001,
    }
    return pd.DataFrame([row | changes])


def test_a_rate_is_shown_in_percentage_points_and_a_count_in_log_points():
    assert effects_of_level(effects())["Estimate"].item() == "1.19"
    assert effects_of_level(effects(outcome="complaints"))["Estimate"].item() == "0.012"


def test_an_interval_without_an_end_says_so():
    assert effects_of_level(effects())["95% interval"].item() == "1.00 to ∞"


def test_the_truth_has_a_column_only_where_one_is_known():
    assert effects_of_level(effects())["Truth"].item() == "1.20"
    assert "Truth" not in effects_of_level(effects(truth=math.nan))


def test_an_outcome_is_named_once():
    twice = pd.concat([effects(), effects(estimator="Other")], ignore_index=True)
    assert effects_of_level(twice)["Outcome"].tolist() == ["Satisfaction rate", ""]


def test_all_estimators_stand_beside_each_other_and_those_that_miss_are_marked():
    rows = [
        effects(upper=0.02),
        effects(upper=0.02, estimator="Other", truth=0.03),
        effects(upper=0.02, estimator="Other", outcome="complaints", truth=math.nan),
    ]
    table = all_estimators_table(pd.concat(rows, ignore_index=True))
    assert table.to_dict("list") == {
        "Estimator": ["Two-way fixed effects", "Other"],
        "Satisfaction rate": ["1.19", "1.19†"],
        "Complaints": ["—", "0.012"],
    }


def test_bias_stands_with_its_monte_carlo_error_and_coverage_in_per_cent():
    summary = pd.DataFrame(
        [
            {
                "outcome": "complaints",
                "estimator": "E",
                "truth": -0.14,
                "bias": 0.05,
                "bias_error": 0.001,
                "spread": 0.004,
                "standard_error": 0.005,
                "coverage": 0.7,
            }
        ]
    )
    [row] = recovery_table(summary).to_dict("records")
    assert (row["Bias"], row["Coverage"]) == ("0.050 (0.001)", "70%")


def test_a_note_names_the_units_of_handling_times_only_where_there_are_any():
    shared = "Counts in log points, rates and shares in percentage points."
    assert units_note(["complaints"]) == shared
    assert units_note(["complaints", "p90_days"]) == f"{shared} Handling times in days."
    logged = units_note(["log_median_days"])
    assert logged == f"{shared} Logarithms of handling times in log points."


def test_an_effect_on_a_handling_time_is_shown_in_days():
    assert effects_of_level(effects(outcome="median_days"))["Estimate"].item() == "0.012"
