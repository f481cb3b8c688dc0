"""Look at a workbook."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from analysis.new_study.look.header import check_header
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
        sheets = [(name, book.get_sheet_by_name(name).to_python()) for name in book.sheet_names]
    except (CalamineError, OSError, ValueError):
        hint = "open it in a spreadsheet and save it again, without a password"
        raise refuse(path, "it is no workbook, or cannot be opened", hint) from None
    filled = [(name, rows) for name, rows in sheets if rows]
    if not filled:
        raise refuse(path, "no sheet has a row", "give a sample with a header and rows")
    name, (first, *rest) = filled[0]
    headers = check_header(path, [_text(value) for value in first])
    rows = [row for row in rest if any(value != "" for value in row)]
    if not rows:
        raise refuse(path, "it has a header but no row", "give a sample with some hundred rows")
    seen = rows[:HEAD_ROWS] + spread(rows[HEAD_ROWS:], LATER_ROWS)
    columns = to_columns(headers, [[_text(value) for value in row] for row in seen])
    sheet = None if name == book.sheet_names[0] else name
    whole = len(seen) == len(rows)
    return Sample(path, "excel", columns, len(seen), whole, sheet=sheet, total=len(rows))


def _text(value: Value) -> str:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
