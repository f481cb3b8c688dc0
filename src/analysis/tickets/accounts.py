"""The account of an ingest, in the form in which the ledger of cleaning takes it up."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from analysis.tickets.clean.quarantine import ROW_SET_ASIDE
from analysis.tickets.clean.reasons import EARLIER_VERSION
from analysis.tickets.counts.count import Counted

__all__ = ["COLUMNS", "full_account"]

COLUMNS = ("table", "step", "rows_in", "rows_out", "joined", "action", "reason", "rows")
COUNT, EMPTY = "count", "no case of this unit, category and month; its counts are 0"


def full_account(cleaning: pd.DataFrame, counted: Counted) -> pd.DataFrame:
    """Account for tickets from the raw files to the rows of the tables.

    Parameters
    ----------
    cleaning
        From `analysis.tickets.clean.account.account`.
    counted
        From `analysis.tickets.counts.count.count_tickets`.

    Returns
    -------
    pandas.DataFrame
        `COLUMNS`, as in `analysis.clean.ledger`: a source's steps, then for each table one step in
        which cases come together in rows. For every step, ``rows_out = rows_in - joined - dropped
        - restated + filled``.
    """
    rows = [_of_cleaning(entry) for entry in cleaning.to_dict("records")]
    last = cleaning.groupby("source", sort=False)["rows_out"].last()
    for name, table in counted.tables.items():
        rows += _of_counting(name, table, counted, int(last.sum()))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _of_cleaning(entry: Mapping[Hashable, Any]) -> list[object]:
    reason, column = str(entry["reason"]), str(entry["column"])
    if entry["action"] == ROW_SET_ASIDE:
        action = "restated" if reason == EARLIER_VERSION else "dropped"
    else:
        action, reason = "set missing" if column else "", f"{column}: {reason}" if column else ""
    step = [entry["source"], entry["step"], entry["rows_in"], entry["rows_out"], 0]
    return [*step, action, reason, entry["rows"]]


def _of_counting(
    name: str, table: pd.DataFrame, counted: Counted, cases: int
) -> list[list[object]]:
    """Say how cases became rows: each is in one, or was left out for a stated reason."""
    counts = [c for c in ("complaints", "consultations", "proactive_cases") if c in table]
    empty = int((table[counts].fillna(0).sum(axis=1) == 0).sum())
    lost = [given for given in counted.left_out if given.cases and name in given.tables]
    dropped = sum(given.cases for given in lost)
    joined = cases - dropped + empty - len(table)
    step = [name, COUNT, cases, len(table), joined]
    return [
        [*step, "filled" if empty else "", EMPTY if empty else "", empty],
        *([*step, "dropped", given.reason, given.cases] for given in lost),
    ]
