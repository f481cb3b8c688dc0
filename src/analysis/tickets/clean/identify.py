"""Set rows aside that could not be read, or that do not say which case they are, or when."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from analysis.tickets.clean.marks import note, set_aside
from analysis.tickets.clean.reasons import CUT_OFF_ID, NO_ID, NO_OPENED
from analysis.tickets.contract import ticket_columns

__all__ = ["is_identified", "set_aside_unidentified", "set_aside_unread"]


def set_aside_unread(table: ir.Table) -> ir.Table:
    """Set rows aside that landing could not read.

    Parameters
    ----------
    table
        Landed tickets with marks. `problem` says what landing could not read: a whole row, or
        ``time:`` and the columns of those moments that are written in no declared form, with
        commas between them. Without its opening a case counts in no month; any other moment that
        cannot be read is a cell set missing.
    """
    moments = [name for name in ticket_columns("time") if name in table.columns]
    others = {name: _names(table.problem, name) for name in moments if name != "opened"}
    unread = _is_unread(table).ifelse(table.problem, ibis.null("string"))
    return note(set_aside(table, "read", unread), "unset", others)


def set_aside_unidentified(table: ir.Table) -> ir.Table:
    """Set rows aside that have no number, or one that lost its last digits, or no opening."""
    return set_aside(
        table,
        "identify",
        {
            NO_ID: table.id.isnull(),
            CUT_OFF_ID: _is_cut_off(table.id),
            NO_OPENED: table.opened.isnull(),
        },
    )


def is_identified(landed: ir.Table) -> ir.BooleanValue:
    """Tell of each landed row whether neither of the two steps above sets it aside."""
    has_id = landed.id.notnull() & ~_is_cut_off(landed.id).fill_null(False)
    return ~_is_unread(landed) & has_id & landed.opened.notnull()


def _is_cut_off(number: ir.StringValue) -> ir.BooleanValue:
    """Tell whether a spreadsheet made a power of ten of a long number, so that many are one."""
    # Hardly any number has such a sign, and to look for it is quicker than for the whole form.
    return number.contains("+") & number.re_search(r"^[0-9](\.[0-9]+)?[eE]\+[0-9]+$")


def _is_unread(table: ir.Table) -> ir.BooleanValue:
    problem = table.problem
    return (~problem.startswith("time:") | _names(problem, "opened")).fill_null(False)


def _names(problem: ir.StringValue, moment: str) -> ir.BooleanValue:
    return (problem.replace("time:", ",") + ",").contains(f",{moment},")
