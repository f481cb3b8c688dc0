"""The quarantine: where each row stands that was set aside, and each cell that was set missing."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from analysis.tickets.clean.codes import ANSWERS
from analysis.tickets.clean.reasons import Step

__all__ = [
    "CELL_SET_MISSING",
    "QUARANTINE_COLUMNS",
    "ROW_SET_ASIDE",
    "cell_step",
    "is_kept",
    "quarantine",
]

QUARANTINE_COLUMNS = ("source", "file", "row", "step", "reason", "column", "action")
ROW_SET_ASIDE = "row set aside"
CELL_SET_MISSING = "cell set missing"


def quarantine(checked: ir.Table) -> ir.Table:
    """List rows set aside, and cells of kept rows set missing, by where they stand.

    Nothing of what stands in a cell is repeated, not even the case's number, which in some cities
    is a telephone number: `file` and `row` lead back to the raw file for those who may see it.

    Parameters
    ----------
    checked
        The checked table.

    Returns
    -------
    ibis.Table
        `QUARANTINE_COLUMNS`; `column` is null for a whole row.
    """
    aside = checked.filter(~is_kept(checked))
    rows = aside.select(
        "source", "file", "row", "step", "reason",
        column=ibis.null("string"),
        action=ibis.literal(ROW_SET_ASIDE),
    )  # fmt: skip
    kept = checked.filter(is_kept(checked) & checked.unset.notnull())
    cells = kept.select("source", "file", "row", column=kept.unset.split(",").unnest())
    is_answer = cells.column.isin(ANSWERS)
    told = {True: cell_step(ANSWERS[0]), False: cell_step("closed")}
    cells = cells.select(
        "source", "file", "row",
        step=is_answer.ifelse(told[True][0], told[False][0]),
        reason=is_answer.ifelse(told[True][1], told[False][1]),
        column=cells.column,
        action=ibis.literal(CELL_SET_MISSING),
    )  # fmt: skip
    return rows.union(cells).select(*QUARANTINE_COLUMNS)


def cell_step(column: str) -> tuple[Step, str]:
    """Return the step that sets cells of a column missing, and its reason."""
    if column in ANSWERS:
        return "codes", "unknown answer"
    return "validate", "cannot be read, or cannot be true"


def is_kept(checked: ir.Table) -> ir.BooleanValue:
    """Tell of each checked row whether no step has set it aside."""
    return checked.step.isnull()
