"""Adoption months: joined by unit, and refused where they do not fit."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.errors import DataError
from analysis.panel.adoption import join_adoption

PANEL = pd.DataFrame({"unit": ["A", "A", "B"], "district": ["D", "D", "E"]})


def table(unit: str, district: str) -> pd.DataFrame:
    row = {"unit": unit, "district": district, "file": "adoption.csv", "row": 2}
    return pd.DataFrame([row]).assign(adoption_period=pd.PeriodIndex(["2020-07"], freq="M"))


def test_units_that_never_adopt_are_missing():
    """Catches a never-adopter that gets a month, or a month that reaches one row only."""
    joined = join_adoption(PANEL, table("A", "D"))["adoption_period"]
    assert joined.dtype == "period[M]"
    assert joined.astype(str).tolist()[:2] == ["2020-07", "2020-07"]
    assert joined.isna().tolist() == [False, False, True]


@pytest.mark.parametrize(
    ("unit", "district", "message"),
    [("C", "D", "the panel has no unit 'C'"), ("A", "E", "listed under 'E', expected 'D'")],
)
def test_an_unknown_unit_or_district_names_its_row(unit: str, district: str, message: str):
    """Catches a treated unit that stays untreated because of a slip in its name."""
    with pytest.raises(DataError) as caught:
        join_adoption(PANEL, table(unit, district))
    assert message in str(caught.value)
    assert "adoption.csv, row 2" in str(caught.value)
