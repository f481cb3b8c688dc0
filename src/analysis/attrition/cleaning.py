"""Rows in and out of each step of cleaning, and why."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import Problem, RunError
from analysis.reading import broken
from analysis.trace.cells import read_table

__all__ = ["CleaningStep", "Reason", "read_cleaning", "read_reasons"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a step did what it did.

    Attributes
    ----------
    action
        ``dropped``, ``restated``, ``set missing``, ``changed``, ``filled`` or ``kept``.
    reason
        Why.
    count
        How many rows or cells.
    """

    action: str
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class CleaningStep:
    """One step of cleaning.

    Attributes
    ----------
    table, step
        The source or panel that was being made, and the step, in words.
    rows_in, rows_out
        Rows before and after.
    joined, dropped, restated, filled
        Rows that came together with another, are gone, gave way to a later correction, or were
        added.
    reasons
        Why, if the ledger of cleaning is there.

    Raises
    ------
    RunError
        If they do not add up: ``rows_out = rows_in - joined - dropped - restated + filled``.
    """

    table: str
    step: str
    rows_in: int
    rows_out: int
    joined: int
    dropped: int
    restated: int
    filled: int
    reasons: tuple[Reason, ...] = ()

    def __post_init__(self) -> None:
        left = self.rows_in - self.joined - self.dropped - self.restated + self.filled
        if left != self.rows_out:
            what = f"{left:,} rows should be left, and there are {self.rows_out:,}"
            problem = Problem(what, f"{self.table}, {self.step}", "make the table anew by a run")
            raise RunError("a step of cleaning does not add up", [problem])


def read_cleaning(root: Path, study: str) -> list[CleaningStep]:
    """Read what cleaning did to a study's rows.

    Steps and their rows are those of the recorded table of cleaning, which leaves out steps that
    did nothing; reasons are from ``data/processed/<study>/cleaning_ledger.csv``, which is there
    after a run.

    Parameters
    ----------
    root
        The top folder of the compendium.
    study
        The study's name.

    Returns
    -------
    list of CleaningStep
        In the order in which they were taken; empty if no table was recorded.

    Raises
    ------
    RunError
        If a step does not add up, or a file is broken.
    """
    table = read_table(root, f"{study}-cleaning")
    if table is None:
        return []
    reasons = read_reasons(root, study)
    steps = []
    for row, cells in enumerate(table.rows, start=1):
        try:
            steps.append(_step(dict(zip(table.columns, cells, strict=True)), reasons))
        except (KeyError, ValueError) as failure:
            what = f"row {row} says no rows of a step: {failure}"
            raise broken(f"paper/tables/{study}-cleaning.json", what) from None
    return steps


def read_reasons(root: Path, study: str) -> dict[tuple[str, str], tuple[Reason, ...]]:
    """Sum what cleaning noted down, row by row: nothing of single rows is left.

    Parameters
    ----------
    root, study
        See `read_cleaning`.

    Returns
    -------
    dict
        Table and step, as the table for readers writes them -> what was done and why, in the
        order in which it was; empty without ``cleaning_ledger.csv``.

    Raises
    ------
    RunError
        If the file is broken.
    """
    name = f"data/processed/{study}/cleaning_ledger.csv"
    if not (root / name).is_file():
        return {}
    counts: Counter[tuple[str, str, str, str]] = Counter()
    try:
        with (root / name).open(encoding="utf-8", newline="") as stream:
            lines = csv.DictReader(stream)
            if lines.fieldnames is None:
                raise ValueError("it has not even heads")
            for line in lines:
                # The table for readers writes spaces for underscores.
                table, step = (line[head].replace("_", " ") for head in ("table", "step"))
                counts[table, step, line["action"], line["reason"]] += int(line["rows"])
    except (KeyError, ValueError, TypeError, AttributeError, csv.Error) as failure:
        raise broken(name, f"it is no ledger of cleaning: {failure}") from None
    found: dict[tuple[str, str], tuple[Reason, ...]] = {}
    for (table, step, action, reason), count in counts.items():
        earlier = found.get((table, step), ())
        found[table, step] = (*earlier, Reason(action, reason, count))
    return found


def _step(
    cells: Mapping[str, str], reasons: Mapping[tuple[str, str], tuple[Reason, ...]]
) -> CleaningStep:
    def count(head: str) -> int:
        # A column is left out of the table if it is empty, and a cell is empty if it is 0.
        return int(cells.get(head, "").replace(",", "") or 0)

    return CleaningStep(
        table=cells["Where"],
        step=cells["Step"],
        rows_in=count("Rows in"),
        rows_out=count("Rows out"),
        joined=count("Joined"),
        dropped=count("Dropped"),
        restated=count("Restated"),
        filled=count("Filled"),
        reasons=reasons.get((cells["Where"], cells["Step"]), ()),
    )
