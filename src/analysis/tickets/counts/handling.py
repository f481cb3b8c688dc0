"""How long complaints took, each of them followed for the same number of days.

A case that is still open when the data are taken has no handling time yet. To leave such cases out
would make recent months look quick, so every complaint is followed for the same window: what
happens later is not looked at, whether it is known or not.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir

from analysis.study.tickets import Tickets
from analysis.tickets.counts.cases import complaints, seconds
from analysis.tickets.counts.quantiles import QUANTILES

__all__ = ["handling_times"]

_DAY = 86_400


def handling_times(
    checked: ir.Table, tickets: Tickets, keys: Sequence[str], last: date
) -> ir.Table:
    """Work out the quantiles of the handling time of complaints.

    They are exact, with linear interpolation between neighbours (the seventh definition of Hyndman
    and Fan 1996). A case that was closed at an unknown time takes no part.

    Parameters
    ----------
    checked
        The checked table.
    tickets
        What the study says of its tickets; some source must have `closed`.
    keys
        What to group by, of `unit`, `category` and `period`; rows that lack one take no part.
    last
        The first day of the last month that was followed long enough, see
        `analysis.tickets.counts.quantiles.last_followed_month`.

    Returns
    -------
    ibis.Table
        The keys; `followed`, the number of complaints; `closed_within`, how many of them were
        closed before the window ended; `median_days` and `p90_days`, where open cases stand at the
        end of the window. `known_quantiles` tells which of these can be used.
    """
    cases = complaints(checked, tickets)
    window = tickets.follow_up_days * _DAY
    taken = seconds(cases.closed) - seconds(cases.opened)
    within = (cases.is_closed & cases.closed.notnull()).ifelse(
        ibis.least(taken, ibis.literal(window, "int64")), ibis.literal(window, "int64")
    )
    given = [cases[key].notnull() for key in keys]
    early = cases.period <= ibis.literal(last, "date")
    # Four bytes a case: the engine holds all of them to find exact quantiles.
    followed = cases.filter(~_closed_at_unknown_time(cases), early, *given).select(
        *keys, within=within.cast("int32")
    )
    shares = [part / whole for part, whole in QUANTILES.values()]
    found = followed.group_by(list(keys)).agg(
        followed=followed.count(),
        closed_within=followed.count(where=followed.within < window),
        quantiles=followed.within.quantile(shares),
    )
    days = {name: found.quantiles[place] / _DAY for place, name in enumerate(QUANTILES)}
    return found.mutate(**days).drop("quantiles")


def _closed_at_unknown_time(cases: ir.Table) -> ir.BooleanValue:
    unset = cases.unset.fill_null("").contains("closed")
    return cases.closed.isnull() & (cases.is_closed | unset)
