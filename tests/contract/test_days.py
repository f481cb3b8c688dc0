"""Handling times are days: a number that adds up over nothing."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.contract.columns import COLUMNS, column, count_columns
from analysis.contract.validate import validate_panel
from analysis.errors import DataError
from analysis.panel.aggregate import sum_within_districts
from analysis.panel.balance import balance
from analysis.panel.store import read_panel, write_panel

MONTHS = pd.period_range("2024-01", periods=2, freq="M")
DAYS = [declared.name for declared in COLUMNS if declared.kind == "days"]


def panel(median: list[float | None]) -> pd.DataFrame:
    counts = {"complaints": [5, 6], "proactive_cases": [1, 2]}
    places = {"unit": "A", "district": "D", "period": MONTHS}
    return pd.DataFrame({**places, **counts, "median_days": median})


def test_the_contract_has_the_median_and_the_ninetieth_percentile():
    assert DAYS == ["median_days", "p90_days"]
    assert {column(name).dtype for name in DAYS} == {"float64"}


def test_days_may_have_fractions_and_be_missing():
    """Catches a length of time that must be whole, or must be there."""
    valid = validate_panel(panel([2.5, None]))
    assert valid["median_days"].dtype == "float64"
    assert valid["median_days"].isna().tolist() == [False, True]


def test_days_are_never_negative():
    with pytest.raises(DataError, match=r"median_days is negative in row 1 \(A, 2024-02\)"):
        validate_panel(panel([0.0, -0.5]))


def test_days_are_no_counts():
    """Catches medians of streets that are summed to that of a district."""
    assert not set(DAYS) & set(count_columns())
    streets = panel([2.5, 3.5]).assign(population=10)
    streets["adoption_period"] = pd.PeriodIndex([None, None], freq="M")
    districts, _ = sum_within_districts(streets.astype({"complaints": "Int64"}))
    assert "median_days" not in districts
    assert districts["complaints"].tolist() == [5, 6]


def test_a_month_without_cases_has_no_median():
    """Catches a row of explicit zeros in which cases took no time at all."""
    filled, _ = balance(panel([2.5, 3.5]).iloc[:1], MONTHS, absent="zero")
    assert filled["complaints"].tolist() == [5, 0]
    assert filled["median_days"].isna().tolist() == [False, True]


def test_days_are_read_back_to_the_last_digit(tmp_path):
    """Catches days that come back as text, or rounded."""
    written = validate_panel(panel([1 / 3, None]))
    write_panel(written, tmp_path / "panel.csv")
    pd.testing.assert_frame_equal(read_panel(tmp_path / "panel.csv"), written, check_exact=True)
