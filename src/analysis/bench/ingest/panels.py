"""Whether two contestants' panels are the same: to the last count, quantiles to 1e-9."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis.bench.ingest.rules import QUANTILES, TABLES

__all__ = ["differences", "read_tables"]

# Seconds divided by 86,400 and written as decimals; anything more is another answer.
SAME = 1e-9


def read_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """Read the tables that a contestant wrote, sorted by their keys."""
    tables = {}
    for name, keys in TABLES.items():
        table = pd.read_csv(folder / f"{name}.csv")
        tables[name] = table.sort_values(list(keys), ignore_index=True)
    return tables


def differences(one: Path, other: Path) -> list[str]:
    """Say in what the tables of two contestants differ; nothing if they are the same.

    Parameters
    ----------
    one, other
        The folders of their results.
    """
    found = []
    mine, theirs = read_tables(one), read_tables(other)
    for name, keys in TABLES.items():
        left, right = mine[name], theirs[name]
        if list(left) != list(right):
            found.append(f"{name}: other columns: {list(left)} and {list(right)}")
        elif not left[list(keys)].equals(right[list(keys)]):
            found.append(f"{name}: other rows: {len(left)} and {len(right)}")
        else:
            columns = [c for c in left if _differ(left[c], right[c], exact=c not in QUANTILES)]
            found += [f"{name}: column {column!r}" for column in columns]
    return found


def _differ(left: pd.Series, right: pd.Series, *, exact: bool) -> bool:
    if exact:
        return not left.equals(right)
    both_missing = left.isna() & right.isna()
    return not bool((both_missing | ((left - right).abs() <= SAME)).all())
