"""Show a ledger to readers: how much was done at each step, and an example of each thing done."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis.clean.headers import name_columns
from analysis.clean.ledger import ACTIONS, Ledger
from analysis.clean.numbers import parse_numbers
from analysis.clean.read import read_files
from analysis.clean.totals import drop_totals
from analysis.study.sources import Source

__all__ = ["count_steps", "pick_examples", "share_without_unit"]


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


def share_without_unit(source: Source, folder: Path) -> float:
    """Return the share of a source's cases that no unit has, by the raw files.

    Parameters
    ----------
    source
        A source with labels that are `not_a_unit`.
    folder
        The study's raw folder.
    """
    named, places = name_columns(read_files(source, folder), source)
    text, _ = drop_totals(named, source.totals)
    wanted = {"complaints", "proactive_cases"}
    who = source.initiators
    columns = (
        sorted(wanted & set(source.headers))
        if who is None
        else sorted(
            {raw for role in (who.resident, who.proactive) for raw in role if role[raw] in wanted}
        )
    )
    cases = parse_numbers(text, places, counts=columns, rates=[], missing=source.missing)
    total = cases[columns].sum(axis=1)
    return float(total[cases["unit"].isin(source.not_a_unit)].sum() / total.sum())


def _head(name: str) -> str:
    return {"table": "Where"}.get(name, name.replace("_", " ").capitalize())
