"""How the moments of a source are written, and by which clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from analysis.new_study.guess import Guess
from analysis.new_study.look.contents import Contents
from analysis.new_study.look.moments import Moment

__all__ = ["Times", "are_days", "propose_times", "wall_times"]

# A format that so few cells have is dirt: they go into quarantine, where they can be seen.
RARE_SHARE = 0.002
ENOUGH_TO_SEE_NIGHT = 500
_MIDNIGHT = datetime.min.time()


@dataclass(frozen=True, slots=True)
class Times:
    """What a study file says of a source's moments."""

    formats: Guess[tuple[str, ...]]
    clock: Guess[str]
    whole_days: Guess[tuple[str, ...]]


def propose_times(columns: Mapping[str, Sequence[Contents]], zone: str) -> Times:
    """Propose formats, the clock, and what is known to the day only.

    Parameters
    ----------
    columns
        Moment of the ticket contract -> what stands under each of its headers.
    zone
        The city's time zone; in America a month comes before its day, if nothing else tells.
    """
    by_column = {name: _moments(found) for name, found in columns.items()}
    moments = [moment for read in by_column.values() for moment in read]
    counts = Counter(moment.format for moment in moments)
    common = [f for f, n in counts.most_common() if n >= RARE_SHARE * len(moments)]
    order = _order(moments, zone)
    formats = tuple(dict.fromkeys(_turned(f, order.value) for f in common))
    rare = len(counts) - len(common)
    why = [order.why] if order.why else []
    if rare:
        why.append(f"Other ways of writing occur in less than {RARE_SHARE:.1%} of the cells.")
    times = Guess(formats, " ".join(why), order.check)
    opened = [moment.time for moment in by_column.get("opened", ())]
    return Times(times, _clock(moments, opened, zone), _whole_days(by_column))


def wall_times(moments: Sequence[Moment | None], zone: str, month_first: bool) -> list[datetime]:
    """Give moments on the city's wall clock, without an offset."""
    turned = [_turn_moment(moment, month_first) for moment in moments if moment]
    return [
        time.astimezone(ZoneInfo(zone)).replace(tzinfo=None) if time.tzinfo else time
        for time in turned
    ]


def are_days(moments: Sequence[Moment]) -> bool:
    """Say whether moments tell no time of day: there are some, and all are at midnight."""
    # With an offset, midnight is none of the city's.
    return bool(moments) and all(moment.time.timetz() == _MIDNIGHT for moment in moments)


def _moments(columns: Sequence[Contents]) -> list[Moment]:
    return [moment for column in columns for moment in column.moments.read if moment]


def _whole_days(moments: Mapping[str, Sequence[Moment]]) -> Guess[tuple[str, ...]]:
    """Say which moments are days where others, to which they are held, are more than that."""
    days = {name: are_days(read) for name, read in moments.items()}
    others = {"dispatched": ("opened",), "closed": ("opened",), "due": ("opened", "closed")}
    whole = tuple(
        name
        for name, held_to in others.items()
        if days.get(name) and not all(days.get(other, True) for other in held_to)
    )
    why = "Cells hold days without a time: they count to the end of the day."
    return Guess(whole, why, "closed" in whole)


def _order(moments: Sequence[Moment], zone: str) -> Guess[str]:
    orders = Counter(moment.order for moment in moments if moment.order)
    if not orders:
        return Guess("month")
    month, day = orders["month"], orders["day"]
    if month and day:
        better = "month" if month >= day else "day"
        return Guess(
            better,
            f"Dates contradict one another: in {month:,} cells only the month can stand first, in "
            f"{day:,} only the day. Those that could be either are read {better} first.",
            check=True,
        )
    if month or day:
        first = "month" if month else "day"
        return Guess(
            first, f"The {first} stands first: {month or day:,} cells have it no other way."
        )
    first = "month" if zone.startswith("America/") else "day"
    return Guess(
        first,
        f"No cell tells whether day or month stands first; the {first} is a guess by the time "
        "zone. If it is wrong, the first day after the 12th stops the ingest.",
        check=True,
    )


def _turned(form: str, order: str) -> str:
    """Put the day first in a format of months first."""
    if order != "day" or not form.startswith("%m"):
        return form
    return f"%d{form[2]}%m{form[5:]}"


def _turn_moment(moment: Moment, month_first: bool) -> datetime:
    if moment.order == "either" and not month_first:
        return moment.time.replace(day=moment.time.month, month=moment.time.day)
    return moment.time


def _clock(moments: Sequence[Moment], opened: Sequence[datetime], zone: str) -> Guess[str]:
    if any(moment.format.startswith("epoch") for moment in moments):
        return Guess("utc", "Seconds since 1970 are counted in UTC.")
    offsets = Counter(m.time.utcoffset() for m in moments if m.time.tzinfo)
    if offsets and set(offsets) == {timedelta(0)}:
        return Guess("utc", "Cells say that they are in UTC.")
    if offsets:
        return Guess("wall", "Cells carry their own offset from UTC.")
    hours = Counter(time.hour for time in opened)
    if opened and hours[0] == len(opened):
        return Guess("wall", "Cells hold days without a time.")
    if len(opened) < ENOUGH_TO_SEE_NIGHT:
        return Guess("wall", "Too few cases to see whether nights are quiet.")
    quiet = min(range(24), key=lambda start: sum(hours[(start + h) % 24] for h in range(5)))
    seen = f"The five hours with the fewest cases begin at {quiet}:00"
    if quiet in {23, 0, 1, 2, 3}:
        return Guess("wall", f"{seen}, as nights do.")
    return Guess(
        "wall",
        f'{seen}, which is no night: cells may be in UTC (clock = "utc"), or have the offset of '
        f'{zone} taken away twice (clock = "offset_twice").',
        check=True,
    )
