"""Districts: sums of their streets, missing where a part is missing."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import DataError
from analysis.panel.aggregate import sum_within_districts

MONTHS = pd.period_range("2020-01", "2020-02", freq="M")


def streets(counts: list[int | None], adopted: list[str | None] | None = None) -> pd.DataFrame:
    """Build A and B in D, and C in E, each with two months."""
    units = [("A", "D", 30), ("B", "D", 70), ("C", "E", 50)]
    rows = [(*unit, month) for unit in units for month in MONTHS]
    panel = pd.DataFrame(rows, columns=["unit", "district", "population", "period"])
    months = [month for month in adopted or [None, None, None] for _ in MONTHS]
    return panel.assign(
        complaints=pd.array(counts, dtype="Int64"),
        population=panel["population"].astype("Int64"),
        adoption_period=pd.PeriodIndex(months, freq="M"),
    )


@given(st.lists(st.integers(0, 10**6), min_size=6, max_size=6))
def test_sums_are_conserved(counts: list[int]):
    """Catches a case that is lost or counted twice on the way to the districts."""
    summed, ledger = sum_within_districts(streets(counts))
    assert ledger.entries == ()
    assert summed["complaints"].sum() == sum(counts)
    assert summed["complaints"].tolist()[:2] == [counts[0] + counts[2], counts[1] + counts[3]]
    assert summed["population"].tolist() == [100, 100, 50, 50]
    assert summed["unit"].tolist() == summed["district"].tolist() == ["D", "D", "E", "E"]


def test_a_missing_part_makes_the_sum_missing():
    """Catches a district's volume that falls because one street's report is late."""
    summed, ledger = sum_within_districts(streets([1, 2, None, 4, 5, 6]))
    assert summed["complaints"].isna().tolist() == [True, False, False, False]
    (entry,) = ledger.entries
    assert (entry.unit, entry.period, entry.column) == ("D", "2020-01", "complaints")


def test_coverage_is_the_share_of_population_already_under_the_programme():
    """Catches the adoption month itself left out, never-adopters counted, or shares of streets."""
    panel = streets([1] * 6, ["2020-02", "2019-12", None])
    districts, _ = sum_within_districts(panel)
    assert districts["coverage"].tolist() == [0.7, 1.0, 0.0, 0.0]


def test_gaps_are_refused():
    """Catches a sum over the streets that happen to have a row."""
    with pytest.raises(DataError, match="unit 'A' has 1 of 2 months"):
        sum_within_districts(streets([1] * 6).iloc[1:])
