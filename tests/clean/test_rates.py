"""Counts from rates: the count behind a printed rate comes back."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from analysis.clean.rates import counts_from_rates
from analysis.study.sources import FromRate

WANTED = [FromRate("satisfied", "satisfaction_rate", "surveyed")]


def counted(pairs: list[tuple[float | None, int | None]]):
    table = pd.DataFrame(pairs, columns=["satisfaction_rate", "surveyed"])
    table = table.astype({"satisfaction_rate": "Float64", "surveyed": "Int64"})
    return counts_from_rates(table.assign(file="a.csv", row=range(2, len(pairs) + 2)), WANTED)


@given(st.integers(1, 9_999).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_two_decimals_give_the_count_back_up_to_ten_thousand(pair: tuple[int, int]):
    """Catches truncation, and rounding in the wrong place."""
    satisfied, surveyed = pair
    table, ledger = counted([(round(100 * satisfied / surveyed, 2), surveyed), (12.34, 10_000)])
    assert table["satisfied"].iloc[0] == satisfied
    assert [e for e in ledger.entries if e.row == 2] == []


def test_missing_and_empty_denominators():
    """Catches 0 of 0 read as missing, and a missing rate read as 0."""
    table, _ = counted([(None, 10), (50.0, None), (None, 0)])
    assert table["satisfied"].isna().tolist() == [True, True, False]
    assert table["satisfied"].iloc[2] == 0
    assert "satisfaction_rate" not in table


def test_a_rate_that_no_count_gives_is_in_the_ledger():
    """Catches a rate and a denominator that do not belong together passing unseen."""
    table, ledger = counted([(96.53, 10), (90.0, 10)])
    assert table["satisfied"].tolist() == [10, 9]
    (entry,) = ledger.entries
    assert (entry.row, entry.before, entry.after) == (2, "96.53 % of 10", "10")
    assert "no whole number of surveyed gives this rate" in entry.reason


def test_decimals_too_few_for_the_denominator_are_in_the_ledger():
    """Catches a count that rests on rounding being taken as exact."""
    _, ledger = counted([(96.0, 5_000)])
    assert "more than one count" in ledger.entries[0].reason
