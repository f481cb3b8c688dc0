"""The landed table: what becomes of the raw text of one file, as one expression."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial, reduce
from typing import cast

import ibis
import ibis.expr.datatypes as dt
from ibis.expr.types import BooleanValue, StringValue, Table, TimestampValue, Value

from analysis.study.ticket_sources import TicketSource
from analysis.study.tickets import Tickets
from analysis.tickets.contract import ticket_column
from analysis.tickets.landing.raw import BLANKS, is_repeating
from analysis.tickets.landing.times import Way, read_rest, ways_to_read
from analysis.tickets.privacy.hash import hash_callers, hide_numbers
from analysis.tickets.privacy.strip import strip_codes, strip_text, take_out

__all__ = ["AT_MIDNIGHT", "NAME_PREFIX", "TIME_PREFIX", "land", "land_value", "landed_columns"]

# Columns of people's names, and of times of day, in the raw table; a column of the contract never
# begins so.
NAME_PREFIX, TIME_PREFIX = "name ", "time of "

# Columns as they were read, beside their cells as text.
_READ = "read "
# Numbers of cases, of which one may be a telephone number or, where a row has shifted, any text.
_NUMBERS = ("id", "duplicate_of")
_PLACE = ("source", "file", "row", "problem")
# What a typed day has after it.
AT_MIDNIGHT = r"[T ]00:00(?::00(?:\.0+)?)?$"
# Degrees within which two points are one.
_SAME_POINT = 1e-5


def landed_columns(tickets: Tickets) -> tuple[str, ...]:
    """Name the columns of the landed table, in their order.

    Parameters
    ----------
    tickets
        The study's tickets: all its sources land alike.
    """
    point = ("default_point",) if _default_points(tickets, None) else ()
    return (*_PLACE, *_kept_columns(tickets), *point)


def land_value(cells: StringValue, source: TicketSource) -> StringValue:
    """Say what becomes of a cell that holds one of a few values: a place, a category, an answer."""
    return strip_codes(_plain(cells, source))


def land(
    source: TicketSource, tickets: Tickets, key: bytes
) -> tuple[Callable[[Table], Table], ...]:
    """Say how raw records become rows of the landed table.

    Parameters
    ----------
    source, tickets
        What the study says of them.
    key
        With which callers are hashed.

    Returns
    -------
    tuple of callables
        Steps, each from a table to the next: the engine works out one before the next uses its
        columns more than once. The first takes `row`, `problem`, columns of the ticket contract
        as text (those of `is_repeating` cleaned by `land_value`), times of day under `TIME_PREFIX`
        and their moment, and columns of people's names that begin with `NAME_PREFIX`. The last
        gives the columns of `landed_columns`: moments are read, marks of missing values are gone,
        callers are hashed, and texts are free of what is personal; `file` is left empty.
    """

    def plain(raw: Table) -> Table:
        whole = raw["problem"].isnull()
        names = [name for name in raw.columns if name.startswith(NAME_PREFIX)]
        cells = {name: _cell(raw, name, source, whole) for name in tickets.columns}
        people = {name: _plain(raw[name], source) for name in names}
        for name in _moments(tickets):
            if f"{TIME_PREFIX}{name}" in raw.columns:
                time = _plain(raw[f"{TIME_PREFIX}{name}"], source)
                cells[name] = _joined(cells[name], time)
        return raw.select("row", "problem", **cells, **people)

    first, *others = ways_to_read(source, tickets.zone)

    def read(table: Table) -> Table:
        return table.mutate(
            **{f"{_READ}{name}": cells for name, cells in _read(table, first, tickets, key)}
        )

    def read_further(way: Way, table: Table) -> Table:
        moments = {f"{_READ}{name}": table[name] for name in _moments(tickets)}
        return table.mutate(
            **{read: read_rest(cells, table[read], way) for read, cells in moments.items()}
        )

    def finish(table: Table) -> Table:
        kept = {
            name: table[f"{_READ}{name}"] if f"{_READ}{name}" in table.columns else table[name]
            for name in _kept_columns(tickets)
        }
        kept |= {name: _end_of_day(kept[name]) for name in source.whole_days if name in kept}
        if "text" in kept:
            kept["text"] = strip_text(kept["text"])
        points = _default_points(tickets, source)
        if _default_points(tickets, None):
            kept["default_point"] = _stands_on(points, table)
        return table.select(
            source=ibis.literal(source.name),
            # Not yet known: what is said here serves all files.
            file=ibis.null(dt.string),
            row=table["row"],
            problem=ibis.coalesce(table["problem"], _time_problem(table, tickets)),
            **kept,
        )

    return plain, read, *(partial(read_further, way) for way in others), finish


def _read(table: Table, first: Way, tickets: Tickets, key: bytes) -> Iterator[tuple[str, Value]]:
    """Read the columns that need more than their blanks taken away."""
    for name in _kept_columns(tickets):
        column = ticket_column(name)
        if column.kind == "time":
            yield name, first(table[name])
        elif column.care == "hash":
            yield name, hash_callers(table[name], key)
        elif name in _NUMBERS:
            yield name, hide_numbers(table[name], key)
        elif name == "text":
            names = [table[name] for name in table.columns if name.startswith(NAME_PREFIX)]
            # Who called is not always a number that its looks tell, and may stand in the text.
            callers = [table["caller"]] if "caller" in table.columns else []
            yield name, take_out(table[name], names, callers)


def _moments(tickets: Tickets) -> list[str]:
    return [name for name in _kept_columns(tickets) if ticket_column(name).kind == "time"]


def _kept_columns(tickets: Tickets) -> tuple[str, ...]:
    dropped = {"text"} if tickets.privacy.text == "drop" else set()
    return tuple(
        name
        for name in tickets.columns
        if name not in dropped and ticket_column(name).care != "never kept"
    )


def _cell(raw: Table, name: str, source: TicketSource, whole: BooleanValue) -> StringValue:
    if name in source.constants:
        constant = ibis.literal(source.constants[name], dt.string)
        return cast(StringValue, ibis.ifelse(whole, constant, ibis.null(dt.string)))
    if name not in raw.columns:
        return cast(StringValue, ibis.null(dt.string))
    if is_repeating(name):
        return cast(StringValue, raw[name])
    return _plain(raw[name], source)


def _plain(cells: StringValue, source: TicketSource) -> StringValue:
    missing = dict.fromkeys(["", *(mark.strip(BLANKS) for mark in source.missing)])
    return cast(StringValue, ibis.ifelse(cells.isin(list(missing)), ibis.null(dt.string), cells))


def _joined(day: StringValue, time: StringValue) -> StringValue:
    """Put a day and its time of day together; days that are typed as moments are at midnight."""
    bare = day.re_replace(AT_MIDNIGHT, "")
    return cast(StringValue, ibis.ifelse(time.isnull(), day, bare + " " + time))


def _default_points(tickets: Tickets, source: TicketSource | None) -> list[tuple[float, float]]:
    """Return the points of a source, or of all sources."""
    return [
        (repair.longitude, repair.latitude)
        for repair in tickets.repair
        if repair.longitude is not None
        and repair.latitude is not None
        and (source is None or not repair.sources or source.name in repair.sources)
    ]


def _stands_on(points: Sequence[tuple[float, float]], table: Table) -> BooleanValue:
    if not points or not {"longitude", "latitude"} <= set(table.columns):
        return ibis.literal(False)
    east = table["longitude"].try_cast(dt.float64)
    north = table["latitude"].try_cast(dt.float64)
    near = [
        ((east - longitude).abs() <= _SAME_POINT) & ((north - latitude).abs() <= _SAME_POINT)
        for longitude, latitude in points
    ]
    return cast(BooleanValue, reduce(lambda one, other: one | other, near).fill_null(False))


def _time_problem(table: Table, tickets: Tickets) -> StringValue:
    """Name the columns of moments that could not be read; only `opened` if it is among them."""
    nothing = ibis.null(dt.string)
    failed = {
        name: table[name].notnull() & table[f"{_READ}{name}"].isnull() for name in _moments(tickets)
    }
    others = [
        ibis.ifelse(unread, name, nothing) for name, unread in failed.items() if name != "opened"
    ]
    names = ibis.literal(",").join(others).nullif("") if others else nothing
    named = ibis.ifelse(failed["opened"], "opened", names)
    return cast(StringValue, ibis.literal("time:").concat(named))


def _end_of_day(moments: TimestampValue) -> TimestampValue:
    """Move days to their last second."""
    return moments.truncate("D") + ibis.interval(seconds=86_399)
