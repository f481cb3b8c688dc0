"""Look at a file of JSON lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from analysis.errors import listing
from analysis.new_study.look.encoding import decode, find_encoding
from analysis.new_study.look.pieces import read_pieces
from analysis.new_study.look.sample import HEAD_ROWS, LATER_ROWS, Cells, Sample, refuse, spread

__all__ = ["look_at_json_lines"]


def look_at_json_lines(path: Path) -> Sample:
    """Look at the first 5,000 lines and at 1,000 of the rest.

    Raises
    ------
    DataError
        If it is not text, or most lines hold no object.
    """
    pieces = read_pieces(path)
    encoding = find_encoding(path, pieces)
    head = _lines(decode(pieces.head, encoding.value, pieces.head))
    if head[0].lstrip("\ufeff ").startswith("["):
        hint = "write one object a line, without brackets and commas around them"
        raise refuse(path, "it is one list of JSON, not JSON lines", hint)
    rest = head[HEAD_ROWS:]
    for piece in pieces.later:
        rest += _lines(decode(piece, encoding.value, pieces.head))
    lines = head[:HEAD_ROWS] + spread(rest, LATER_ROWS)
    rows = [row for line in lines if (row := _object(line)) is not None]
    if 2 * len(rows) < len(lines):
        what = f"{len(lines) - len(rows)} of {len(lines)} lines hold no object of JSON"
        raise refuse(path, what, 'a line reads like {"id": "1", "opened": "2024-01-31T08:00:00"}')
    headers = [name for name in dict.fromkeys(name for row in rows for name in row) if name]
    if broken := [name for name in headers if not _is_text(name)]:
        raise refuse(path, f"{listing(broken)} holds half a character", "rename the field")
    nested = [h for h in headers if any(isinstance(row.get(h), (dict, list)) for row in rows)]
    columns = {h: _cells(rows, h) for h in headers if h not in nested}
    whole = pieces.whole and not rest
    uneven = len(lines) - len(rows)
    return Sample(
        path,
        "json_lines",
        columns,
        len(rows),
        whole,
        encoding,
        nested=tuple(nested),
        uneven=uneven,
        total=pieces.in_all(len(head[:HEAD_ROWS]) + len(rest)),
    )


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def _object(line: str) -> dict[str, Any] | None:
    try:
        # Numbers stay as they are written: an id must not lose its digits.
        row = json.loads(line.lstrip("\ufeff"), parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None


def _cells(rows: list[dict[str, Any]], header: str) -> Cells:
    values = (row.get(header) for row in rows)
    return tuple(
        None
        if value is None
        else (str(value).lower() if value in (True, False) else value).strip() or None
        for value in values
    )


def _is_text(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
