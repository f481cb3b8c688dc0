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
    times_of_day
        Moment of the ticket contract -> the place of its time of day, if that has its own column.
    headers
        Column of the ticket contract (or ``<column>, time of day``) -> its header as it stands in
        the file.
    names
        Places of columns that hold names of people.
    ignored
        The other headers.
    """

    positions: dict[str, int]
    times_of_day: dict[str, int]
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
    problems: list[Problem] = []

    def find(sought: Sequence[_Sought]) -> dict[str, int]:
        positions: dict[str, int] = {}
        for one in sought:
            plain = {plain_header(header): header for header in one.headers}
            found = {header: places[form] for form, header in plain.items() if form in places}
            problem = _problem(one, found, headers, file, source)
            if problem is not None:
                problems.append(problem)
            elif found:
                positions[one.column] = next(iter(found.values()))[0]
        return positions

    positions = find([_column(name, source) for name in source.headers])
    # Where a moment is, its time of day must be: else all of the file's cases were at midnight.
    times_of_day = find([_time(name, source) for name in source.times_of_day if name in positions])
    if problems:
        title = f"{file} does not have the columns of source {source.name!r}"
        raise DataError(title, problems)
    personal = [place for name in names for place in places.get(plain_header(name), ())]
    used = {*positions.values(), *times_of_day.values(), *personal}
    called = positions | {f"{name}, time of day": at for name, at in times_of_day.items()}
    return Columns(
        positions,
        times_of_day,
        {name: headers[place] for name, place in called.items()},
        tuple(sorted(set(personal))),
        tuple(header for place, header in enumerate(headers) if place not in used),
    )


@dataclass(frozen=True, slots=True)
class _Sought:
    """What a file must have, what messages call it, and what to do where it is not there."""

    column: str
    called: str
    headers: tuple[str, ...]
    is_optional: bool
    hint: str


def _column(name: str, source: TicketSource) -> _Sought:
    hint = f"add its header in this file to 'headers', or {name!r} to 'optional'"
    is_optional = name in source.optional
    return _Sought(name, f"column {name!r}", source.headers[name], is_optional, hint)


def _time(name: str, source: TicketSource) -> _Sought:
    hint = "add its header in this file to 'times_of_day', or make a source of files without it"
    headers = source.times_of_day[name]
    return _Sought(name, f"the time of day of {name!r}", headers, is_optional=False, hint=hint)


def _problem(
    sought: _Sought,
    found: dict[str, list[int]],
    headers: Sequence[str],
    file: str,
    source: TicketSource,
) -> Problem | None:
    where = f"{file}, row {source.header_row}"
    if len(found) > 1:
        hint = "keep one of them in the study file"
        return Problem(f"{sought.called} stands under {listing(found)}", where, hint)
    for header, places in found.items():
        if len(places) > 1:
            what = f"the header {header!r} of {sought.called} stands {len(places)} times"
            return Problem(what, where, "rename those that are something else")
    if found or sought.is_optional:
        return None
    what = f"{sought.called} is missing; its headers may be {listing(sought.headers)}"
    return Problem(what, where, _hint(sought, headers, source))


def _hint(sought: _Sought, headers: Sequence[str], source: TicketSource) -> str:
    if sum(1 for header in headers if header.strip()) == 1 and source.format in _WITH_TITLES:
        titled = "if titles stand above the headers, say 'header_row' in the study file"
        if source.format == "excel":
            return f"the row has a single cell: {titled}"
        return f"the row has a single cell: is {source.delimiter!r} its delimiter? {titled}"
    told = [*source.headers.values(), *source.times_of_day.values()]
    known = {plain_header(header) for accepted in told for header in accepted}
    free = [header for header in headers if plain_header(header) not in known]
    near = [name for header in sought.headers for name in get_close_matches(header, free, n=1)]
    if near:
        return f"if {near[0]!r} is it, add that to its headers in the study file"
    return sought.hint
