"""Count complaints that repeat an earlier one of the same caller about the same matter."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from analysis.study.tickets import Tickets
from analysis.tickets.counts.cases import complaints, seconds

__all__ = ["count_repeats"]

_DAY = 86_400


def count_repeats(checked: ir.Table, tickets: Tickets) -> ir.Table:
    """Count the complaints that repeat another, by the unit, category and month of the later one.

    A complaint repeats an earlier one of the same caller and category, in whatever unit, if it was
    opened at most `repeat_days` times 24 hours after it. It is enough to look at the one just
    before. Complaints without a caller or a category take no part, and only five columns of the
    others do, so that an engine can sort them on disk.

    Parameters
    ----------
    checked
        The checked table.
    tickets
        What the study says of its tickets; some source must have `caller`.

    Returns
    -------
    ibis.Table
        `unit`, `category`, `period` and `repeat_complaints`.
    """
    all_of_them = complaints(checked, tickets)
    known = all_of_them.filter(all_of_them.caller.notnull(), all_of_them.category.notnull())
    narrow = known.select("unit", "category", "period", "caller", at=seconds(known.opened))
    # Of two at the same moment the one of the later name follows, so that no order of rows matters;
    # within a unit it is all the same.
    same = ibis.window(group_by=["caller", "category"], order_by=["at", "unit"])
    waits = narrow.mutate(since=narrow.at - narrow.at.lag().over(same))
    return waits.group_by(["unit", "category", "period"]).agg(
        repeat_complaints=waits.count(where=waits.since <= tickets.repeat_days * _DAY)
    )
