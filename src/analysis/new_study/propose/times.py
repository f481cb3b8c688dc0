"""How the moments of a source are written, and by which clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from analysis.new_study.guess import Guess
from analysis.new_study.look.contents import Contents
from analysis.new_study.look.moments import Moment

__all__ = ["Times", "propose_times", "wall_times"]

# A format that so few cells have is dirt: they go into quarantine, where they can be seen.
RARE_SHARE = 0.002
ENOUGH_TO_SEE_NIGHT = 500


@dataclass(frozen=True, slots=True)
class Times:
    """What a study file says of a source's moments."""

    formats: Guess[tuple[str, ...]]
    clock: Guess[str]


def propose_times(columns: Sequence[Contents], opened: Sequence[Contents], zone: str) -> Times:
    """Propose formats and clock.

    Parameters
    ----------
    columns
        All columns of times of the source.
    opened
        Those of them that tell when cases were opened.
    zone
        The city's time zone; in America a month comes before its day, if nothing else tells.
    """
    moments = [moment for column in columns for moment in column.moments.read if moment]
    counts = Counter(moment.format for moment in moments)
    common = [f for f, n in counts.most_common() if n >= RARE_SHARE * len(moments)]
    order = _order(moments, zone)
    formats = tuple(dict.fromkeys(_turned(f, order.value) for f in common))
    rare = len(counts) - len(common)
    why = [order.why] if order.why else []
    if rare:
        why.append(f"Other ways of writing occur in less than {RARE_SHARE:.1%} of the cells.")
    times = Guess(formats, " ".join(why), order.check)
    read = [moment for column in opened for moment in column.moments.read if moment]
    return Times(times, _clock(moments, [m.time for m in read], zone))


def wall_times(moments: Sequence[Moment | None], zone: str, month_first: bool) -> list[datetime]:
    """Give moments on the city's wall clock, without an offset."""
    turned = [_turn_moment(moment, month_first) for moment in moments if moment]
    return [
        time.astimezone(ZoneInfo(zone)).replace(tzinfo=None) if time.tzinfo else time
        for time in turned
    ]


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
