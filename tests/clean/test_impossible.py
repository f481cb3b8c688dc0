"""Impossible values: each is found with its place; possible ones pass."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.clean.impossible import find_impossible
from analysis.clean.places import Places

POSSIBLE = {"complaints": 10, "surveyed": 10, "satisfied": 10, "repeat_complaints": 0}


def found(**changes: int | None):
    table = pd.DataFrame([POSSIBLE | changes]).astype("Int64").assign(file="a.csv", row=7)
    return find_impossible(table, Places({("a.csv", "satisfied"): "满意"}))


def test_bounds_themselves_and_missing_values_are_possible():
    """Catches a strict inequality, and a missing bound read as 0."""
    assert found() == []
    assert found(surveyed=None) == []


def test_more_satisfied_than_surveyed_names_the_cell_and_the_remedy():
    """Catches an altered raw file that would give a rate above 1."""
    (problem,) = found(satisfied=11)
    assert problem.where == "a.csv, row 7, column '满意' (satisfied)"
    assert problem.what == "satisfied is 11 but surveyed is 10, which it cannot exceed"
    assert "known errors" in problem.hint


@pytest.mark.parametrize("name", list(POSSIBLE))
def test_no_count_is_negative(name: str):
    """Catches a sign that slipped in, in any column."""
    assert any(
        "is negative" in problem.what and name in problem.where for problem in found(**{name: -1})
    )


@pytest.mark.parametrize(("rate", "wrong"), [(100.0, 0), (100.1, 1), (0.0, 0), (-0.1, 1)])
def test_rates_lie_between_0_and_100(rate: float, wrong: int):
    """Catches a percentage that no count can give."""
    table = pd.DataFrame({"file": ["a.csv"], "row": [2], "satisfaction_rate": [rate]})
    table = table.astype({"satisfaction_rate": "Float64"})
    assert len(find_impossible(table, Places({}), ["satisfaction_rate"])) == wrong
