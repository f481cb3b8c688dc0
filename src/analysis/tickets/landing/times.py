"""Read moments, however they are written, as the time on the city's wall clock."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from itertools import groupby, takewhile
from typing import cast

import duckdb
import ibis
import ibis.expr.datatypes as dt
from ibis.expr.types import StringValue, TimestampValue

from analysis.errors import Problem, StudyError
from analysis.study.ticket_sources import TicketSource
from analysis.tickets.database import connect

__all__ = ["Way", "check_formats", "read_rest", "ways_to_read"]

_KEYWORDS = ("iso", "excel", "epoch", "epoch_ms")
# Formats whose cells are typed moments come as ISO 8601, whatever a study says of its texts.
_TYPED = ("excel", "parquet")

# The order that engines read without a format, too.
_USUAL_FORMAT = re.compile("%Y([-/])%m\\1%d(?: %H:%M(?::%S)?)?")

_SECONDS_A_DAY = 86_400
# Day 0 of spreadsheets, in seconds since 1970; before day 61 they count a day that never was.
_EXCEL_ORIGIN = -2_209_161_600
_EXCEL_DAYS = (61, 2_958_466)
_LAST_SECOND = 253_402_300_799
_MICROSECONDS = 1_000_000


Way = Callable[[StringValue], TimestampValue]


def ways_to_read(source: TicketSource, zone: str) -> tuple[Way, ...]:
    """Say in which ways a column of moments is read, one after another.

    Parameters
    ----------
    source
        How moments are written (`times`) and what they mean (`clock`). What names an instant by
        itself, an ISO 8601 text with an offset, a `strptime` format with ``%z`` or a count since
        1970, is brought to the zone whatever the clock.
    zone
        The city's time zone.

    Returns
    -------
    tuple of callables
        Each makes moments of texts without blanks at their ends: to the microsecond, without a
        zone; missing where it does not fit. On the hour that a clock that is put back shows twice,
        a moment may be either.
    """
    times = source.times
    if source.format in _TYPED and "iso" not in times:
        times = (*times, "iso")
    return tuple(
        _way(kind, list(written), source, zone) for kind, written in groupby(times, key=_kind)
    )


def read_rest(cells: StringValue, found: TimestampValue, way: Way) -> TimestampValue:
    """Read in another way the cells of which those before made nothing.

    Parameters
    ----------
    cells
        The column of texts.
    found
        What has been made of it: a column of a table, so that it is not worked out anew.
    way
        One of `ways_to_read`.
    """
    # The engine tries a way on all cells: those that have been read are taken away before, and
    # the rest are few.
    rest = ibis.ifelse(found.isnull(), cells, ibis.null(dt.string))
    return cast(TimestampValue, ibis.coalesce(found, way(rest)))


def check_formats(source: TicketSource) -> None:
    """Refuse formats that nothing can be read with.

    Raises
    ------
    StudyError
        If one is no keyword and has no code of `strptime`, or an unknown one.
    """
    hint = "use codes such as %Y-%m-%d %H:%M:%S, or iso, excel, epoch, epoch_ms"
    problems = [
        Problem(f"{written!r} is no way to write moments", "tickets.source.times", hint)
        for written in source.times
        if written not in _KEYWORDS and not _is_format(written)
    ]
    if problems:
        raise StudyError(f"source {source.name!r} cannot be read", problems)


@cache
def _is_format(written: str) -> bool:
    """Ask the engine, once for all files, whether it knows the codes of a format."""
    with connect() as engine:
        try:
            engine.execute("SELECT try_strptime('x', ?)", [written]).fetchall()
        except duckdb.Error:
            return False
    return "%" in written


def _way(kind: str, formats: list[str], source: TicketSource, zone: str) -> Way:
    if kind == "iso":
        return lambda cells: _read_iso(cells, source, zone)
    if kind == "excel":
        return lambda cells: _on_wall_clock(_read_serial(cells), source, zone)
    if kind in ("epoch", "epoch_ms"):
        return lambda cells: _read_count(cells, 1 if kind == "epoch" else 1000, zone)
    if kind == "instants":
        return lambda cells: _in_zone(zone, _read_instant(cells, formats))
    return lambda cells: _on_wall_clock(_read_plain(cells, formats), source, zone)


def _kind(written: str) -> str:
    if written in _KEYWORDS:
        return written
    return "instants" if "%z" in written or "%Z" in written else "formats"


def _on_wall_clock(moments: TimestampValue, source: TicketSource, zone: str) -> TimestampValue:
    if source.clock == "utc":
        return _in_zone(zone, _at_zone("UTC", moments))
    if source.clock == "offset_twice":
        # What was taken for UTC and brought to the zone goes back from the zone to UTC.
        return _in_zone("UTC", _at_zone(zone, moments))
    return moments


def _read_iso(cells: StringValue, source: TicketSource, zone: str) -> TimestampValue:
    """Read ISO 8601; with `Z`, `UTC` or an offset behind the day, it names an instant."""
    behind = cells.substr(10)
    instant = behind.contains("Z") | behind.contains("+") | behind.contains("-")
    instant = instant | behind.contains("U") | behind.contains("z")
    moments = ibis.ifelse(
        instant,
        _in_zone(zone, cells.try_cast(dt.Timestamp(timezone="UTC"))),
        _on_wall_clock(cells.try_cast(dt.timestamp), source, zone),
    )
    # Engines also read words such as "infinity" and "epoch".
    return ibis.ifelse(cells.substr(0, 1).between("0", "9"), moments, ibis.null(dt.timestamp))


def _read_plain(cells: StringValue, formats: list[str]) -> TimestampValue:
    """Read cells by formats; those in the usual order by a cast, which takes half the time."""
    usual = list(takewhile(_USUAL_FORMAT.fullmatch, formats))
    if not usual:
        return _read_formats(cells, formats)
    looks_usual = cells.re_search("^(?:" + "|".join(map(_shape, usual)) + ")$")
    return ibis.ifelse(looks_usual, cells.try_cast(dt.timestamp), _read_formats(cells, formats))


def _shape(written: str) -> str:
    """Write a format as a pattern of what it and a cast read alike."""
    for code, digits in (("%Y", "[1-9][0-9]{3}"), ("%H", "(?:[01][0-9]|2[0-3])")):
        written = written.replace(code, digits)
    return re.sub("%.", "[0-9]{2}", written)


def _read_serial(cells: StringValue) -> TimestampValue:
    """Read days since 1900, to the second, which is as exact as a spreadsheet shows them."""
    days = cells.try_cast(dt.float64)
    first, end = _EXCEL_DAYS
    known = ibis.ifelse((days >= first) & (days < end), days, ibis.null(dt.float64))
    seconds = (known * _SECONDS_A_DAY).round().cast(dt.int64) + _EXCEL_ORIGIN
    return _make_timestamp(seconds * _MICROSECONDS)


def _read_count(cells: StringValue, parts: int, zone: str) -> TimestampValue:
    count = cells.try_cast(dt.float64) / parts
    known = ibis.ifelse(count.between(0, _LAST_SECOND), count, ibis.null(dt.float64))
    microseconds = (known * _MICROSECONDS).round().cast(dt.int64)
    return _in_zone(zone, _at_zone("UTC", _make_timestamp(microseconds)))


# The engine's own functions, for which Ibis has no expression.
_INSTANT = dt.Timestamp(timezone="UTC")
_TEXTS = (dt.string, dt.Array(dt.string))
_builtin = ibis.udf.scalar.builtin
_read_formats = _builtin(
    lambda text, formats: None, name="try_strptime", signature=(_TEXTS, dt.timestamp)
)
_read_instant = _builtin(
    lambda text, formats: None, name="try_strptime", signature=(_TEXTS, _INSTANT)
)
_at_zone = _builtin(
    lambda zone, moment: None, name="timezone", signature=((dt.string, dt.timestamp), _INSTANT)
)
_in_zone = _builtin(
    lambda zone, instant: None, name="timezone", signature=((dt.string, _INSTANT), dt.timestamp)
)
_make_timestamp = _builtin(
    lambda microseconds: None, name="make_timestamp", signature=((dt.int64,), dt.timestamp)
)
