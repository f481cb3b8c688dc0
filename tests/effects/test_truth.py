"""A result is held against the truth of what it estimates, not of something near it."""

import dataclasses

import pandas as pd
import pytest

from analysis.effects.registry import estimate
from analysis.effects.truth import read_truth, true_effect, true_event_times, true_parts

COLUMNS = ["level", "outcome", "estimand", "cohort", "event_time", "value", "description"]
TRUTH = pd.DataFrame(
    [
        ("street", "satisfaction_rate", "att", "", None, 0.07, ""),
        ("street", "satisfaction_rate", "att_event_time", "", 1, 0.06, ""),
        ("street", "satisfaction_rate", "att_event_time", "", 0, 0.04, ""),
        ("street", "satisfaction_rate", "att_event_time", "", 2, 0.50, ""),
        ("street", "satisfaction_rate", "att_cohort", "2020-09", None, 0.9, ""),
        ("street", "complaints", "att", "", None, -0.2, ""),
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


def test_what_has_no_truth_has_none(results):
    assert true_effect(TRUTH, "district", results["static"]) is None
    assert true_effect(TRUTH.iloc[:3], "street", results["dynamic"]) == pytest.approx(0.05)
    assert true_effect(TRUTH.iloc[:2], "street", results["dynamic"]) is None


def test_event_times_come_in_order():
    times = true_event_times(TRUTH, "street", "satisfaction_rate")
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


def test_a_truth_file_is_read_with_empty_cells(tmp_path):
    path = tmp_path / "truth.csv"
    path.write_text(TRUTH.to_csv(index=False, lineterminator="\n"), encoding="utf-8", newline="")
    read = read_truth(path)
    assert true_event_times(read, "street", "satisfaction_rate")["value"].tolist()[0] == 0.04
