"""What was seen of one sample file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeVar

from analysis.errors import DataError, Problem
from analysis.new_study.guess import Guess

__all__ = ["HEAD_ROWS", "LATER_ROWS", "Cells", "Format", "Sample", "refuse", "spread", "to_columns"]

Format = Literal["csv", "json_lines", "parquet", "excel"]
Item = TypeVar("Item")
Cells = tuple[str | None, ...]

# What is looked at, whatever the size of the file.
HEAD_ROWS = 5_000
LATER_ROWS = 1_000


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample file.

    Attributes
    ----------
    path
        Where it is.
    format
        What it is.
    columns
        Header -> cells of the rows that were looked at, without blanks at the ends; None if empty.
    rows
        How many rows that is.
    whole
        Whether these are all rows.
    encoding, delimiter, quote
        For text; else None.
    sheet
        For workbooks: the sheet, if it is not the first.
    header_row
        The row that holds the headers, if titles stand above it; empty rows are not counted.
    nested
        Headers whose cells hold lists or tables, which nothing can use.
    uneven
        Rows that have another number of cells than the header, or are no JSON.
    total
        About how many rows the file has; None if only unpacking it to the end would tell.
    """

    path: Path
    format: Format
    columns: dict[str, Cells] = field(repr=False)
    rows: int
    whole: bool
    encoding: Guess[str] | None = None
    delimiter: str | None = None
    quote: str | None = None
    sheet: str | None = None
    header_row: int = 1
    nested: tuple[str, ...] = ()
    uneven: int = 0
    total: int | None = None


def to_columns(headers: Sequence[str], rows: Iterable[Sequence[str | None]]) -> dict[str, Cells]:
    """Turn rows into columns; a column without a header is left out."""
    cells = list(zip(*rows, strict=True))
    return {
        header: tuple((cell or "").strip() or None for cell in column)
        for header, column in zip(headers, cells, strict=True)
        if header
    }


def spread(items: Sequence[Item], number: int) -> list[Item]:
    """Take so many items, evenly spread, the last one among them.

    Examples
    --------
    >>> spread([1, 2, 3, 4, 5, 6], 3)
    [2, 4, 6]
    """
    if len(items) <= number:
        return list(items)
    return [items[len(items) * n // number - 1] for n in range(1, number + 1)]


def refuse(path: Path, what: str, hint: str) -> DataError:
    """Return the error that a file is no sample of tickets."""
    return DataError("a sample cannot be read", [Problem(what, path.name, hint)])
