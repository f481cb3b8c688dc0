"""Clean landed tickets: every row once, kept or set aside by the first step that it fails."""

from __future__ import annotations

import ibis.expr.types as ir

from analysis.study.schema import Study
from analysis.tickets.clean.codes import ANSWERS, read_codes
from analysis.tickets.clean.flags import mark_flags, set_aside_flagged
from analysis.tickets.clean.identify import set_aside_unidentified, set_aside_unread
from analysis.tickets.clean.marks import begin_marks, finish_marks
from analysis.tickets.clean.places import find_units
from analysis.tickets.clean.references import TicketReferences
from analysis.tickets.clean.repairs import recode, repair
from analysis.tickets.clean.validate import validate
from analysis.tickets.clean.versions import set_aside_earlier_versions

__all__ = ["CHECKED_COLUMNS", "clean_tickets"]

# What cleaning adds to the landed columns, in this order.
CHECKED_COLUMNS = (
    "unit", "category", "period", "initiator", "duplicate", "internal", "consultation",
    *ANSWERS, "is_closed", "step", "reason", "unset", "changed",
)  # fmt: skip


def clean_tickets(landed: ir.Table, study: Study, references: TicketReferences) -> ir.Table:
    """Check every landed ticket, and say of each whether it is kept, or which step set it aside.

    Nothing is computed here: the result is an expression, the same for every engine. All steps
    look at single rows, but for `versions`, which sorts only cases that come more than once.

    Parameters
    ----------
    landed
        Landed tickets of all of the study's sources.
    study
        A study with a table of tickets.
    references
        Its register and crosswalk.

    Returns
    -------
    ibis.Table
        The checked table: every landed row once, with its landed columns but `problem` and
        `default_point`, followed by `CHECKED_COLUMNS`. `step` and `reason` are null for a row that
        is kept; `unset` names cells that were set missing because they cannot be true, `changed`
        the repairs and renames that touched the row, both separated by commas.
    """
    tickets = study.tickets
    if tickets is None:
        raise ValueError(f"the study {study.name!r} has no tickets")
    table = begin_marks(landed)
    table = set_aside_unread(table)
    table = set_aside_unidentified(table)
    table = set_aside_earlier_versions(table, landed, tickets)
    table = recode(table, tickets.recode)
    table = repair(table, tickets.repair)
    table = validate(table, study, tickets)
    table = mark_flags(table, tickets.flag)
    table = read_codes(table, tickets)
    table = set_aside_flagged(table)
    table = find_units(table, tickets, references)
    table = finish_marks(table)
    table = table.mutate(category=table[tickets.category], period=table.opened.truncate("M").date())
    kept = [n for n in landed.columns if n not in {"problem", "default_point", *ANSWERS}]
    return table.select(*kept, *CHECKED_COLUMNS)
