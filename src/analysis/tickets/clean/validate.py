"""Set rows aside whose moment of opening cannot be, and cells whose moment cannot be."""

from __future__ import annotations

from datetime import datetime, timedelta

import ibis
import ibis.expr.types as ir

from analysis.study.months import covered_months
from analysis.study.schema import Study
from analysis.study.ticket_sources import TicketSource
from analysis.study.tickets import Tickets
from analysis.tickets.clean.clock import hours_shown_twice
from analysis.tickets.clean.marks import set_aside, unset_cells
from analysis.tickets.clean.reasons import OPENED_IN_FUTURE, OUTSIDE_MONTHS

__all__ = ["validate"]


def validate(table: ir.Table, study: Study, tickets: Tickets) -> ir.Table:
    """Hold every moment against the day of extraction, the covered months and the opening.

    A case opened after the day on which the data were taken, or outside the months that its
    source covers, is set aside. A moment of closing, dispatch or deadline before the opening, or
    of closing after the data were taken, is a cell set missing: the case itself is not in doubt.
    On the night on which the clock is set back, an hour may seem to run backwards, and does not.

    Parameters
    ----------
    table
        Tickets with marks.
    study, tickets
        The study and its table of tickets.
    """
    end_of_data = datetime.fromisoformat(tickets.extracted) + timedelta(days=1)
    future = table.opened >= end_of_data
    table = set_aside(
        table,
        "validate",
        {OPENED_IN_FUTURE: future, OUTSIDE_MONTHS: ~_is_covered(table, study, tickets)},
    )
    first, _ = _covered_moments(study)
    twice = hours_shown_twice(tickets.zone, first, end_of_data)
    moments = [name for name in ("closed", "due", "dispatched") if name in table.columns]
    wrong = {name: _runs_backwards(table.opened, table[name], twice) for name in moments}
    if "closed" in wrong:
        wrong["closed"] |= table.closed >= end_of_data
    return unset_cells(table, wrong)


def _is_covered(table: ir.Table, study: Study, tickets: Tickets) -> ir.BooleanValue:
    begin, end = _covered_moments(study)
    covered = (table.opened >= begin) & (table.opened < end)
    for source in tickets.source:
        if source.first_period is not None or source.last_period is not None:
            begin, end = _covered_moments(study, source)
            inside = (table.opened >= begin) & (table.opened < end)
            covered &= (table.source != source.name) | inside
    return covered


def _covered_moments(study: Study, source: TicketSource | None = None) -> tuple[datetime, datetime]:
    """Return the first moment that a source (or the whole study) covers, and the first after it."""
    first, last = covered_months(study, source)
    return first.start_time.to_pydatetime(), (last + 1).start_time.to_pydatetime()


def _runs_backwards(
    opened: ir.TimestampValue,
    later: ir.TimestampValue,
    twice: tuple[tuple[datetime, datetime], ...],
) -> ir.BooleanValue:
    backwards = later < opened
    for begin, end in twice:
        # Where both stand in one hour that the clock showed twice, the later may look earlier.
        backwards &= ~((opened >= begin) & (opened < end) & (later >= begin) & (later < end))
    return ibis.coalesce(backwards, False)
