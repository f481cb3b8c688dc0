"""Look at a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from analysis.new_study.look.header import ROWS_TO_COUNT, find_header
from analysis.new_study.look.sample import HEAD_ROWS, LATER_ROWS, Sample, refuse, spread, to_columns

__all__ = ["look_at_workbook"]

Value = int | float | str | bool | time | date | datetime | timedelta


def look_at_workbook(path: Path) -> Sample:
    """Look at the first 5,000 rows of the first sheet that has any, and at 1,000 of the rest.

    Raises
    ------
    DataError
        If it is no workbook, or has no header or no row.
    """
    try:
        book = CalamineWorkbook.from_path(str(path))
        sheets = [(name, _rows(book.get_sheet_by_name(name))) for name in book.sheet_names]
    except (CalamineError, OSError, ValueError):
        hint = "open it in a spreadsheet and save it again, without a password"
        raise refuse(path, "it is no workbook, or cannot be opened", hint) from None
    filled = [(name, rows) for name, rows in sheets if rows]
    if not filled:
        raise refuse(path, "no sheet has a row", "give a sample with a header and rows")
    name, everything = filled[0]
    headers, header_row = find_header(path, [_texts(row) for row in everything[:ROWS_TO_COUNT]])
    rows = everything[header_row:]
    if not rows:
        raise refuse(path, "it has a header but no row", "give a sample with some hundred rows")
    seen = rows[:HEAD_ROWS] + spread(rows[HEAD_ROWS:], LATER_ROWS)
    sheet = None if name == book.sheet_names[0] else name
    return Sample(
        path,
        "excel",
        to_columns(headers, map(_texts, seen)),
        len(seen),
        len(seen) == len(rows),
        sheet=sheet,
        header_row=header_row,
        total=len(rows),
    )


def _rows(sheet: CalamineSheet) -> list[list[Value]]:
    """Return the rows of a sheet without those that are empty."""
    return [row for row in sheet.iter_rows() if any(_text(value).strip() for value in row)]


def _texts(row: Sequence[Value]) -> list[str]:
    return [_text(value) for value in row]


def _text(value: Value) -> str:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
