"""The attrition flow: rows in and out of each cleaning step, why, and into each result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.attrition.cleaning import Reason, read_cleaning, read_reasons
from analysis.site.links import notebook_link
from analysis.site.material import Material
from analysis.site.page import Page
from analysis.study.schema import Study

__all__ = ["attrition_page", "shares_of_rows"]

# What takes rows away for good; all else that makes them fewer puts several in one.
LOSING = ("dropped", "restated")


def attrition_page(material: Material) -> Page:
    """Make the page of rows in and out."""
    content = {"studies": [_of_study(material, study) for study in material.studies]}
    names = tuple(study.name for study in material.studies)
    return Page("attrition.html", "Attrition", "attrition.html.j2", content, names)


def _of_study(material: Material, study: Study) -> dict[str, Any]:
    steps = read_cleaning(material.root, study.name)
    sizes = {(step.table, step.step): (step.rows_in, step.rows_out) for step in steps}
    return {
        "study": study,
        "tables": _tables(read_reasons(material.root, study.name), sizes),
        "flows": _flows(material, study),
    }


def _tables(
    done: Mapping[tuple[str, str], Sequence[Reason]],
    sizes: Mapping[tuple[str, str], tuple[int, int]],
) -> list[dict[str, Any]]:
    tables: dict[str, list[dict[str, Any]]] = {}
    for (table, step), reasons in done.items():
        rows = sizes.get((table, step))
        flow: dict[str, Any] = {"step": step, "rows": rows, "reasons": reasons, "shares": {}}
        if rows and rows[0]:
            flow["shares"] = shares_of_rows(rows, reasons)
        tables.setdefault(table, []).append(flow)
    return [
        {
            "name": name,
            "steps": steps,
            "most": max((max(step["rows"]) for step in steps if step["rows"]), default=0),
        }
        for name, steps in tables.items()
    ]


def shares_of_rows(rows: tuple[int, int], reasons: Sequence[Reason]) -> dict[str, float]:
    """Divide the rows that went into a step by what became of them.

    Parameters
    ----------
    rows
        In and out.
    reasons
        What was done, why, and to how many.

    Returns
    -------
    dict
        The shares that were `kept` as rows, `joined` to others and `lost`; they sum to 1.

    Examples
    --------
    >>> shares_of_rows((10, 4), [Reason("dropped", "sums up others", 1)])
    {'kept': 0.4, 'joined': 0.5, 'lost': 0.1}
    """
    rows_in, rows_out = rows
    lost = sum(why.count for why in reasons if why.action in LOSING)
    kept = rows_out - sum(why.count for why in reasons if why.action == "filled")
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
