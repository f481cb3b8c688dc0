"""Balance a panel: one row for every unit (and category) and every month."""

from __future__ import annotations

from typing import Any, Literal

import pandas as pd

from analysis.clean.ledger import Entry, Ledger, Step, entries_for
from analysis.contract.columns import count_columns

__all__ = ["balance"]

STEP = "balance"


def balance(
    table: pd.DataFrame,
    periods: pd.PeriodIndex,
    *,
    absent: Literal["missing", "zero"],
    units: pd.DataFrame | None = None,
    pairs: Literal["all", "seen"] = "all",
) -> tuple[pd.DataFrame, Ledger]:
    """Give every unit, every category and every month a row.

    Parameters
    ----------
    table
        `unit`, `district`, `period`, counts and perhaps `category`; one row a key.
    periods
        The months of the panel.
    absent
        What the counts are where there was no row: ``missing``, a report that never came, or
        ``zero``, no case.
    units
        `unit` and `district` of all units; those of the table if not given.
    pairs
        Whether a unit has rows for all categories, or for those that the table has of it.

    Returns
    -------
    panel : pandas.DataFrame
        Sorted by unit, category and month.
    ledger : Ledger
        Each report that never came; rows of zeros are counted in one entry, because no report
        was due.

    Examples
    --------
    >>> month = pd.period_range("2024-01", periods=2, freq="M")
    >>> table = pd.DataFrame({"unit": ["A"], "district": ["D"], "period": month[:1]})
    >>> panel, _ = balance(table.assign(complaints=[5]), month, absent="zero")
    >>> panel["complaints"].tolist()
    [5, 0]
    """
    homes = table if units is None else units
    district = homes.drop_duplicates("unit").set_index("unit")["district"]
    levels: dict[str, Any] = {"unit": sorted(district.index)}
    if "category" in table:
        levels["category"] = sorted(table["category"].unique())
    levels["period"] = periods
    keys = list(levels)
    every = pd.MultiIndex.from_product(list(levels.values()), names=keys)
    if pairs == "seen" and "category" in table:
        seen = pd.MultiIndex.from_frame(table[["unit", "category"]].drop_duplicates())
        every = every[every.droplevel("period").isin(seen)]
    reported = table.set_index(keys)
    panel = reported.reindex(every)
    counts = [name for name in count_columns() if name in panel]
    filled = ~every.isin(reported.index)
    if absent == "zero":
        panel.loc[filled, counts] = 0
    panel = panel.reset_index()
    panel["district"] = panel["unit"].map(district)
    panel = panel[list(table.columns)].astype(dict.fromkeys(counts, "Int64"))
    steps = (Step(STEP, len(table), len(panel)),)
    return panel, Ledger(_entries(panel[filled], absent), steps)


def _entries(filled: pd.DataFrame, absent: Literal["missing", "zero"]) -> tuple[Entry, ...]:
    if absent == "missing":
        reason = "no report of this unit and month; its counts are missing"
        return entries_for(filled, step=STEP, action="filled", reason=reason)
    if filled.empty:
        return ()
    reason = "no case of this unit, category and month; its counts are 0"
    return (Entry(STEP, "filled", reason, rows=len(filled)),)
