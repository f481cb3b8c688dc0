"""Stop where more of a source went into quarantine than the study says that it may."""

from __future__ import annotations

from dataclasses import dataclass, fields

import ibis.expr.types as ir
import pandas as pd

from analysis.errors import DataError, Problem, did_you_mean
from analysis.study.tickets import Tickets
from analysis.tickets.clean.codes import ANSWERS
from analysis.tickets.clean.marks import begin_marks
from analysis.tickets.clean.quarantine import CELL_SET_MISSING, ROW_SET_ASIDE
from analysis.tickets.clean.reasons import (
    CUT_OFF_ID,
    NO_ID,
    NO_INITIATOR,
    NO_OPENED,
    NO_UNIT,
    OPENED_IN_FUTURE,
    UNKNOWN_INITIATOR,
    UNKNOWN_STATUS,
    UNKNOWN_UNIT,
    in_words,
)
from analysis.tickets.clean.references import TicketReferences
from analysis.tickets.clean.repairs import recode
from analysis.tickets.privacy.strip import strip_shown

__all__ = ["check_limits"]

# A value that comes less often may tell who someone is: a name written into the wrong column.
_OFTEN = 10
_VALUES_SHOWN = 10


def check_limits(
    account: pd.DataFrame,
    checked: ir.Table,
    landed: ir.Table,
    tickets: Tickets,
    references: TicketReferences,
) -> None:
    """Refuse a source of which too much is in quarantine for reasons that nobody foresaw.

    Rows set aside are held against the study's `quarantine_limit` together; cells set missing,
    column by column, as a column that was lost whole would else go unnoticed.

    Parameters
    ----------
    account
        From `analysis.tickets.clean.account.account`.
    checked, landed
        The tables behind it; they are read only if a limit is passed, to name unknown values.
    tickets
        The limit, and the values that are known.
    references
        The units that are known.

    Raises
    ------
    DataError
        With one problem for each reason: the rows, where they first stand, the unknown values
        that come 10 times or more (of rarer ones only their number), and what to do.
    """
    problems = []
    for entry in _find_over_limit(account, tickets.quarantine_limit):
        unknown = _find_unknown_values(entry, checked, landed, tickets)
        known = _known_values(entry, tickets, references)
        what = in_words(entry.reason) + (f" in {entry.column!r}" if entry.column else "")
        what += f" in {entry.rows} rows of {entry.source!r}"
        what += _tell_values(unknown, known) if unknown is not None else ""
        problems.append(Problem(what, entry.places, _hint(entry, tickets)))
    if problems:
        share = f"{tickets.quarantine_limit:.2%}"
        raise DataError(f"more than {share} of a source is unforeseen and in quarantine", problems)


@dataclass(frozen=True, slots=True)
class _Entry:
    source: str
    reason: str
    column: str
    rows: int
    places: str


def _find_over_limit(account: pd.DataFrame, limit: float) -> list[_Entry]:
    found = []
    for _, steps in account.groupby("source"):
        landed, kept = steps["rows_in"].iloc[0], steps["rows_out"].iloc[-1]
        aside = steps[(steps["action"] == ROW_SET_ASIDE) & ~steps["foreseen"]]
        if aside["rows"].sum() > limit * landed:
            found.append(aside)
        cells = steps[steps["action"] == CELL_SET_MISSING]
        found.append(cells[cells["rows"] > limit * kept])
    columns = [field.name for field in fields(_Entry)]
    return [
        _Entry(str(source), str(reason), str(column), int(rows), str(places))
        for table in found
        for source, reason, column, rows, places in table[columns].itertuples(index=False)
    ]


def _find_unknown_values(
    entry: _Entry, checked: ir.Table, landed: ir.Table, tickets: Tickets
) -> pd.Series | None:
    """Count how often each unknown value comes; None if the reason is not about values."""
    if entry.column in ANSWERS:
        # The checked table has what answers mean, no longer what they were.
        rows = recode(begin_marks(landed), tickets.recode)
        codes = getattr(tickets, entry.column)
        rows = rows.filter(
            rows.source == entry.source,
            rows[entry.column].notin([*codes.yes, *codes.no, *codes.none]),
        )
        column = entry.column
    elif entry.reason in _CODES:
        rows = checked.filter(checked.source == entry.source, checked.reason == entry.reason)
        column = _column_of(entry, tickets)
    else:
        return None
    counted = rows.group_by(value=rows[column]).aggregate(rows=rows.count()).to_pyarrow()
    values, counts = counted["value"].to_pylist(), counted["rows"].to_pylist()
    return pd.Series(counts, index=pd.Index(values, dtype="str"), dtype="int64").sort_index()


_CODES = (UNKNOWN_INITIATOR, UNKNOWN_STATUS, UNKNOWN_UNIT)


def _column_of(entry: _Entry, tickets: Tickets) -> str:
    columns = {UNKNOWN_INITIATOR: tickets.initiator.column, UNKNOWN_STATUS: "status"}
    return entry.column or columns.get(entry.reason, tickets.unit)


def _known_values(entry: _Entry, tickets: Tickets, references: TicketReferences) -> tuple[str, ...]:
    if entry.reason == UNKNOWN_UNIT:
        assert references.units is not None
        return (*references.units["unit"], *references.crosswalk["former_unit"])
    if entry.reason == UNKNOWN_INITIATOR:
        given = tickets.initiator
        return (*given.resident, *given.proactive, *given.system)
    if entry.reason == UNKNOWN_STATUS and tickets.status is not None:
        return (*tickets.status.open, *tickets.status.closed, *tickets.status.void)
    if entry.column in ANSWERS:
        codes = getattr(tickets, entry.column)
        return (*codes.yes, *codes.no, *codes.none)
    return ()


def _tell_values(unknown: pd.Series, known: tuple[str, ...]) -> str:
    often = unknown[unknown >= _OFTEN].sort_values(ascending=False, kind="stable")
    first = often.head(_VALUES_SHOWN)
    told = []
    # What may stand in a table, such as a number of eight digits, is not yet fit to be told.
    for value, rows in zip(strip_shown(list(first.index)), first, strict=True):
        nearest = did_you_mean(value, known)
        hint = f", {nearest}" if nearest.startswith("did you mean") else ""
        told.append(f"{value!r} ({rows} rows{hint})")
    if len(often) > _VALUES_SHOWN:
        told.append(f"{len(often) - _VALUES_SHOWN} more values")
    if len(often) < len(unknown):
        told.append(f"rarer than {_OFTEN} times: {len(unknown) - len(often)}")
    return f": {', '.join(told)}" if told else ""


def _hint(entry: _Entry, tickets: Tickets) -> str:
    source = f"of the source {entry.source!r}"
    hints = {
        "cells": f"look at 'delimiter' and 'quote' {source}",
        "time:opened": f"add the form in which it is written to 'times' {source}",
        NO_ID: f"look at 'headers' and 'missing' {source}",
        CUT_OFF_ID: "export the files anew, with the numbers of cases as text",
        NO_OPENED: f"look at 'headers' and 'missing' {source}",
        OPENED_IN_FUTURE: f"correct 'extracted' under 'tickets', or 'clock' {source}",
        NO_INITIATOR: "say what other values mean: 'otherwise' under 'tickets.initiator'",
        UNKNOWN_INITIATOR: "name them under 'tickets.initiator', or say 'otherwise' there",
        UNKNOWN_STATUS: "name them under 'tickets.status'",
        NO_UNIT: "if such cases belong to no unit, add \"\" to 'not_a_unit' under 'tickets'",
        UNKNOWN_UNIT: (
            "add them to the register or the crosswalk, to 'not_a_unit', or to "
            f"'tickets.recode.{tickets.unit}'"
        ),
    }
    if entry.column in ANSWERS:
        remedy = f"name them under 'tickets.{entry.column}'"
    elif entry.column:
        remedy = f"look at 'times' and 'clock' {source}"
    else:
        remedy = hints.get(entry.reason, "correct the files")
    return f"{remedy}; if all is as it should be, raise 'quarantine_limit'"
