"""A result is held against the truth of what it estimates, not of something near it."""

import dataclasses

import pandas as pd
import pytest

from analysis.effects.estimate import estimate
from analysis.effects.truth import (
    overall_truth,
    read_truth,
    true_effect,
    true_event_times,
    true_parts,
)

COLUMNS = ["level", "outcome", "estimand", "cohort", "event_time", "value", "description"]
TRUTH = pd.DataFrame(
    [
        ("street", "satisfaction_rate", "att", "", None, 0.07, ""),
        ("street", "satisfaction_rate", "att_event_time", "", 1, 0.06, ""),
        ("street", "satisfaction_rate", "att_event_time", "", 0, 0.04, ""),
        ("street", "satisfaction_rate", "att_event_time", "", 2, 0.50, ""),
        ("street", "satisfaction_rate", "att_cohort", "2020-09", None, 0.9, ""),
        ("street", "complaints", "att", "", None, -0.2, ""),
        ("street", "complaints", "att_log", "", None, -0.15, ""),
        ("street", "complaints", "att_event_time", "", 0, -0.9, ""),
        ("street", "complaints", "att_log_event_time", "", 0, -0.1, ""),
        ("street", "complaints", "att_log_event_time", "", 1, -0.3, ""),
        ("district", "satisfaction_rate", "per_unit_coverage", "", None, 0.11, ""),
    ],
    columns=COLUMNS,
)


@pytest.fixture
def results(make_panel, rate_design):
    panel = make_panel(3)
    panel["coverage"] = (panel["period"] >= panel["adoption_period"]).astype(float)
    dose = dataclasses.replace(rate_design, treatment="dose", treatment_column="coverage")
    short = dataclasses.replace(rate_design, event_window=(-2, 1))
    return {
        "static": estimate(panel, rate_design, "twfe"),
        "dynamic": estimate(panel, short, "twfe_event_study"),
        "coverage": estimate(panel, dose, "twfe"),
    }


def test_each_result_has_its_own_truth(results):
    assert true_effect(TRUTH, "street", results["static"]) == 0.07
    assert true_effect(TRUTH, "street", results["dynamic"]) == pytest.approx((0.04 + 0.06) / 2)
    assert true_effect(TRUTH, "district", results["coverage"]) == 0.11


def test_the_truth_of_a_count_is_weighted_as_the_estimator_weighs(make_panel, count_design):
    """Would catch a regression of logarithms held against an effect in which busy rows count more.

    On the twin the two differ by more than the event study's error, and would pass for its bias.
    """
    panel, short = make_panel(3), dataclasses.replace(count_design, event_window=(-2, 1))
    static, counted = (estimate(panel, count_design, name) for name in ("twfe", "poisson"))
    dynamic = estimate(panel, short, "twfe_event_study")
    assert true_effect(TRUTH, "street", static) == -0.15
    assert true_effect(TRUTH, "street", counted) == -0.2
    assert true_effect(TRUTH, "street", dynamic) == pytest.approx((-0.1 - 0.3) / 2)
    assert overall_truth(TRUTH, "street", count_design) == -0.2


def test_what_has_no_truth_has_none(results):
    assert true_effect(TRUTH, "district", results["static"]) is None
    assert true_effect(TRUTH.iloc[:3], "street", results["dynamic"]) == pytest.approx(0.05)
    assert true_effect(TRUTH.iloc[:2], "street", results["dynamic"]) is None


def test_event_times_come_in_order(results):
    times = true_event_times(TRUTH, "street", results["dynamic"])
    assert times["event_time"].tolist() == [0, 1, 2]
    assert times["value"].tolist() == [0.04, 0.06, 0.50]


def test_parts_of_a_volume_effect_are_found_where_they_are():
    parts = pd.DataFrame(
        [
            ("street", "complaints", "need", "", None, -0.2, ""),
            ("street", "complaints", "reporting", "", None, 0.06, ""),
        ],
        columns=COLUMNS,
    )
    assert true_parts(parts, "street", "complaints") == {"need": -0.2, "reporting": 0.06}
    assert true_parts(parts, "district", "complaints") == {}


def test_a_truth_file_is_read_with_empty_cells(tmp_path, results):
    path = tmp_path / "truth.csv"
    path.write_text(TRUTH.to_csv(index=False, lineterminator="\n"), encoding="utf-8", newline="")
    read = read_truth(path)
    assert true_event_times(read, "street", results["dynamic"])["value"].tolist()[0] == 0.04
