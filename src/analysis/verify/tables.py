"""Compare the cells of tables, and name the row and column of each that differs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Difference", "Grid", "compare_grids", "read_grid"]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as text.

    Attributes
    ----------
    columns
        The heads.
    rows
        The cells, row by row.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference between two tables.

    Attributes
    ----------
    where
        Row and column, for people.
    committed, made
        Both texts.
    allowed
        Whether the tolerance allows it.
    """

    where: str
    committed: str
    made: str
    allowed: bool = False


def read_grid(path: Path) -> Grid:
    """Read a table as `analysis.exhibits.Exhibits.table` writes it, ``.json`` or ``.csv``.

    Raises
    ------
    ValueError
        If the file is no such table.
    """
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".csv":
        lines = list(csv.reader(io.StringIO(text)))
        columns, rows = (lines[0], lines[1:]) if lines else ([], [])
    else:
        content = json.loads(text)
        try:
            columns, rows = content["columns"], content["rows"]
        except (KeyError, TypeError) as failure:
            raise ValueError(f"{path.name} has no {failure}") from failure
    if not (isinstance(rows, list) and all(map(_are_texts, [columns, *rows]))):
        raise ValueError(f"{path.name} has cells that are no text")
    return Grid(tuple(columns), tuple(tuple(row) for row in rows))


def _are_texts(cells: object) -> bool:
    return isinstance(cells, list) and all(isinstance(cell, str) for cell in cells)


def compare_grids(
    committed: Grid, made: Grid, allows: Callable[[str, str], bool]
) -> Iterator[Difference]:
    """Name what differs between two tables.

    Parameters
    ----------
    committed, made
        The tables.
    allows
        Says of two cells whether one may stand for the other.

    Yields
    ------
    Difference
        For each cell that differs; or one, if the heads or the number of rows do.

    Examples
    --------
    >>> one, other = Grid(("n",), (("1",),)), Grid(("n",), (("2",),))
    >>> [difference.where for difference in compare_grids(one, other, lambda a, b: False)]
    ["row 1 ('1'), column 'n'"]
    """
    if committed.columns != made.columns:
        yield Difference("heads", " | ".join(committed.columns), " | ".join(made.columns))
        return
    if len(committed.rows) != len(made.rows):
        yield Difference("rows", str(len(committed.rows)), str(len(made.rows)))
        return
    for number, (before, after) in enumerate(zip(committed.rows, made.rows, strict=True), start=1):
        if len(before) != len(after):
            yield Difference(f"row {number}", " | ".join(before), " | ".join(after))
            continue
        for head, old, new in zip(committed.columns, before, after, strict=False):
            if old != new:
                where = f"row {number} ({before[0]!r}), column {head!r}"
                yield Difference(where, old, new, allows(old, new))
