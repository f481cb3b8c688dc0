"""Rows that are no unit: dropped wherever the label stands, and counted."""

from __future__ import annotations

from analysis.clean.totals import drop_non_units, drop_totals


def test_totals_are_dropped_by_unit_district_or_category(text_table):
    """Catches a total row that counts every case twice."""
    table = text_table("unit,district,category\nA,东,x\n合计,东,x\nA,小计,x\nA,东,合计\n")
    kept, ledger = drop_totals(table, ["合计", "小计"])
    assert kept["row"].tolist() == [2]
    assert [entry.row for entry in ledger.entries] == [3, 4, 5]
    assert (ledger.steps[0].rows_in, ledger.steps[0].rows_out) == (4, 1)


def test_labels_that_are_no_unit_are_dropped(text_table):
    """Catches cases without a place that enter the panel as a unit of their own."""
    kept, ledger = drop_non_units(text_table("unit\n(missing)\nA\n"), ["(missing)"])
    assert kept["unit"].tolist() == ["A"]
    assert ledger.entries[0].unit == "(missing)"
