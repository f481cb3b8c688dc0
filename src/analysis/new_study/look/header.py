"""Which row of a file is its header: the first, or one below titles."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from pathlib import Path

from analysis.errors import listing
from analysis.new_study.look.moments import read_moment
from analysis.new_study.look.sample import refuse
from analysis.preflight.personal_patterns import find_personal

__all__ = ["ROWS_TO_COUNT", "count_titles", "find_header"]

LONGEST_HEADER = 120
# So many rows tell how many cells a row of the list has.
ROWS_TO_COUNT = 50
_NUMBER = re.compile(r"[+-]?\d{5,}(?:\.\d+)?")


def find_header(path: Path, rows: Sequence[Sequence[str | None]]) -> tuple[list[str], int]:
    """Return the headers of a file, without blanks at the ends, and the number of their row.

    Parameters
    ----------
    path
        The file, for messages.
    rows
        Its first rows, without empty ones.

    Raises
    ------
    DataError
        If the row holds moments, long numbers or texts, or names fewer than two columns or one of
        them twice.
        What it holds is not shown unless it is a header: it may be somebody's case.
    """
    titles = count_titles(rows)
    if titles and any(_is_cell(cell) for cell in _filled(rows[titles])):
        # Below what looked like titles a case comes at once, so the header was to stand above it.
        titles = 0
    row = titles + 1
    headers = [_plain(cell) for cell in rows[titles]] if rows else []
    named = [header for header in headers if header]
    hint = "a row above the cases must name the columns; write one, or mend what is there"
    if any(_is_cell(header) for header in named):
        raise refuse(path, f"it has no header: its row {row} is a case already", hint)
    if len(named) < 2 or 2 * len(named) < len(headers):
        raise refuse(path, f"its row {row} names {len(named)} of {len(headers)} columns", hint)
    twice = [header for header in dict.fromkeys(named) if named.count(header) > 1]
    if twice:
        hint = "rename or delete one of the columns"
        raise refuse(path, f"the same header comes twice: {listing(twice)}", hint)
    return headers, row


def count_titles(rows: Sequence[Sequence[str | None]]) -> int:
    """Count the rows at the top that have less than half as many cells filled as most rows.

    Examples
    --------
    >>> count_titles([["Cases of January", "", ""], ["id", "opened", "ward"], ["1", "2", "3"]])
    1
    """
    filled = [len(_filled(row)) for row in rows[:ROWS_TO_COUNT]]
    usual = statistics.median_high(filled) if filled else 0
    return next((n for n, cells in enumerate(filled) if 2 * cells >= usual), 0)


def _filled(row: Sequence[str | None]) -> list[str]:
    return [cell for cell in map(_plain, row) if cell]


def _plain(cell: str | None) -> str:
    return (cell or "").strip().removeprefix("\ufeff")


def _is_cell(header: str) -> bool:
    return (
        _NUMBER.fullmatch(header) is not None
        or read_moment(header) is not None
        or len(header) > LONGEST_HEADER
        or next(iter(find_personal(header)), None) is not None
    )
