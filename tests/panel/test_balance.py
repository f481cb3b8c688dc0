"""Balance: every unit, category and month has a row, and nothing else changes."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from analysis.panel.balance import balance

MONTHS = pd.period_range("2020-01", "2020-03", freq="M")
CELLS = st.tuples(st.sampled_from("AB"), st.sampled_from("xy"), st.integers(0, 2))


def table(cells: dict[tuple[str, str, int], int]) -> pd.DataFrame:
    rows = [(u, "D", c, MONTHS[m], n) for (u, c, m), n in cells.items()]
    made = pd.DataFrame(rows, columns=["unit", "district", "category", "period", "complaints"])
    return made.astype({"complaints": "Int64", "period": "period[M]"})


@given(st.dictionaries(CELLS, st.integers(0, 99), min_size=1), st.sampled_from(["missing", "zero"]))
def test_balance_is_complete_conserves_counts_and_is_idempotent(cells, absent):
    """Catches a row that is lost or doubled, and a second pass that changes something."""
    given_table = table(cells)
    panel, ledger = balance(given_table, MONTHS, absent=absent)
    size = given_table["unit"].nunique() * given_table["category"].nunique() * len(MONTHS)
    assert len(panel) == size
    assert panel["complaints"].sum() == sum(cells.values())
    assert sum(entry.rows for entry in ledger.entries) == size - len(cells)
    again, nothing = balance(panel, MONTHS, absent=absent)
    pd.testing.assert_frame_equal(again, panel)
    assert nothing.entries == ()


def test_absent_is_missing_or_zero():
    """Catches a report that never came being read as a month without complaints."""
    only = table({("A", "x", 0): 5})
    missing, named = balance(only, MONTHS, absent="missing")
    zero, counted = balance(only, MONTHS, absent="zero")
    assert missing["complaints"].isna().tolist() == [False, True, True]
    assert zero["complaints"].tolist() == [5, 0, 0]
    assert [entry.period for entry in named.entries] == ["2020-02", "2020-03"]
    assert [entry.rows for entry in counted.entries] == [2]


def test_a_unit_that_never_reported_has_rows():
    """Catches a unit of the register that is silently not in the panel."""
    units = pd.DataFrame({"unit": ["A", "B"], "district": ["D", "E"]})
    panel, _ = balance(table({("A", "x", 0): 5}), MONTHS, absent="missing", units=units)
    silent = panel[panel["unit"] == "B"]
    assert len(silent) == 3
    assert silent["district"].eq("E").all()
    assert silent["complaints"].isna().all()
