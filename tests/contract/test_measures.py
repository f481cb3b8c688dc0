"""Measures: rates with their denominators, and how closely supply follows demand."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.contract.columns import COLUMNS
from analysis.contract.measures import MEASURES, add_measures, targeting

MONTHS = pd.period_range("2020-01", periods=4, freq="M")
COUNTS = st.lists(st.integers(0, 50), min_size=8, max_size=8)


def by_category(complaints: list[int | None], proactive: list[int | None]) -> pd.DataFrame:
    rows = [("A", category, month) for category in ("x", "y") for month in MONTHS]
    table = pd.DataFrame(rows, columns=["unit", "category", "period"])
    return table.assign(
        complaints=pd.array(complaints, dtype="Int64"),
        proactive_cases=pd.array(proactive, dtype="Int64"),
    )


@given(COUNTS, COUNTS)
def test_targeting_lies_between_0_and_1(complaints: list[int], proactive: list[int]):
    """Catches shares that are not shares of the same whole."""
    match = targeting(by_category(complaints, proactive))
    known = match["targeting"].dropna()
    assert known.between(0, 1 + 1e-12).all()
    assert match["targeting"].isna().tolist()[:3] == [True, True, True]


@pytest.mark.parametrize(
    ("proactive", "expected"), [((6, 2), 1.0), ((8, 0), 0.75), ((0, 8), 0.25), ((0, 0), None)]
)
def test_targeting_at_known_mixes(proactive: tuple[int, int], expected: float | None):
    """Catches this month's complaints in the demand, or a distance without its half."""
    x, y = proactive
    complaints = [3, 3, 3, 0, 1, 1, 1, 99]
    match = targeting(by_category(complaints, [0, 0, 0, x, 0, 0, 0, y]))
    last = match["targeting"].iloc[-1]
    assert (None if pd.isna(last) else last) == expected


def test_a_missing_category_leaves_the_mix_unknown():
    """Catches a category without a report that counts as one without cases."""
    match = targeting(by_category([1, 1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1, 1, None]))
    assert match["targeting"].isna().all()


def test_rates_have_the_denominators_of_the_contract():
    """Catches satisfaction as a share of complaints instead of those surveyed."""
    row = {
        "complaints": 80,
        "proactive_cases": 20,
        "consultations": 120,
        "surveyed": 50,
        "responded": 50,
        "resolved": 40,
        "satisfied": 30,
        "repeat_complaints": 8,
        "with_deadline": 60,
        "on_time": 45,
    }
    added = add_measures(pd.DataFrame([row]).astype("Int64")).iloc[0]
    expected = {
        "proactive_share": 0.2,
        "consultation_share": 0.6,
        "response_rate": 1.0,
        "resolution_rate": 0.8,
        "satisfaction_rate": 0.6,
        "repeat_share": 0.1,
        "on_time_rate": 0.75,
    }
    assert {name: added[name] for name in expected} == pytest.approx(expected)
    rates = {m.name for m in MEASURES if m.scale == "share"} - {"targeting"}
    assert rates == set(expected)


def test_no_denominator_no_rate():
    """Catches 0 of 0 as a rate, and a rate on a missing part."""
    rows = pd.DataFrame({"satisfied": [0, None], "surveyed": [0, 5]}).astype("Int64")
    assert add_measures(rows)["satisfaction_rate"].isna().all()


def test_the_logarithm_of_days_is_missing_where_there_is_none():
    """Catches log(0) as minus infinity, or log(1 + days) in its place."""
    added = add_measures(pd.DataFrame({"median_days": [1.0, 0.5, 0.0, None]}))
    logged = added["log_median_days"]
    assert logged[:2].tolist() == pytest.approx([0, -0.6931471805599453])
    assert logged[2:].isna().all()
    assert added["median_days"].tolist()[:3] == [1.0, 0.5, 0.0]
    assert "log_p90_days" not in added


def test_every_column_of_days_is_a_measure_in_days_and_in_logarithms():
    """Catches a quantile of the contract that no study can ask for."""
    columns = [declared.name for declared in COLUMNS if declared.kind == "days"]
    for scale, name in (("days", "{}"), ("log", "log_{}")):
        named = {m.name: m.numerator for m in MEASURES if m.scale == scale}
        assert named == {name.format(column): (column,) for column in columns}
