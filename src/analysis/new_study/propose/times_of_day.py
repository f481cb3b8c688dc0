"""Times of day that stand in a column of their own, and the days to which they belong."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set

from analysis.new_study.guess import Guess
from analysis.new_study.look.contents import Contents
from analysis.new_study.look.sample import Cells, Sample
from analysis.new_study.propose.headers import plain
from analysis.new_study.propose.known_values import MISSING
from analysis.new_study.propose.mapping import Match
from analysis.new_study.propose.times import are_days
from analysis.tickets.contract import ticket_columns
from analysis.tickets.landing.table import AT_MIDNIGHT

__all__ = ["joined_cells", "propose_times_of_day"]

TimesOfDay = Mapping[str, tuple[str, ...]]

# What tells the header of a day from that of its time of day.
_DAY_OR_TIME = re.compile("日期|时间|时刻|钟点|日|date|day|timeofday|time")


def propose_times_of_day(
    matches: Sequence[Match], samples: Sequence[Sample], contents: Mapping[str, Contents]
) -> Guess[TimesOfDay]:
    """Propose which columns hold the times of day of moments of which others hold the day.

    They belong together if they are called alike but for the word of day or time; or, if no name
    tells, if the time of day stands right after the day in every file.

    Parameters
    ----------
    matches
        Which header is which column.
    samples
        Files of one kind.
    contents
        What stands under each header.

    Returns
    -------
    Guess
        Moment of the ticket contract -> the headers of its time of day. Each file that has the day
        has just one of them, and what they make together can be read.
    """
    used = {header for match in matches for header in match.headers}
    times = [h for h, cells in contents.items() if h not in used and cells.is_time_of_day]
    days = [
        match
        for match in matches
        if match.column in ticket_columns("time")
        and are_days([m for h in match.headers for m in contents[h].moments.read if m])
    ]
    by_name = _keep_whole(days, {d.column: _called_alike(d, times) for d in days}, samples)
    named = {header for headers in by_name.values() for header in headers}
    others = [day for day in days if day.column not in by_name]
    rest = [time for time in times if time not in named]
    by_place = _keep_whole(others, {d.column: _after(d, rest, samples) for d in others}, samples)
    why = "Day and time of day stand in two columns: they are read as one moment."
    if by_place:
        why += " Which belong together is a guess by where they stand."
    return Guess({**by_name, **by_place}, why, bool(by_place))


def joined_cells(
    sample: Sample, headers: Sequence[str], times: Sequence[str], missing: Set[str]
) -> Cells:
    """Give the cells of a column in one file, joining days to times of day as the ingest does.

    Parameters
    ----------
    sample
        The file.
    headers, times
        The headers of the column and of its times of day; the first of each that the file has.
    missing
        Cells that mean "no value".
    """
    cells = _cells(sample, headers, missing)
    if not times:
        return cells
    return tuple(
        day if day is None or time is None else f"{re.sub(AT_MIDNIGHT, '', day)} {time}"
        for day, time in zip(cells, _cells(sample, times, missing), strict=True)
    )


def _cells(sample: Sample, headers: Sequence[str], missing: Set[str]) -> Cells:
    header = next((h for h in headers if h in sample.columns), None)
    if header is None:
        return (None,) * sample.rows
    return tuple(None if cell in missing else cell for cell in sample.columns[header])


def _called_alike(day: Match, times: Sequence[str]) -> tuple[str, ...]:
    stems = {_stem(header) for header in day.headers}
    return tuple(time for time in times if _stem(time) in stems)


def _stem(header: str) -> str:
    return _DAY_OR_TIME.sub("", plain(header))


def _after(day: Match, times: Sequence[str], samples: Sequence[Sample]) -> tuple[str, ...]:
    found = dict.fromkeys(
        after
        for sample in samples
        for before, after in zip(sample.columns, list(sample.columns)[1:], strict=False)
        if before in day.headers and after in times
    )
    return tuple(found)


def _keep_whole(
    days: Sequence[Match], found: TimesOfDay, samples: Sequence[Sample]
) -> dict[str, tuple[str, ...]]:
    """Keep those that every file has just once, and that make a moment with the day."""
    kept = {}
    for day in days:
        times = found[day.column]
        having = [s for s in samples if not set(day.headers).isdisjoint(s.columns)]
        once = all(len(set(times).intersection(s.columns)) == 1 for s in having)
        if times and once and _are_read(day.headers, times, having):
            kept[day.column] = times
    return kept


def _are_read(headers: Sequence[str], times: Sequence[str], samples: Sequence[Sample]) -> bool:
    joined = Contents(
        tuple(c for sample in samples for c in joined_cells(sample, headers, times, set(MISSING)))
    )
    return joined.is_time
