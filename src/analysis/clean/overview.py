"""Show a ledger to readers: how much was done at each step, and an example of each thing done."""

from __future__ import annotations

import pandas as pd

from analysis.clean.ledger import ACTIONS, Ledger

__all__ = ["count_steps", "pick_examples"]


def count_steps(ledger: Ledger) -> pd.DataFrame:
    """Return the ledger's summary as text for a table, without steps that did nothing.

    Returns
    -------
    pandas.DataFrame
        One row a step: where, step, rows in and out, rows joined, and how often each thing was
        done that was done at all.
    """
    summary = ledger.summary()
    done = ["joined", *ACTIONS]
    active = summary[(summary[done] > 0).any(axis=1)]
    shown = [name for name in done if (active[name] > 0).any()]
    sizes = active[["rows_in", "rows_out", *shown]].map("{:,}".format)
    names = active[["table", "step"]].replace("_", " ", regex=True)
    cells = pd.concat([names, sizes.replace({"0": ""})], axis=1)
    return cells.rename(columns=_head).reset_index(drop=True)


def pick_examples(ledger: Ledger) -> pd.DataFrame:
    """Return the first entry of each kind, with its place and its cells.

    Returns
    -------
    pandas.DataFrame
        One row for each step, action and reason, in the order in which they were first entered:
        where it was, what was there before and after, why, and how many such entries there are.
    """
    entries = ledger.frame()
    by = entries.groupby(["step", "action", "reason"], sort=False)
    first = by.head(1).set_index(["step", "action", "reason"])
    unit = first["unit"].where(first["unit"] != "", first["category"])
    row = first["row"].astype("str").where(first["row"].notna(), "")
    examples = pd.DataFrame(
        {
            "File": first["file"],
            "Row": row,
            "Unit or category": unit,
            "Month": first["period"],
            "Column": first["column"],
            "Before": first["before"],
            "After": first["after"],
            "Times": by["rows"].sum().map("{:,}".format),
        }
    ).reset_index()
    names = {"step": "Step", "action": "Done", "reason": "Reason"}
    examples = examples.rename(columns=names)
    return examples[["Step", "Done", *examples.columns[3:-1], "Reason", "Times"]]


def _head(name: str) -> str:
    return {"table": "Where"}.get(name, name.replace("_", " ").capitalize())
