"""The hours that a city's wall clock shows twice, when summer time ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

__all__ = ["hours_shown_twice"]

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


def hours_shown_twice(
    zone: str, first: datetime, last: datetime
) -> tuple[tuple[datetime, datetime], ...]:
    """Find the stretches of wall-clock time that come twice because the clock is set back.

    A case opened at ten to two and closed at ten past one may have taken twenty minutes, if both
    are in such a stretch.

    Parameters
    ----------
    zone
        The time zone, by its IANA name.
    first, last
        Wall-clock moments between which to look.

    Returns
    -------
    tuple of (begin, end)
        Wall-clock moments; `end` is the first that comes only once.

    Examples
    --------
    >>> first, last = datetime(2023, 1, 1), datetime(2023, 12, 31)
    >>> [(begin, end)] = hours_shown_twice("America/New_York", first, last)
    >>> str(begin), str(end)
    ('2023-11-05 01:00:00', '2023-11-05 02:00:00')
    >>> hours_shown_twice("Asia/Shanghai", first, last)
    ()
    """
    city = ZoneInfo(zone)
    found = []
    day = first.replace(tzinfo=UTC) - _DAY
    while day <= last.replace(tzinfo=UTC) + _DAY:
        before, after = _offset(day, city), _offset(day + _DAY, city)
        if after < before:
            change = _find_change(day, day + _DAY, city).replace(tzinfo=None)
            found.append((change + after, change + before))
        day += _DAY
    return tuple(found)


def _offset(moment: datetime, city: ZoneInfo) -> timedelta:
    offset = moment.astimezone(city).utcoffset()
    assert offset is not None
    return offset


def _find_change(low: datetime, high: datetime, city: ZoneInfo) -> datetime:
    """Halve the stretch until its end is the second in which the offset changes."""
    while high - low > _SECOND:
        middle = low + (high - low) // 2
        middle = middle.replace(microsecond=0)
        if _offset(middle, city) == _offset(low, city):
            low = middle
        else:
            high = middle
    return high
