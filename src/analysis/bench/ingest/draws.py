"""Draw the tickets of the invented city: what happened, before it is written as text."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.bench.ingest.city import CATEGORIES, STREETS

__all__ = [
    "CHANNELS",
    "SATISFIED",
    "STATUSES",
    "YES_NO",
    "Tickets",
    "draw_tickets",
    "first_versions",
]

Integers = npt.NDArray[np.int64]

DAY = 86_400
NEVER = np.iinfo(np.int64).min

# Values with the share of rows that have them; the last channel is in no code list.
CHANNELS = {
    "电话": 0.58, "网络": 0.14, "微信": 0.14, "来信": 0.01, "主动发现": 0.06, "巡查": 0.04,
    "系统导入": 0.025, "其他渠道": 0.005,
}  # fmt: skip
# The last status is in no code list.
STATUSES = ("办理中", "待派单", "已办结", "已归档", "作废", "状态异常")
OPEN, CLOSED, ARCHIVED, VOID, STRANGE = 0, 2, 3, 4, 5
YES_NO = ("是", "否", "未回访")
SATISFIED = ("非常满意", "满意", "一般", "不满意", "非常不满意", "未回访")
_SATISFIED_SHARES = (0.35, 0.3, 0.12, 0.15, 0.08)

# Rows that are not as they should be, as shares of all.
BACKWARDS, FUTURE, BEFORE_TIME, VOIDED, STRANGE_STATUS = 0.003, 0.0002, 0.0005, 0.008, 0.001
ANONYMOUS, NO_DEADLINE = 0.04, 0.05
# How much more often some callers call than others; 1 would be all alike.
TAIL = 1.8


@dataclass(frozen=True, slots=True)
class Tickets:
    """Tickets as numbers: one array each, all of one length.

    Attributes
    ----------
    number
        The case's number.
    opened, updated, closed, due
        Seconds since 1970 on the city's wall clock; `NEVER` where there is none.
    street, category, channel, status, responded, resolved, satisfied
        Places in the lists of values.
    caller
        A number below that of the callers; -1 for one who did not give it.
    noise
        Uniform whole numbers, from which the text and the remaining dirt follow, so that every
        version of a case has the same text.
    """

    number: Integers
    opened: Integers
    updated: Integers
    closed: Integers
    due: Integers
    street: Integers
    category: Integers
    channel: Integers
    status: Integers
    responded: Integers
    resolved: Integers
    satisfied: Integers
    caller: Integers
    noise: Integers

    def __len__(self) -> int:
        """Return how many tickets there are."""
        return len(self.number)

    def take(self, places: Integers) -> Tickets:
        """Return the tickets at these places."""
        return Tickets(*(getattr(self, name)[places] for name in self.__slots__))

    def joined(self, other: Tickets) -> Tickets:
        """Return these tickets and after them the others."""
        pairs = ((getattr(self, name), getattr(other, name)) for name in self.__slots__)
        return Tickets(*(np.concatenate(pair) for pair in pairs))


def draw_tickets(
    draw: np.random.Generator,
    count: int,
    first: int,
    month: tuple[int, int],
    known: int,
    callers: int,
) -> Tickets:
    """Draw the final versions of tickets that were opened in a month.

    Parameters
    ----------
    draw
        The source of random numbers.
    count
        How many.
    first
        The number of the first case.
    month
        The first second of the month, and the first after it.
    known
        The second after which nothing is known.
    callers
        How many people there are who call; a few of them call very often.

    Returns
    -------
    Tickets
        In the order in which they were opened, but for some that were dated wrongly.
    """
    opened = np.sort(draw.integers(*month, count))
    # A quarter is done within a day, one in ten takes longer than three weeks.
    taken = np.exp(draw.normal(np.log(3 * DAY), 1.5, count)).astype(np.int64)
    closed = opened + taken
    is_open = (draw.random(count) < 0.02) | (closed >= known)
    closed[draw.random(count) < BACKWARDS] -= 400 * DAY
    opened_wrong = draw.random(count)
    shift = np.where(opened_wrong < FUTURE, 3_650 * DAY, 0)
    shift = np.where(opened_wrong > 1 - BEFORE_TIME, -2_000 * DAY, shift)
    status = np.where(draw.random(count) < 0.3, ARCHIVED, CLOSED)
    status = np.where(is_open, draw.integers(OPEN, CLOSED, count), status)
    rare = draw.random(count)
    status = np.where(rare < VOIDED, VOID, np.where(rare > 1 - STRANGE_STATUS, STRANGE, status))
    channel = _choose(draw, count, tuple(CHANNELS.values()))
    asked = ~is_open & (channel < 4) & (draw.random(count) < 0.5)
    allowed = draw.choice(np.array([1, 3, 5, 10, 15]) * DAY, count)
    return Tickets(
        number=first + np.arange(count),
        opened=opened + shift,
        updated=np.where(is_open, opened, opened + taken) + draw.integers(60, 5 * DAY, count),
        closed=np.where(is_open, NEVER, closed),
        due=np.where(draw.random(count) < NO_DEADLINE, NEVER, opened + allowed),
        street=_choose(draw, count, tuple(1 / (rank + 20) for rank in range(len(STREETS)))),
        category=_choose(draw, count, (*(1 / (r + 3) for r in range(len(CATEGORIES) - 1)), 0.02)),
        channel=channel,
        status=status,
        responded=np.where(asked, _choose(draw, count, (0.9, 0.1)), 2),
        resolved=np.where(asked, _choose(draw, count, (0.75, 0.25)), 2),
        satisfied=np.where(asked, _choose(draw, count, _SATISFIED_SHARES), 5),
        caller=np.where(
            draw.random(count) < ANONYMOUS,
            -1,
            (callers * draw.random(count) ** TAIL).astype(np.int64),
        ),
        noise=draw.integers(0, 2**62, count),
    )


def first_versions(tickets: Tickets, places: Integers) -> Tickets:
    """Return the tickets with those at `places` as they were on the day on which they came in."""
    arrays = {name: getattr(tickets, name).copy() for name in tickets.__slots__}
    arrays["updated"][places] = arrays["opened"][places] + 30
    arrays["closed"][places] = NEVER
    arrays["status"][places] = OPEN
    arrays["responded"][places] = len(YES_NO) - 1
    arrays["resolved"][places] = len(YES_NO) - 1
    arrays["satisfied"][places] = len(SATISFIED) - 1
    return Tickets(**arrays)


def _choose(draw: np.random.Generator, count: int, shares: tuple[float, ...]) -> Integers:
    edges = np.cumsum(shares) / sum(shares)
    return np.searchsorted(edges, draw.random(count), side="right").astype(np.int64)
