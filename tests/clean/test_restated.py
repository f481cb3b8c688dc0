"""Corrections replace what they correct; anything else that stands twice is refused."""

from __future__ import annotations

import pytest

from analysis.clean.places import Places
from analysis.clean.restated import apply_restatements
from analysis.errors import DataError

KEYS = ["unit", "period"]


def test_last_correction_replaces_all_before_it(text_table):
    """Catches the first report, or the first correction, being kept."""
    table = text_table(
        "unit,period,complaints,restated\n"
        "A,2020-01,1,\nB,2020-01,2,\nA,2020-01,3,更正\nA,2020-01,4,更正\n"
    )
    kept, ledger = apply_restatements(table, KEYS, Places({}))
    assert dict(zip(kept["unit"], kept["complaints"], strict=True)) == {"A": "4", "B": "2"}
    assert "restated" not in kept
    assert [(entry.row, entry.after) for entry in ledger.entries] == [
        (2, "a.csv, row 5"),
        (4, "a.csv, row 5"),
    ]


def test_a_row_twice_without_a_mark_names_both_rows(text_table):
    """Catches a month that is counted twice, or overwritten without a word."""
    table = text_table("unit,period,restated\nA,2020-01,\nB,2020-01,\nA,2020-01,\n")
    with pytest.raises(DataError) as caught:
        apply_restatements(table, KEYS, Places({}))
    assert "a.csv, row 4: A, 2020-01 stands already in a.csv, row 2" in str(caught.value)
    assert "mark the later one as a correction" in str(caught.value)


def test_a_correction_before_its_row_is_refused(text_table):
    """Catches a later unmarked row that would undo a correction."""
    table = text_table("unit,period,restated\nA,2020-01,更正\nA,2020-01,\n")
    with pytest.raises(DataError, match="stands already"):
        apply_restatements(table, KEYS, Places({}))


def test_a_correction_alone_is_a_report(text_table):
    """Catches a correction being dropped because the first report was never published."""
    kept, ledger = apply_restatements(
        text_table("unit,period,restated\nA,2020-01,更正\n"), KEYS, Places({})
    )
    assert len(kept) == 1
    assert ledger.entries == ()


def test_rows_without_a_column_for_corrections(text_table):
    """Catches a source that marks no corrections being refused, or its doubles accepted."""
    kept, _ = apply_restatements(text_table("unit,period\nA,1\nA,2\n"), KEYS, Places({}))
    assert len(kept) == 2
    with pytest.raises(DataError):
        apply_restatements(text_table("unit,period\nA,1\nA,1\n"), KEYS, Places({}))
