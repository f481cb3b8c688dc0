"""Which of the kept cases count, and as what; and what the sources state at all."""

from __future__ import annotations

from collections.abc import Iterator

import ibis
import ibis.expr.types as ir

from analysis.study.tickets import Tickets

__all__ = ["ANSWERS", "complaints", "count_cases", "count_homes", "count_stated", "seconds"]

# The questions of the call-back.
ANSWERS = ("responded", "resolved", "satisfied")
# Columns of which it matters whether a source states them at all in a month.
_STATED = ("caller", "closed", "due", "on_time", *ANSWERS)


def count_cases(checked: ir.Table, tickets: Tickets) -> ir.Table:
    """Count the kept cases of every unit, category and month.

    Parameters
    ----------
    checked
        The checked table; rows with a `step` are in quarantine and do not count.
    tickets
        What the study says of its tickets.

    Returns
    -------
    ibis.Table
        `unit`, `category` (null where a case has none) and `period`, with the counts of the panel
        contract that every case adds to by itself, which are all but repeats. An expression:
        nothing is computed here.
    """
    kept = _kept(checked)
    sums = {name: kept.count(where=holds) for name, holds in _counts(kept, tickets)}
    return kept.group_by(["unit", "category", "period"]).agg(**sums)


def count_stated(checked: ir.Table, tickets: Tickets) -> ir.Table:
    """Count in how many kept rows of every source and month a column is not empty.

    Returns
    -------
    ibis.Table
        `source` and `period`; ``stated_<column>`` for those columns of which it matters; and
        `surveyed`, if there are answers, the complaints that have any.
    """
    kept = _kept(checked)
    sums = {
        f"stated_{name}": kept.count(where=kept[name].notnull())
        for name in _STATED
        if name in tickets.columns
    }
    if any(name in tickets.columns for name in ANSWERS):
        sums["surveyed"] = kept.count(where=_is_complaint(kept, tickets) & _answered(kept, tickets))
    return kept.group_by(["source", "period"]).agg(rows=kept.count(), **sums)


def count_homes(checked: ir.Table, tickets: Tickets) -> ir.Table:
    """Count the cases that count of every unit and district.

    Returns
    -------
    ibis.Table
        `unit`, `district` (null where none is named) and `cases`.
    """
    kept = _kept(checked)
    cases = kept.filter(_counts_at_all(kept, tickets) & (kept.initiator != "system"))
    return cases.group_by(["unit", "district"]).agg(cases=cases.count())


def complaints(checked: ir.Table, tickets: Tickets) -> ir.Table:
    """Keep the rows that count as complaints."""
    kept = _kept(checked)
    return kept.filter(_is_complaint(kept, tickets))


def seconds(moment: ir.TimestampValue) -> ir.IntegerValue:
    """Turn a moment into whole seconds, in which differences are taken.

    Moments are on the city's wall clock and know of no zone, so a day has 86,400 of them also when
    clocks are put forward or back. Fractions are cut off before, because engines round them
    differently.
    """
    return moment.truncate("s").epoch_seconds().cast("int64")


def _kept(checked: ir.Table) -> ir.Table:
    return checked.filter(checked.step.isnull())


def _counts(cases: ir.Table, tickets: Tickets) -> Iterator[tuple[str, ir.BooleanValue]]:
    counts, complaint = _counts_at_all(cases, tickets), _is_complaint(cases, tickets)
    yield "complaints", complaint
    yield "consultations", counts & (cases.initiator == "resident") & cases.consultation
    # A question of staff is neither a complaint nor a case that they opened.
    yield "proactive_cases", counts & (cases.initiator == "proactive") & ~cases.consultation
    asked = [name for name in ANSWERS if name in tickets.columns]
    if asked:
        yield "surveyed", complaint & _answered(cases, tickets)
    for name in asked:
        yield name, complaint & cases[name].fill_null(False)
    if "due" in tickets.columns:
        yield "with_deadline", complaint & cases.due.notnull()
        yield "on_time", complaint & cases.due.notnull() & _in_time(cases, tickets)


def _is_complaint(cases: ir.Table, tickets: Tickets) -> ir.BooleanValue:
    resident = cases.initiator == "resident"
    return _counts_at_all(cases, tickets) & resident & ~cases.consultation


def _counts_at_all(cases: ir.Table, tickets: Tickets) -> ir.BooleanValue:
    return ~cases.internal if tickets.count_duplicates else ~cases.internal & ~cases.duplicate


def _answered(cases: ir.Table, tickets: Tickets) -> ir.BooleanValue:
    return ibis.or_(*(cases[name].notnull() for name in ANSWERS if name in tickets.columns))


def _in_time(cases: ir.Table, tickets: Tickets) -> ir.BooleanValue:
    """Take the city's own mark; where a row has none, closing and deadline decide."""
    marks: list[ir.BooleanValue] = [cases.on_time] if "on_time" in tickets.columns else []
    if "closed" in tickets.columns:
        marks.append(cases.closed <= cases.due)
    return ibis.coalesce(*marks, ibis.literal(False))
