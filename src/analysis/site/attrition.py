"""The attrition flow: rows in and out of each cleaning step, why, and into each result."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pandas as pd

from analysis.site.links import notebook_link
from analysis.site.material import Material
from analysis.site.page import Page
from analysis.study.schema import Study

__all__ = ["attrition_page", "reasons_by_step", "shares_of_rows"]

# The columns of the table of cleaning that say how many rows there are.
ROWS = ["Where", "Step", "Rows in", "Rows out"]
# What takes rows away for good; all else that makes them fewer puts several in one.
LOSING = ("dropped", "restated")


def attrition_page(material: Material) -> Page:
    """Make the page of rows in and out."""
    content = {"studies": [_of_study(material, study) for study in material.studies]}
    names = tuple(study.name for study in material.studies)
    return Page("attrition.html", "Attrition", "attrition.html.j2", content, names)


def _of_study(material: Material, study: Study) -> dict[str, Any]:
    ledger = pd.read_csv(material.processed(study, "cleaning_ledger.csv"), keep_default_na=False)
    return {
        "study": study,
        "tables": _tables(reasons_by_step(ledger), _sizes(material, study)),
        "flows": _flows(material, study),
    }


def reasons_by_step(ledger: pd.DataFrame) -> dict[tuple[str, str], list[tuple[str, str, int]]]:
    """Sum the entries of a ledger of cleaning: nothing of single rows is left.

    Parameters
    ----------
    ledger
        With `table`, `step`, `action`, `reason` and `rows`, as the file has it.

    Returns
    -------
    dict
        Table and step -> what was done, why, and to how many rows or cells.

    Examples
    --------
    >>> rows = [["streets", "totals", "dropped", "sums up others", n] for n in (1, 2)]
    >>> heads = ["table", "step", "action", "reason", "rows"]
    >>> reasons_by_step(pd.DataFrame(rows, columns=heads))
    {('streets', 'totals'): [('dropped', 'sums up others', 3)]}
    """
    by = ["table", "step", "action", "reason"]
    sums = ledger.groupby(by, sort=False)["rows"].sum()
    done: dict[tuple[str, str], list[tuple[str, str, int]]] = {}
    for table, step, action, reason, rows in sums.reset_index().itertuples(index=False, name=None):
        done.setdefault((table, step), []).append((action, reason, int(rows)))
    return done


def _sizes(material: Material, study: Study) -> dict[tuple[str, str], tuple[int, int]]:
    """Read rows in and out from the recorded table of cleaning, if the study records one."""
    entry = material.ledgers[study.name].entries.get(f"{study.name}-cleaning")
    if entry is None:
        return {}
    name = next(name for name in sorted(entry.files) if name.endswith(".json"))
    content = json.loads((material.root / name).read_text(encoding="utf-8"))
    table = pd.DataFrame(content["rows"], columns=content["columns"])
    return {
        (row[0], row[1]): (int(row[2].replace(",", "")), int(row[3].replace(",", "")))
        for row in table[ROWS].itertuples(index=False)
    }


def _tables(
    done: dict[tuple[str, str], list[tuple[str, str, int]]],
    sizes: dict[tuple[str, str], tuple[int, int]],
) -> list[dict[str, Any]]:
    tables: dict[str, list[dict[str, Any]]] = {}
    for (table, step), reasons in done.items():
        shown = table.replace("_", " ")
        rows = sizes.get((shown, step))
        flow: dict[str, Any] = {"step": step, "rows": rows, "reasons": reasons, "shares": {}}
        if rows and rows[0]:
            flow["shares"] = shares_of_rows(rows, reasons)
        tables.setdefault(shown, []).append(flow)
    return [
        {
            "name": name,
            "steps": steps,
            "most": max((max(step["rows"]) for step in steps if step["rows"]), default=0),
        }
        for name, steps in tables.items()
    ]


def shares_of_rows(
    rows: tuple[int, int], reasons: Sequence[tuple[str, str, int]]
) -> dict[str, float]:
    """Divide the rows that went into a step by what became of them.

    Parameters
    ----------
    rows
        In and out.
    reasons
        What was done, why, and to how many, as `reasons_by_step` gives them.

    Returns
    -------
    dict
        The shares that were `kept` as rows, `joined` to others and `lost`; they sum to 1.

    Examples
    --------
    >>> shares_of_rows((10, 4), [("dropped", "sums up others", 1)])
    {'kept': 0.4, 'joined': 0.5, 'lost': 0.1}
    """
    rows_in, rows_out = rows
    lost = sum(count for action, _, count in reasons if action in LOSING)
    kept = rows_out - sum(count for action, _, count in reasons if action == "filled")
    counts = {"kept": kept, "joined": rows_in - kept - lost, "lost": lost}
    return {name: count / rows_in for name, count in counts.items()}


def _flows(material: Material, study: Study) -> list[tuple[str, list[dict[str, Any]]]]:
    """Put the flows of rows into results together by panel and by what they are results of."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for entry in material.ledgers[study.name].flows.values():
        group, _, result = entry.id.removeprefix(f"{study.name}.").rpartition(".")
        shown = {
            "entry": entry,
            "result": entry.label or result.replace("_", " "),
            "link": notebook_link(study.name, entry.run) + (f"#{entry.cell}" if entry.cell else ""),
        }
        groups.setdefault(group.replace(".", ": ").replace("_", " "), []).append(shown)
    return list(groups.items())
