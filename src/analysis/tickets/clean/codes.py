"""Read what values mean: who opened a case, what became of it, and what residents answered."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from analysis.study.ticket_codes import Codes, Initiator, StatusCodes
from analysis.study.tickets import Tickets
from analysis.tickets.clean.marks import note, set_aside
from analysis.tickets.clean.reasons import (
    NO_INITIATOR,
    UNKNOWN_INITIATOR,
    UNKNOWN_STATUS,
    VOID,
)

__all__ = ["ANSWERS", "read_codes"]

ANSWERS = ("on_time", "responded", "resolved", "satisfied")


def read_codes(table: ir.Table, tickets: Tickets) -> ir.Table:
    """Add `initiator` and `is_closed`, and turn marks and answers into true, false or null.

    A case of which it is not known who opened it, or whose status is unknown or void, is set
    aside. An answer that is neither yes nor no nor one of those that mean that nobody answered is
    a cell set missing. A status that is empty says nothing: whether such a case is closed is told
    by its moment of closing.

    Parameters
    ----------
    table
        Tickets with marks.
    tickets
        What the values mean.
    """
    table = _read_initiator(table, tickets.initiator)
    table = _read_status(table, tickets.status)
    for name in ANSWERS:
        table = _read_answer(table, name, getattr(tickets, name))
    return table


def _read_initiator(table: ir.Table, given: Initiator) -> ir.Table:
    value = table[given.column]
    meanings = [
        (published, meaning)
        for meaning in ("resident", "proactive", "system")
        for published in getattr(given, meaning)
    ]
    otherwise = ibis.literal(given.otherwise, "string")
    known = value.cases(*meanings, else_=otherwise) if meanings else otherwise
    table = table.mutate(initiator=known)
    unknown = table.initiator.isnull()
    return set_aside(
        table,
        "codes",
        {NO_INITIATOR: unknown & value.isnull(), UNKNOWN_INITIATOR: unknown},
    )


def _read_status(table: ir.Table, given: StatusCodes | None) -> ir.Table:
    if "closed" in table.columns:
        # A moment of closing that cannot be true or be read still says that the case is closed.
        has_closing = table.closed.notnull() | table.unset.contains(",closed")
    else:
        has_closing = ibis.literal(False)
    if given is None:
        return table.mutate(is_closed=has_closing)
    meanings = [
        (published, meaning)
        for meaning in ("open", "closed", "void")
        for published in getattr(given, meaning)
    ]
    otherwise = ibis.literal(given.otherwise, "string")
    known = table.status.cases(*meanings, else_=otherwise) if meanings else otherwise
    table = table.mutate(status_means=table.status.notnull().ifelse(known, None))
    means = table.status_means
    is_closed = table.status.isnull().ifelse(has_closing, (means == "closed").fill_null(False))
    unknown = table.status.notnull() & means.isnull()
    return set_aside(
        table.mutate(is_closed=is_closed),
        "codes",
        {VOID: (means == "void").fill_null(False), UNKNOWN_STATUS: unknown},
    ).drop("status_means")


def _read_answer(table: ir.Table, name: str, given: Codes | None) -> ir.Table:
    if given is None:
        return table.mutate(**{name: ibis.null("boolean")})
    answer = table[name]
    unknown = answer.notin([*given.yes, *given.no, *given.none])
    meaning = ibis.cases((answer.isin(given.yes), True), (answer.isin(given.no), False))
    return note(table, "unset", {name: unknown}).mutate(**{name: meaning})
