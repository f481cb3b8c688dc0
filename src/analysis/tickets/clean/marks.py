"""What cleaning writes beside a row: the step and reason that set it aside, and what it changed."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from analysis.tickets.clean.reasons import Step

__all__ = ["begin_marks", "finish_marks", "note", "set_aside", "unset_cells"]


def begin_marks(table: ir.Table) -> ir.Table:
    """Add the four columns of marks, with nothing in them yet.

    While steps run, `unset` and `changed` hold each name with a comma before it, so that a name
    can be added without asking whether it is the first; `finish_marks` takes the first comma away.
    """
    null, no_names = ibis.null("string"), ibis.literal("")
    return table.mutate(step=null, reason=null, unset=no_names, changed=no_names)


def set_aside(
    table: ir.Table, step: Step, reasons: Mapping[str, ir.BooleanValue] | ir.StringValue
) -> ir.Table:
    """Set rows aside that no earlier step has set aside.

    Parameters
    ----------
    table
        Tickets with marks.
    step
        The step that does it.
    reasons
        Reason -> the rows concerned, of which the first that applies is given, where null means
        that it does not apply; or a text column: the reason, or null.
    """
    if isinstance(reasons, Mapping):
        if not reasons:
            return table
        reasons = ibis.cases(*((holds, reason) for reason, holds in reasons.items()))
    return table.mutate(
        reason=table.step.isnull().ifelse(reasons, table.reason),
        step=(table.step.isnull() & reasons.notnull()).ifelse(step, table.step),
    )


def unset_cells(table: ir.Table, wrong: Mapping[str, ir.BooleanValue]) -> ir.Table:
    """Set cells missing that cannot be true, and name their columns in `unset`.

    Parameters
    ----------
    table
        Tickets with marks.
    wrong
        Column -> the rows in which its cell is wrong; null means that it is not.
    """
    kept = {name: holds.ifelse(ibis.null(), table[name]) for name, holds in wrong.items()}
    return note(table, "unset", wrong).mutate(
        **{name: cell.cast(table[name].type()) for name, cell in kept.items()}
    )


def note(table: ir.Table, mark: str, names: Mapping[str, ir.BooleanValue]) -> ir.Table:
    """Add names to `unset` or `changed` in the rows in which they apply; null means not."""
    written = table[mark]
    for name, holds in names.items():
        written = written + holds.fill_null(False).ifelse(f",{name}", "")
    return table.mutate(**{mark: written})


def finish_marks(table: ir.Table) -> ir.Table:
    """Make lists of names readable: commas stand between names, and no name is null."""
    return table.mutate(
        unset=table.unset.substr(1).nullif(""), changed=table.changed.substr(1).nullif("")
    )
