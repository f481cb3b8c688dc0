"""Known errors: exactly the listed cells become missing, and a stale list is refused."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analysis.clean.known_errors import read_known_errors, set_known_errors_missing
from analysis.clean.places import Places
from analysis.errors import DataError

PLACES = Places({("a.csv", "surveyed"): "回访量", ("a.csv", "unit"): "街道"})


def listed(tmp_path: Path, line: str):
    path = tmp_path / "known_errors.csv"
    path.write_text(f"file,row,column,value,reason\n{line}\n", encoding="utf-8")
    return read_known_errors(path)


def table() -> pd.DataFrame:
    cells = {"unit": ["A", "B"], "surveyed": ["-5", "-5"], "file": "a.csv", "row": [2, 3]}
    return pd.DataFrame(cells)


def test_only_the_listed_cell_becomes_missing(tmp_path: Path):
    """Catches a repair that reaches cells which nobody reviewed."""
    known = listed(tmp_path, "a.csv,3,回访量,-5,a count below zero")
    cleaned, ledger = set_known_errors_missing(table(), known, PLACES)
    assert cleaned["surveyed"].isna().tolist() == [False, True]
    (entry,) = ledger.entries
    assert (entry.file, entry.row, entry.unit, entry.column) == ("a.csv", 3, "B", "surveyed")
    assert (entry.before, entry.action) == ("-5", "set missing")
    assert entry.reason == "a count below zero"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("a.csv,3,回访量,-6,why", "holds '-5', not '-6' as listed"),
        ("a.csv,9,回访量,-5,why", "a.csv has no data row 9"),
        ("a.csv,3,回访,-5,why", "did you mean '回访量'?"),
    ],
)
def test_a_list_that_does_not_fit_the_file_is_refused(tmp_path: Path, line: str, message: str):
    """Catches a list that goes on clearing cells after the file was corrected."""
    with pytest.raises(DataError) as caught:
        set_known_errors_missing(table(), listed(tmp_path, line), PLACES)
    assert message in str(caught.value)
    assert "known_errors.csv, row 2" in str(caught.value)


@pytest.mark.parametrize(
    "line", ["a.csv,x,回访量,-5,why", "a.csv,1,回访量,-5,why", "a.csv,3,回访量,-5,"]
)
def test_an_entry_needs_a_row_and_a_reason(tmp_path: Path, line: str):
    """Catches a judgement without grounds, and one about the header."""
    with pytest.raises(DataError, match=r"known_errors\.csv, row 2"):
        listed(tmp_path, line)
