"""The account of cleaning: of each source and step, rows in, rows out and why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from analysis.tickets.clean.codes import ANSWERS
from analysis.tickets.clean.quarantine import (
    CELL_SET_MISSING,
    ROW_SET_ASIDE,
    cell_step,
    is_kept,
)
from analysis.tickets.clean.reasons import STEPS, is_foreseen
from analysis.tickets.contract import ticket_columns

__all__ = ["ACCOUNT_COLUMNS", "account", "cells_that_can_be_unset"]

ACCOUNT_COLUMNS = (
    "source", "step", "rows_in", "rows_out", "action", "reason", "column", "rows", "foreseen",
    "places",
)  # fmt: skip

# So many files are named as examples.
_PLACES_SHOWN = 3


def account(checked: ir.Table) -> pd.DataFrame:
    """Account for every row of every source.

    Parameters
    ----------
    checked
        The checked table, best as the engine has written it: it is read once.

    Returns
    -------
    pandas.DataFrame
        For each source (by name) and step (in order) one row for each reason with which the step
        set rows aside and for each column in which it set cells of kept rows missing; a step that
        did nothing has one row with 0 `rows` and empty `action`, `reason` and `column`. `rows_in`
        and `rows_out` are those of the step as a whole: ``rows_out = rows_in - sum of rows set
        aside``. `foreseen` is as in `analysis.tickets.clean.reasons.is_foreseen`; `places` names
        the first row in each of the first files concerned.
    """
    cells = cells_that_can_be_unset(checked)
    groups = _count(checked, cells)
    rows: list[dict[str, Any]] = []
    for source in sorted(groups["source"].unique()):
        of_source = groups[groups["source"] == source]
        rows_in = int(of_source["rows"].sum())
        for step in STEPS:
            done = [*_rows_set_aside(of_source, step), *_cells_unset(of_source, step, cells)]
            lost = sum(entry["rows"] for entry in done if entry["action"] == ROW_SET_ASIDE)
            numbers = {"rows_in": rows_in, "rows_out": rows_in - lost}
            rows += [{"source": source, "step": step, **numbers, **entry} for entry in done]
            if not done:
                rows.append({"source": source, "step": step, **numbers, **_NOTHING_DONE})
            rows_in -= lost
    return pd.DataFrame(rows, columns=list(ACCOUNT_COLUMNS))


_NOTHING_DONE: dict[str, Any] = {
    "action": "", "reason": "", "column": "", "rows": 0, "foreseen": True, "places": "",
}  # fmt: skip


def cells_that_can_be_unset(checked: ir.Table) -> tuple[str, ...]:
    """Name the columns whose cells cleaning sets missing where they cannot be true."""
    moments = [name for name in ticket_columns("time") if name != "opened"]
    return tuple(name for name in (*moments, *ANSWERS) if name in checked.columns)


def _count(checked: ir.Table, cells: tuple[str, ...]) -> pd.DataFrame:
    """Count rows by source, file, step and reason, and wrong cells of kept rows beside them."""
    names = ibis.literal(",") + checked.unset + ibis.literal(",")
    wrong = {name: is_kept(checked) & names.contains(f",{name},") for name in cells}
    counted = checked.group_by("source", "file", "step", "reason").aggregate(
        rows=checked.count(),
        first=checked.row.min(),
        **{f"rows_{name}": checked.count(where=holds) for name, holds in wrong.items()},
        **{f"first_{name}": checked.row.min(where=holds) for name, holds in wrong.items()},
    )
    return pd.DataFrame(counted.to_pyarrow().to_pylist(), columns=list(counted.columns))


def _rows_set_aside(of_source: pd.DataFrame, step: str) -> Iterable[dict[str, Any]]:
    here = of_source[of_source["step"] == step]
    for reason in sorted(here["reason"].unique()):
        files = here[here["reason"] == reason]
        yield {
            "action": ROW_SET_ASIDE,
            "reason": reason,
            "column": "",
            "rows": int(files["rows"].sum()),
            "foreseen": is_foreseen(step, reason),
            "places": _places(files, "first"),
        }


def _cells_unset(
    of_source: pd.DataFrame, step: str, cells: tuple[str, ...]
) -> Iterable[dict[str, Any]]:
    for name in cells:
        files = of_source[of_source[f"rows_{name}"] > 0]
        where, reason = cell_step(name)
        if where == step and len(files):
            yield {
                "action": CELL_SET_MISSING,
                "reason": reason,
                "column": name,
                "rows": int(files[f"rows_{name}"].sum()),
                "foreseen": False,
                "places": _places(files, f"first_{name}"),
            }


def _places(files: pd.DataFrame, first: str) -> str:
    ordered = files.sort_values("file")
    shown = [
        f"{file}, row {int(row)}" for file, row in zip(ordered["file"], ordered[first], strict=True)
    ][:_PLACES_SHOWN]
    more = [f"and {len(ordered) - _PLACES_SHOWN} more files"] if len(ordered) > len(shown) else []
    return "; ".join(shown + more)
