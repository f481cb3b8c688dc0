"""Months: every way of writing is read, and nothing else is."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.clean.months import drop_other_months, parse_month, parse_months
from analysis.clean.places import Places
from analysis.errors import DataError

FORMS = ["{y}-{m:02d}", "{y}/{m}", "{y}.{m:02d}", "{y}年{m}月", "{y}{m:02d}", " {y} 年 {m} 月 "]


@given(st.integers(1990, 2100), st.integers(1, 12), st.sampled_from(FORMS), st.booleans())
def test_month_survives_every_way_of_writing(year: int, month: int, form: str, wide: bool):
    """Catches a form that is read as another month, also in full-width digits."""
    text = form.format(y=year, m=month)
    if wide:
        text = text.translate({ord("0") + d: chr(ord("０") + d) for d in range(10)})
    assert parse_month(text) == pd.Period(year=year, month=month, freq="M")


@pytest.mark.parametrize("text", ["", "2019", "2019-13", "2019-00", "19-01", "2019-01-05", "x"])
def test_what_is_no_month_is_not_read(text: str):
    """Catches a guess: a year, a day or a thirteenth month."""
    assert parse_month(text) is None


def test_unreadable_month_names_its_place():
    """Catches a message without file, row and column."""
    table = pd.DataFrame({"file": "a.csv", "row": [2, 3], "period": ["2019-01", "2019Q1"]})
    with pytest.raises(
        DataError, match=r"a\.csv, row 3, column '月份' \(period\): '2019Q1' is not"
    ):
        parse_months(table, Places({("a.csv", "period"): "月份"}))


def test_months_outside_the_study_are_dropped_and_counted():
    """Catches an export of more months than the study covers entering the panel."""
    months = pd.period_range("2018-11", "2019-02", freq="M")
    table = pd.DataFrame({"file": "a.csv", "row": range(2, 6), "unit": "A", "period": months})
    kept, ledger = drop_other_months(table, months[2], months[3])
    assert kept["row"].tolist() == [4, 5]
    assert [entry.period for entry in ledger.entries] == ["2018-11", "2018-12"]
