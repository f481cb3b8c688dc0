"""Find the columns of the ticket contract among the headers of one file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from analysis.clean.header_forms import plain_header
from analysis.errors import DataError, Problem, listing
from analysis.study.ticket_sources import TicketSource

__all__ = ["Columns", "find_columns"]

# Formats in which titles may stand above the headers.
_WITH_TITLES = ("csv", "excel")


@dataclass(frozen=True, slots=True)
class Columns:
    """What a file's headers mean.

    Attributes
    ----------
    positions
        Column of the ticket contract -> its place among the headers, from 0.
    headers
        Column of the ticket contract -> its header as it stands in the file.
    names
        Places of columns that hold names of people.
    ignored
        The other headers.
    """

    positions: dict[str, int]
    headers: dict[str, str]
    names: tuple[int, ...]
    ignored: tuple[str, ...]


def find_columns(
    headers: Sequence[str], file: str, source: TicketSource, names: Sequence[str] = ()
) -> Columns:
    """Map the headers of a file, each under whichever of its names it has there.

    Parameters
    ----------
    headers
        As they stand in the file. Full-width and half-width characters count as the same, and
        blanks do not count.
    file
        What messages call the file.
    source
        The headers that each column has had.
    names
        Headers of columns that hold names of people; a file need not have them.

    Raises
    ------
    DataError
        If a column is missing under all its headers, stands under two, or its header stands twice.
        What else stands in that row is not told: in a file without a header it is a ticket.
    """
    places: dict[str, list[int]] = {}
    for place, header in enumerate(headers):
        places.setdefault(plain_header(header), []).append(place)
    positions: dict[str, int] = {}
    problems: list[Problem] = []
    for column, accepted in source.headers.items():
        found = {
            header: places[plain]
            for plain, header in {plain_header(header): header for header in accepted}.items()
            if plain in places
        }
        problem = _problem(column, accepted, found, headers, file, source)
        if problem is not None:
            problems.append(problem)
        elif found:
            positions[column] = next(iter(found.values()))[0]
    if problems:
        title = f"{file} does not have the columns of source {source.name!r}"
        raise DataError(title, problems)
    personal = [place for name in names for place in places.get(plain_header(name), ())]
    used = {*positions.values(), *personal}
    return Columns(
        positions,
        {column: headers[place] for column, place in positions.items()},
        tuple(sorted(set(personal))),
        tuple(header for place, header in enumerate(headers) if place not in used),
    )


def _problem(
    column: str,
    accepted: Sequence[str],
    found: dict[str, list[int]],
    headers: Sequence[str],
    file: str,
    source: TicketSource,
) -> Problem | None:
    where = f"{file}, row {source.header_row}"
    if len(found) > 1:
        return Problem(
            f"column {column!r} stands under {listing(found)}",
            where,
            "keep one of them under 'headers' in the study file",
        )
    for header, places in found.items():
        if len(places) > 1:
            what = f"the header {header!r} of column {column!r} stands {len(places)} times"
            return Problem(what, where, "rename those that are something else")
    if found or column in source.optional:
        return None
    return Problem(
        f"column {column!r} is missing; its headers may be {listing(accepted)}",
        where,
        _hint(column, accepted, headers, source),
    )


def _hint(
    column: str, accepted: Sequence[str], headers: Sequence[str], source: TicketSource
) -> str:
    if sum(1 for header in headers if header.strip()) == 1 and source.format in _WITH_TITLES:
        titled = "if titles stand above the headers, say 'header_row' in the study file"
        if source.format == "excel":
            return f"the row has a single cell: {titled}"
        return f"the row has a single cell: is {source.delimiter!r} its delimiter? {titled}"
    near = [name for header in accepted for name in get_close_matches(header, headers, n=1)]
    if near:
        return f"if {near[0]!r} is it, add that to its headers in the study file"
    return f"add its header in this file to 'headers', or {column!r} to 'optional'"
