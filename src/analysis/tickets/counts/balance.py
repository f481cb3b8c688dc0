"""Give every unit, and every category seen in it, a row for every month of its life.

The engine has already summed millions of tickets to a table of some thousand rows. What follows
depends on the study file and the register month by month, and is done in pandas, where it is
plainer than as joins and the same for every engine.
"""

from __future__ import annotations

import pandas as pd

from analysis.contract.columns import column
from analysis.tickets.counts.left_out import LeftOut

__all__ = ["balance_counts"]

OUTSIDE_LIFE = "outside the months in which the register knows the unit"


def balance_counts(
    counts: pd.DataFrame,
    units: pd.DataFrame,
    known: dict[str, pd.PeriodIndex],
    months: pd.PeriodIndex,
    table: str,
) -> tuple[pd.DataFrame, tuple[LeftOut, ...]]:
    """Balance a table of counts, with 0 where there was no case.

    Parameters
    ----------
    counts
        `unit`, perhaps `category`, `period` and counts; one row a key, and only keys that have a
        case.
    units
        `unit` and `district`, and perhaps `valid_from` and `valid_to`, the first and the last month
        of a unit's life; missing where it has no such end.
    known
        Column of the panel contract -> the months in which it is known; elsewhere it is missing.
    months
        The months of the tables.
    table
        What the table is called, ``tickets`` or ``tickets_by_category``.

    Returns
    -------
    panel : pandas.DataFrame
        Columns and dtypes of the panel contract; sorted by unit, category and month.
    left_out : tuple of LeftOut
        The cases of a unit in months in which it did not exist.
    """
    keys = [name for name in ("unit", "category", "period") if name in counts]
    rows = units
    if "category" in keys:
        rows = units.merge(counts[["unit", "category"]].drop_duplicates(), on="unit")
    grid = rows.merge(pd.DataFrame({"period": months}), how="cross")
    if "valid_from" in grid:
        grid = grid[grid["valid_from"].isna() | (grid["valid_from"] <= grid["period"])]
    if "valid_to" in grid:
        grid = grid[grid["valid_to"].isna() | (grid["period"] <= grid["valid_to"])]
    panel = grid.merge(counts, on=keys, how="left", validate="one_to_one")
    for name, where in known.items():
        values = panel[name].fillna(0) if column(name).kind == "count" else panel[name]
        panel[name] = values.where(panel["period"].isin(where))
    panel = panel.astype({name: column(name).dtype for name in known})
    ordered = panel.sort_values(keys, ignore_index=True)
    head = [name for name in ("unit", "district", "category", "period") if name in ordered]
    return ordered[[*head, *known]], _outside(counts, grid, months, keys, table)


def _outside(
    counts: pd.DataFrame, grid: pd.DataFrame, months: pd.PeriodIndex, keys: list[str], table: str
) -> tuple[LeftOut, ...]:
    placed = pd.MultiIndex.from_frame(counts[keys]).isin(pd.MultiIndex.from_frame(grid[keys]))
    lost = counts[~placed & counts["period"].isin(months)]
    return tuple(
        LeftOut(
            f"{OUTSIDE_LIFE}: {unit}",
            tuple(map(str, sorted(rows["period"].unique()))),
            tables=(table,),
            cases=int(rows["cases"].sum()),
        )
        for unit, rows in lost.groupby("unit", sort=True)
    )
