"""Which columns the tables have, and in which months their values can be known.

A source that does not state something says nothing about it, which is not 0. A question that the
call-back did not ask yet, a column that one year's files lack, or the first months, before which
nobody knows who called, must not look like a drop.
"""

from __future__ import annotations

import pandas as pd

from analysis.study.ticket_sources import TicketSource
from analysis.study.tickets import Tickets
from analysis.tickets.counts.cases import ANSWERS
from analysis.tickets.counts.deliveries import Deliveries
from analysis.tickets.counts.left_out import LeftOut
from analysis.tickets.counts.quantiles import QUANTILES, last_followed_month
from analysis.tickets.counts.stated import Stated

__all__ = ["known_months"]

NOT_STATED = "a source of these months does not state what is needed"
STAFF_UNTOLD = "a source of these months does not tell staff from residents"
NO_HISTORY = "who called before is not known for the whole time in which a complaint can repeat"
NOT_FOLLOWED = "the last cases were not yet followed for so many days when the data were taken"


def known_months(
    stated: Stated, tickets: Tickets, deliveries: Deliveries
) -> tuple[dict[str, pd.PeriodIndex], tuple[LeftOut, ...]]:
    """Find for every column that the study's tickets allow the months in which it is known.

    Parameters
    ----------
    stated
        What the sources state in each month.
    tickets
        What the study says of its tickets.
    deliveries
        The months of the tables.

    Returns
    -------
    known : dict of str to pandas.PeriodIndex
        Column of the panel contract -> the months.
    left_out : tuple of LeftOut
        The other months, each with its columns and the reason.
    """
    known: dict[str, pd.PeriodIndex] = {}
    refused: dict[tuple[str, tuple[pd.Period, ...]], list[str]] = {}
    for column in tickets.counts:
        reasons = {
            month: _why_not(column, month, sources, stated, tickets)
            for month, sources in deliveries.sources.items()
        }
        known[column] = pd.PeriodIndex([m for m, why in reasons.items() if not why], freq="M")
        for why in dict.fromkeys(filter(None, reasons.values())):
            months = tuple(month for month, reason in reasons.items() if reason == why)
            refused.setdefault((why, months), []).append(column)
    left_out = (
        LeftOut(why, tuple(map(str, months)), tuple(columns))
        for (why, months), columns in refused.items()
    )
    return known, tuple(left_out)


def _why_not(
    column: str,
    month: pd.Period,
    sources: tuple[TicketSource, ...],
    stated: Stated,
    tickets: Tickets,
) -> str:
    """Say why a column cannot be known in a month; nothing if it can."""
    if not _is_stated(column, month, sources, stated):
        return NOT_STATED
    if column == "proactive_cases" and not all(source.tells_staff for source in sources):
        return STAFF_UNTOLD
    if column == "repeat_complaints" and not all(
        stated.has(source, earlier, "caller")
        for source in sources
        for earlier in _months_before(month, tickets.repeat_days)
    ):
        return NO_HISTORY
    if column in ("on_time", *QUANTILES) and month > last_followed_month(tickets):
        return NOT_FOLLOWED
    return ""


def _is_stated(
    column: str, month: pd.Period, sources: tuple[TicketSource, ...], stated: Stated
) -> bool:
    """Tell whether the sources of a month state what a column is counted from.

    A count whose whole is stated with it (those surveyed, those with a deadline) needs one source
    that has it, and the whole of each source in full. A count whose whole is all complaints needs
    every source.
    """

    def have(name: str) -> list[TicketSource]:
        return [source for source in sources if stated.has(source, month, name)]

    surveying = [source for source in sources if any(source in have(name) for name in ANSWERS)]
    if column == "surveyed":
        return bool(surveying)
    if column in ANSWERS:
        published = any(column in source.columns for source in sources)
        return bool(surveying and published) and all(
            stated.asked(source, month, column) for source in surveying
        )
    if column == "with_deadline":
        return bool(have("due"))
    if column == "on_time":
        judged = [*have("on_time"), *have("closed")]
        return bool(have("due")) and all(source in judged for source in have("due"))
    if column == "repeat_complaints":
        return have("caller") == list(sources)
    if column in QUANTILES:
        return have("closed") == list(sources)
    return True


def _months_before(month: pd.Period, days: int) -> pd.PeriodIndex:
    """Return the months that so many days before the first of a month lie in."""
    first = month.start_time - pd.Timedelta(days=days)
    return pd.period_range(pd.Period(first, "M"), month - 1, freq="M")
