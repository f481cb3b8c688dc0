"""Mark cases that are not what they seem: tests, duplicates, own business, mere questions."""

from __future__ import annotations

from functools import reduce
from operator import or_

import ibis
import ibis.expr.types as ir

from analysis.study.ticket_codes import Flag
from analysis.tickets.clean.marks import set_aside

__all__ = ["mark_flags", "set_aside_flagged"]


def mark_flags(table: ir.Table, flags: tuple[Flag, ...]) -> ir.Table:
    """Add `duplicate`, `internal` and `consultation`, and `dropped_by` for `set_aside_flagged`.

    Parameters
    ----------
    table
        Tickets whose cells are still as published.
    flags
        From the study file. Upper and lower case count as the same; an empty cell bears no flag.
        A case that names another as its original (`duplicate_of`) is a duplicate without any flag.
    """
    dropped = [(_bears(table, flag), flag.name) for flag in flags if flag.action == "drop"]
    marks = {
        action: [_bears(table, flag) for flag in flags if flag.action == action]
        for action in ("duplicate", "internal", "consultation")
    }
    if "duplicate_of" in table.columns:
        # Some cities write a case's own number where it repeats none.
        marks["duplicate"].append((table.duplicate_of != table.id).fill_null(False))
    return table.mutate(
        **{name: reduce(or_, bears, ibis.literal(False)) for name, bears in marks.items()},
        dropped_by=ibis.cases(*dropped) if dropped else ibis.null("string"),
    )


def set_aside_flagged(table: ir.Table) -> ir.Table:
    """Set aside the rows that bear a flag whose action is ``drop``; the reason is its name."""
    return set_aside(table, "flags", table.dropped_by).drop("dropped_by")


def _bears(table: ir.Table, flag: Flag) -> ir.BooleanValue:
    cell = table[flag.column]
    # Chinese has no upper case, and to look for it in every text would take as long as to count.
    if any(value.lower() != value.upper() for value in (*flag.equals, *flag.contains)):
        cell = cell.lower()
    found = [cell.isin([value.lower() for value in flag.equals])] if flag.equals else []
    found += [cell.contains(value.lower()) for value in flag.contains]
    return reduce(or_, found).fill_null(False)
