"""The ledger: nothing is lost between its entries, its table and its summary."""

from __future__ import annotations

import pandas as pd

from analysis.clean.ledger import ACTIONS, Entry, Ledger, Step, entries_for


def test_an_entry_for_each_row_says_where_it_was():
    """Catches values and places that are paired with the wrong rows."""
    rows = pd.DataFrame({"file": "a.csv", "row": [4, 9], "unit": ["A", "B"]}, index=[7, 3])
    made = entries_for(rows, step="s", action="changed", reason="r", before=pd.Series(["x", "y"]))
    assert [(entry.row, entry.unit, entry.before) for entry in made] == [
        (4, "A", "x"),
        (9, "B", "y"),
    ]


def test_frame_has_every_entry_and_nullable_rows():
    """Catches an entry without a row turning all row numbers into floats."""
    ledger = Ledger((Entry("s", "filled", "r"), Entry("s", "dropped", "r", row=3))).for_table("t")
    frame = ledger.frame()
    assert frame["row"].dtype == "Int64"
    assert frame["table"].tolist() == ["t", "t"]
    assert Ledger().frame().columns.tolist() == frame.columns.tolist()


def test_summary_counts_rows_not_entries_and_keeps_tables_apart():
    """Catches an entry that stands for many rows being counted once."""
    many = Ledger((Entry("balance", "filled", "r", rows=40),), (Step("balance", 60, 100),))
    one = Ledger((Entry("balance", "filled", "r"),), (Step("balance", 9, 10),))
    summary = (many.for_table("a") + one.for_table("b")).summary()
    assert summary["filled"].tolist() == [40, 1]
    assert summary.columns.tolist()[-len(ACTIONS) :] == list(ACTIONS)
