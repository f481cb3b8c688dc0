"""Why rows have no handling time: every row of the panel has one reason, or a time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from analysis.study.load import load_study, read_study
from analysis.tables.handling import handling_table, missing_handling_times

STUDIES = Path(__file__).parents[2] / "notebooks" / "studies"
RIVERTON = Path(__file__).parents[1] / "tickets" / "riverton.toml"


@pytest.fixture
def study():
    return read_study(RIVERTON)


@pytest.fixture
def level(study):
    return replace(study.level[0], outcomes=("complaints", "log_median_days", "median_days"))


def panel(study) -> pd.DataFrame:
    """One row for each reason, the last month not followed; then two times, one of them zero."""
    assert study.tickets is not None
    late = pd.Period(study.tickets.extracted, "M")
    early = late - 24
    rows = [
        (early, None, None),
        (early + 1, 0, None),
        (late, 4, None),
        (early + 2, 4, None),
        (early + 3, 4, 2.5),
        (early + 4, 4, 0.0),
    ]
    frame = pd.DataFrame(rows, columns=["period", "complaints", "median_days"])
    frame["period"] = pd.PeriodIndex(frame["period"], freq="M")
    return frame.astype({"complaints": "Int64"})


def test_each_row_without_a_time_has_one_reason(study, level):
    """Would catch a row that is counted twice, or a late month taken for slow work."""
    counted = missing_handling_times(panel(study), level, study)["median_days"]
    assert counted.to_dict() == {
        "panel": 6,
        "not delivered": 1,
        "no complaint": 1,
        "not followed": 1,
        "not reached": 1,
        "known": 2,
        "zero": 1,
    }
    assert counted["panel"] == counted.drop(["panel", "zero"]).sum()


def test_days_and_their_logarithm_are_one_column(study, level):
    table = handling_table(panel(study), level, study)
    assert table.columns.tolist() == ["Rows", "Median handling time"]
    days = study.tickets.follow_up_days
    assert f"too few closed within {days} days, or at unknown times" in table["Rows"].tolist()


def test_a_study_that_asks_for_no_handling_time_has_no_table(study):
    assert handling_table(panel(study), study.level[0], study).empty
    reports = load_study("beijing", STUDIES)
    assert handling_table(pd.DataFrame(), reports.level[0], reports).empty
