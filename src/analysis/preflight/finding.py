"""What a check reports: a fault at a place, or an exception that it allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Allowed", "Finding", "Place", "Severity"]

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is in the compendium.

    Attributes
    ----------
    file
        Path below the top folder, with slashes; empty if it is the compendium as a whole.
    line
        Line of a text file, from 1.
    row, column
        Row of a table, the header being row 1, and the name of its column.
    cell
        Cell of a notebook, from 1.
    """

    file: str = ""
    line: int | None = None
    row: int | None = None
    column: str = ""
    cell: int | None = None

    def __str__(self) -> str:
        """Write it as a reader would say it.

        Examples
        --------
        >>> print(Place("data/raw/city/calls.csv", row=3, column="note"))
        data/raw/city/calls.csv, row 3, column 'note'
        """
        parts = [self.file or "the compendium"]
        for word, number in (("cell", self.cell), ("line", self.line), ("row", self.row)):
            if number is not None:
                parts.append(f"{word} {number}")
        if self.column:
            parts.append(f"column {self.column!r}")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a data editor would send back.

    Attributes
    ----------
    place
        Where it is.
    what
        What is wrong, as a sentence without a full stop.
    severity
        ``error`` for what is required of a deposit, ``warning`` for what needs a person to look.
    mend
        What to do; empty if the check's own advice says it.
    """

    place: Place
    what: str
    severity: Severity = "error"
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Allowed:
    """An exception that a check makes, told so that nobody has to find it out.

    Attributes
    ----------
    place
        Where it is.
    why
        What is allowed and for which reason.
    """

    place: Place
    why: str
