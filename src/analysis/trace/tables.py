"""Copies of tables: which recorded table a CSV holds, and in how many cells it differs."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from analysis.ledger.read import Entry
from analysis.trace.cells import TableContent, read_table

__all__ = ["compare_table", "table_of_csv"]

# The column that tables have in their CSV if their data are not open, and what it says.
MARK, MARKS = "data", ({"simulated"}, {"restricted"})


def table_of_csv(
    root: Path, entries: Sequence[Entry], name: str, content: bytes, sha256: str
) -> tuple[list[Entry], bool, str] | None:
    """Find the recorded tables that a CSV is a copy of.

    Parameters
    ----------
    root
        The top folder of the compendium.
    entries
        All tables.
    name, content, sha256
        The file's name without a suffix, its bytes and their hash.

    Returns
    -------
    tuple of (list of Entry, bool, str) or None
        The tables, more than one if several are equal; whether they say the same; and how this was
        found. None if no table has the same heads.
    """
    if identical := [entry for entry in entries if sha256 in entry.files.values()]:
        return identical, True, "the committed file, byte for byte"
    found = _read(content)
    if found is None:
        return None
    tables = [(entry, read_table(root, entry.id)) for entry in entries]
    alike = [(e, table) for e, table in tables if table and table.columns == found.columns]
    if equal := [entry for entry, table in alike if table == found]:
        return equal, True, "the cells of the committed table, saved anew"
    if not alike:
        return None
    nearest, table = min(
        alike, key=lambda pair: (pair[0].id != name, _count_differing(pair[1], found))
    )
    return [nearest], False, compare_table(table, found)


def compare_table(committed: TableContent, found: TableContent) -> str:
    """Say in which cells a copy differs from the committed table."""
    differing = [
        (cell, other)
        for cell, other in zip(committed.cells(), found.cells(), strict=False)
        if cell.text != other.text
    ]
    words = []
    if len(committed.rows) != len(found.rows):
        words.append(f"it has {len(found.rows)} rows, the committed table {len(committed.rows)}")
    if differing:
        cell, other = differing[0]
        words.append(
            f"{len(differing)} of {len(committed.cells())} cells differ from the committed "
            f"table's; the first is row {cell.row}, {cell.head}: {other.text!r}, committed "
            f"{cell.text!r}"
        )
    return "; ".join(words) or "its caption, note or heads differ from the committed table's"


def _read(content: bytes) -> TableContent | None:
    try:
        rows = [row for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) if row]
    except (UnicodeDecodeError, csv.Error):
        return None
    if not rows or len({len(row) for row in rows}) > 1:
        return None
    if rows[0][-1] == MARK and {row[-1] for row in rows[1:]} in MARKS:
        rows = [row[:-1] for row in rows]
    return TableContent(tuple(rows[0]), tuple(tuple(row) for row in rows[1:]))


def _count_differing(committed: TableContent, found: TableContent) -> int:
    pairs = zip(committed.cells(), found.cells(), strict=False)
    missing = abs(len(committed.rows) - len(found.rows)) * len(committed.columns)
    return missing + sum(one.text != other.text for one, other in pairs)
