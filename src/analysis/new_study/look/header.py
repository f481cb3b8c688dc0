"""Whether the first row of a file is a header."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from analysis.errors import listing
from analysis.new_study.look.moments import read_moment
from analysis.new_study.look.sample import refuse
from analysis.preflight.personal_patterns import find_personal

__all__ = ["check_header"]

LONGEST_HEADER = 120
_NUMBER = re.compile(r"[+-]?\d{5,}(?:\.\d+)?")


def check_header(path: Path, first_row: Sequence[str | None]) -> list[str]:
    """Return the headers of a file, without blanks at the ends.

    Raises
    ------
    DataError
        If the row holds moments, long numbers or texts, or names fewer than two columns or one of
        them twice.
        What it holds is not shown unless it is a header: it may be somebody's case.
    """
    headers = [(cell or "").strip().removeprefix("\ufeff") for cell in first_row]
    named = [header for header in headers if header]
    hint = "the first row must name the columns; write one, or delete what stands above it"
    if any(_is_cell(header) for header in named):
        raise refuse(path, "it has no header: its first row is a case already", hint)
    if len(named) < 2 or 2 * len(named) < len(headers):
        raise refuse(path, f"its first row names {len(named)} of {len(headers)} columns", hint)
    twice = [header for header in dict.fromkeys(named) if named.count(header) > 1]
    if twice:
        hint = "rename or delete one of the columns"
        raise refuse(path, f"the same header comes twice: {listing(twice)}", hint)
    return headers


def _is_cell(header: str) -> bool:
    return (
        _NUMBER.fullmatch(header) is not None
        or read_moment(header) is not None
        or len(header) > LONGEST_HEADER
        or next(iter(find_personal(header)), None) is not None
    )
