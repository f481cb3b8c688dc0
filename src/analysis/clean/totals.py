"""Drop rows that are not a unit: totals of other rows, and cases without a place."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.clean.ledger import Ledger, Step, entries_for

__all__ = ["drop_non_units", "drop_totals"]

TOTALS, NON_UNITS = "total rows", "rows without a unit"


def drop_totals(table: pd.DataFrame, labels: Sequence[str]) -> tuple[pd.DataFrame, Ledger]:
    """Drop the rows whose unit, district or category says that they sum up others."""
    names = [name for name in ("unit", "district", "category") if name in table]
    is_total = table[names].isin(list(labels)).any(axis=1)
    return _drop(table, is_total, TOTALS, "sums up other rows")


def drop_non_units(table: pd.DataFrame, labels: Sequence[str]) -> tuple[pd.DataFrame, Ledger]:
    """Drop the rows whose unit is a label such as "(missing)".

    Their cases are real, but no unit's: they are in no panel, and the ledger counts them.
    """
    is_none = table["unit"].isin(list(labels))
    return _drop(table, is_none, NON_UNITS, "the label is not a unit")


def _drop(
    table: pd.DataFrame, rows: pd.Series, step: str, reason: str
) -> tuple[pd.DataFrame, Ledger]:
    entries = entries_for(table[rows], step=step, action="dropped", reason=reason)
    return table[~rows], Ledger(entries, (Step(step, len(table), int((~rows).sum())),))
