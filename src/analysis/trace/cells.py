"""Cells of recorded tables: found by an address, such as ``beijing-effects-street:3:Estimate``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.errors import ParameterError, Problem, did_you_mean
from analysis.reading import broken, read_object

__all__ = ["TableCell", "TableContent", "find_cell", "read_table"]


@dataclass(frozen=True, slots=True)
class TableCell:
    """One cell of a table.

    Attributes
    ----------
    row, column
        Its place; rows and columns count from 1, heads not counted.
    head
        The head of its column.
    label
        The first cell of its row.
    text
        What it says.
    """

    row: int
    column: int
    head: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class TableContent:
    """Heads and rows of a table, all text."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def cell(self, row: int, column: int) -> TableCell:
        """Return a cell by its place, from 1."""
        cells = self.rows[row - 1]
        return TableCell(row, column, self.columns[column - 1], cells[0], cells[column - 1])

    def cells(self) -> list[TableCell]:
        """Return all cells, row by row."""
        places = range(1, len(self.columns) + 1)
        return [self.cell(row, column) for row in range(1, len(self.rows) + 1) for column in places]


def read_table(root: Path, identity: str) -> TableContent | None:
    """Read a committed table; None if its file is not there.

    Raises
    ------
    RunError
        If the file is no table as notebooks record them.
    """
    name = f"paper/tables/{identity}.json"
    if not (root / name).is_file():
        return None
    content = read_object(root, name)
    columns: Any = content.get("columns")
    rows: Any = content.get("rows")
    if not (_are_texts(columns) and isinstance(rows, list) and all(map(_are_texts, rows))):
        raise broken(name, "it has not 'columns' and 'rows' of texts")
    if any(len(row) != len(columns) for row in rows):
        raise broken(name, "not all of its rows are as long as the row of heads")
    return TableContent(tuple(columns), tuple(map(tuple, rows)))


def _are_texts(cells: Any) -> bool:
    return isinstance(cells, list) and all(isinstance(cell, str) for cell in cells)


def find_cell(table: TableContent, identity: str, row: str, column: str) -> TableCell:
    """Find a cell of a table.

    Parameters
    ----------
    table, identity
        The table, and its id for messages.
    row
        Its number from 1, or the text of the row's first cell if only one row begins with it.
    column
        Its head, or its number from 1.

    Raises
    ------
    ParameterError
        If there is no such cell.

    Examples
    --------
    >>> heads = ("Outcome", "Estimate")
    >>> table = TableContent(heads, (("Complaints", "−0.13"), ("Repeats", "0.02")))
    >>> find_cell(table, "toy-effects", "2", "Estimate").text
    '0.02'
    >>> find_cell(table, "toy-effects", "Complaints", "2").text
    '−0.13'
    """
    labels = [cells[0] for cells in table.rows]
    rows = _places(row, labels)
    columns = _places(column, table.columns)
    problems = []
    if len(rows) != 1:
        many = f"{len(rows)} rows begin with {row!r}" if rows else f"it has no row {row!r}"
        hint = f"rows are numbered from 1 to {len(labels)}"
        problems.append(Problem(many, identity, hint))
    if len(columns) != 1:
        many = f"{len(columns)} columns are headed" if columns else "it has no column"
        hint = did_you_mean(column, table.columns)
        problems.append(Problem(f"{many} {column!r}", identity, hint))
    if problems:
        raise ParameterError("there is no such cell", problems)
    return table.cell(rows[0], columns[0])


def _places(wanted: str, names: Sequence[str]) -> list[int]:
    """Find the places, from 1, of what is called so; else read the name as a number."""
    named = [place for place, name in enumerate(names, start=1) if name == wanted]
    if named:
        return named
    number = int(wanted) if wanted.isascii() and wanted.isdigit() else 0
    return [number] if 1 <= number <= len(names) else []
