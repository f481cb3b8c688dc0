"""Set to missing the impossible cells that a reviewed list names, and no other cell."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.clean.ledger import Entry, Ledger, Step, entries_for
from analysis.clean.places import Places, refuse
from analysis.clean.text import read_columns
from analysis.errors import Problem, did_you_mean

__all__ = ["KnownError", "read_known_errors", "set_known_errors_missing"]

STEP = "known errors"


@dataclass(frozen=True, slots=True)
class KnownError:
    """A cell that somebody looked at and found impossible.

    Attributes
    ----------
    file, row, column
        Where it is: the row counts from the header, which is row 1; the column is the raw header.
    value
        What it holds, as text; if the file holds something else, the list is out of date.
    reason
        Why it cannot be true.
    place
        Where the list says so.
    """

    file: str
    row: int
    column: str
    value: str
    reason: str
    place: str


def read_known_errors(path: Path) -> tuple[KnownError, ...]:
    """Read a study's reviewed list of impossible cells.

    Raises
    ------
    DataError
        If the list cannot be read, or a row in it has no number or no reason.
    """
    table = read_columns(path, "utf-8", ("file", "row", "column", "value", "reason"))
    problems = []
    listed = []
    for place, given in zip(table.index, table.itertuples(index=False), strict=True):
        file, row, column, value, reason = given
        where = f"{path.name}, row {place}"
        if not row.isdecimal() or int(row) < 2:
            hint = "the row in the file, where the header is row 1"
            problems.append(Problem(f"{row!r} is not the number of a data row", where, hint))
        elif not reason:
            hint = "say why the value cannot be true"
            problems.append(Problem("the reason is empty", where, hint))
        else:
            listed.append(KnownError(file, int(row), column, value, reason, where))
    refuse("the list of known errors is not usable", problems)
    return tuple(listed)


def set_known_errors_missing(
    table: pd.DataFrame, known: tuple[KnownError, ...], places: Places
) -> tuple[pd.DataFrame, Ledger]:
    """Set the listed cells to missing.

    Parameters
    ----------
    table
        Text cells with `file` and `row`.
    known
        The reviewed list; entries for files that the table does not hold are passed over.
    places
        The way back to the raw headers.

    Raises
    ------
    DataError
        If a listed cell does not exist or no longer holds the listed value.
    """
    cleaned = table.copy()
    entries: list[Entry] = []
    problems: list[Problem] = []
    by_place = {place: at for at, place in enumerate(zip(table["file"], table["row"], strict=True))}
    files = set(table["file"])
    for error in known:
        if error.file not in files:
            continue
        columns = places.columns_under(error.file, error.column)
        at = by_place.get((error.file, error.row))
        if at is None or not columns:
            problems.append(_no_such_cell(error, places, row_exists=at is not None))
            continue
        held = str(table.iloc[at][columns[0]])
        if held != error.value:
            problems.append(
                Problem(
                    f"{places(error.file, error.row, columns[0])} holds {held!r}, "
                    f"not {error.value!r} as listed",
                    error.place,
                    "look at the cell again and correct or delete this row of the list",
                )
            )
            continue
        cleaned.loc[cleaned.index[at], columns] = None
        entries += entries_for(
            table.iloc[[at]],
            step=STEP,
            action="set missing",
            reason=error.reason,
            column=columns[0],
            before=held,
        )
    refuse("the list of known errors does not fit the raw files", problems)
    return cleaned, Ledger(tuple(entries), (Step(STEP, len(table), len(cleaned)),))


def _no_such_cell(error: KnownError, places: Places, *, row_exists: bool) -> Problem:
    if not row_exists:
        what = f"{error.file} has no data row {error.row}"
        return Problem(what, error.place, "correct the row, or delete this row of the list")
    headers = [header for (file, _), header in places.headers.items() if file == error.file]
    what = f"{error.file} has no column {error.column!r}"
    return Problem(what, error.place, did_you_mean(error.column, headers))
