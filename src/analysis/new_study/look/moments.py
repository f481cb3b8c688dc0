"""How moments are written, found from the cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

__all__ = ["Moment", "Moments", "find_moments", "read_moment"]

Order = Literal["", "either", "month", "day"]

_DATE = re.compile(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})(.*)", re.ASCII)
_CHINESE = re.compile(
    r"\d{4}年\d{1,2}月\d{1,2}日( ?)(\d{1,2}([:：时点])\d{1,2}(?:(:|：|分)(?:\d{1,2}(秒?))?)?)?",
    re.ASCII,
)
_NAMED_MONTH = re.compile(r"(\d{1,2})([- ])[A-Za-z]{3}\2(\d{4}|\d{2})(.*)", re.ASCII)
_TIME = re.compile(
    r"(?P<gap>[T ])\d{1,2}:\d{2}(?P<seconds>:\d{2})?(?P<fraction>\.\d{1,9})?"
    r"(?P<half> ?[AaPp][Mm])?(?P<offset> ?(?:Z|[+-]\d{2}(?::?\d{2})?))?",
    re.ASCII,
)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?", re.ASCII)
_DIGITS = re.compile(r"\d{5}(?:\.\d+)?|\d{8}|\d{10}|\d{13}|\d{14}", re.ASCII)
# Day 0 of spreadsheets, such that their days after February 1900 come out right.
_EXCEL_ZERO = datetime(1899, 12, 30)
# Numbers are taken for moments only from 1982 to 2064: others are numbers.
_EXCEL_DAYS = (30_000, 60_000)
_EPOCH_SECONDS = (400_000_000, 2_980_000_000)


@dataclass(frozen=True, slots=True)
class Moment:
    """One cell, read.

    Attributes
    ----------
    format
        As in a study's `times`; of dates whose day and month can be told only by their order, the
        one in which the month comes first.
    order
        For such dates: what the cell itself says of their order.
    time
        The moment, with an offset if the cell has one.
    number
        Whether the cell is a number, and so a moment only if its header says so.
    """

    format: str
    order: Order
    time: datetime
    number: bool = False


@dataclass(frozen=True, slots=True)
class Moments:
    """All cells of a column, read.

    Attributes
    ----------
    read
        The moments, None where a cell is none; as many as cells, the empty ones included.
    share
        Of cells that are not empty, those that are moments.
    number
        Whether they are written as numbers.
    """

    read: tuple[Moment | None, ...]
    share: float
    number: bool

    @property
    def formats(self) -> Counter[str]:
        """How often each format comes."""
        return Counter(moment.format for moment in self.read if moment)


def find_moments(cells: Iterable[str | None]) -> Moments:
    """Read every cell of a column.

    Examples
    --------
    >>> dict(find_moments(["2024-01-31 08:00:00", None, "31/01/2024 8:00"]).formats)
    {'iso': 1, '%m/%d/%Y %H:%M': 1}
    """
    given = list(cells)
    filled = sum(cell is not None for cell in given)
    read = tuple(None if cell is None else read_moment(cell, numbers=True) for cell in given)
    found = [moment for moment in read if moment]
    return Moments(
        read,
        len(found) / filled if filled else 0.0,
        bool(found) and all(moment.number for moment in found),
    )


def read_moment(cell: str, *, numbers: bool = False) -> Moment | None:
    """Read one cell, whatever way its moment is written; None if it is none.

    Examples
    --------
    >>> read_moment("2024年1月5日 8:30").format
    '%Y年%m月%d日 %H:%M'
    """
    try:
        if numbers and _DIGITS.fullmatch(cell):
            return _from_number(cell)
        if match := _DATE.fullmatch(cell):
            return _from_date(cell, match)
        if match := _CHINESE.fullmatch(cell):
            return _from_chinese(cell, match)
        if match := _NAMED_MONTH.fullmatch(cell):
            year = "%Y" if len(match[3]) == 4 else "%y"
            form = f"%d{match[2]}%b{match[2]}{year}{_time_format(match[4])}"
            return Moment(form, "", datetime.strptime(cell, form))
    except (ValueError, OverflowError):
        return None
    return None


def _from_date(cell: str, match: re.Match[str]) -> Moment | None:
    first, sign, second, third, rest = match.groups()
    if len(first) == 4:
        time = _TIME.fullmatch(rest)
        offset = time["offset"] if time else None
        plain = cell.removesuffix(offset) if offset else cell
        if _ISO.fullmatch(plain):
            return Moment("iso", "", datetime.fromisoformat(plain + (offset or "").strip()))
        form = f"%Y{sign}%m{sign}%d{_time_format(rest)}"
        return Moment(form, "", datetime.strptime(cell, form))
    year = {2: "%y", 4: "%Y"}.get(len(third))
    if year is None or len(first) > 2:
        return None
    after = f"{sign}{year}{_time_format(rest)}"
    day_first, month_first = f"%d{sign}%m{after}", f"%m{sign}%d{after}"
    if int(first) > 12:
        return Moment(month_first, "day", datetime.strptime(cell, day_first))
    order: Order = "month" if int(second) > 12 else "either"
    return Moment(month_first, order, datetime.strptime(cell, month_first))


def _time_format(rest: str) -> str:
    if not rest:
        return ""
    match = _TIME.fullmatch(rest)
    if match is None or match["offset"]:
        raise ValueError("no time of day")
    seconds = ("%S" if match["seconds"] else "") + (".%f" if match["fraction"] else "")
    hours, half = "%H", ""
    if match["half"]:
        hours, half = "%I", " %p" if match["half"].startswith(" ") else "%p"
    return f"{match['gap']}{hours}:%M{':' if seconds else ''}{seconds}{half}"


def _from_chinese(cell: str, match: re.Match[str]) -> Moment:
    gap, time, hours, minutes, seconds = match.groups()
    form = "%Y年%m月%d日"
    if time:
        form += f"{gap}%H{hours}%M{minutes or ''}"
        if time[-1].isdigit() and minutes:
            form += "%S"
        elif seconds:
            form += f"%S{seconds}"
    return Moment(form, "", datetime.strptime(cell, form))


def _from_number(cell: str) -> Moment | None:
    if len(cell) in {8, 14} and "." not in cell:
        form = "%Y%m%d" if len(cell) == 8 else "%Y%m%d%H%M%S"
        return Moment(form, "", datetime.strptime(cell, form), number=True)
    value = float(cell)
    if len(cell) == 13 and "." not in cell:
        form, seconds = "epoch_ms", value / 1000
    elif len(cell) == 10 and "." not in cell:
        form, seconds = "epoch", value
    elif _EXCEL_DAYS[0] <= value <= _EXCEL_DAYS[1]:
        return Moment("excel", "", _EXCEL_ZERO + timedelta(days=value), number=True)
    else:
        return None
    if not _EPOCH_SECONDS[0] <= seconds <= _EPOCH_SECONDS[1]:
        return None
    return Moment(form, "", datetime.fromtimestamp(seconds, UTC), number=True)
