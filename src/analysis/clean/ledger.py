"""The ledger of cleaning: every row or cell that was dropped, changed or restated, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Literal, TypeAlias, get_args

import pandas as pd

__all__ = ["ACTIONS", "Action", "Entry", "Ledger", "Step", "entries_for"]

Action: TypeAlias = Literal["dropped", "restated", "set missing", "changed", "filled", "kept"]
ACTIONS: tuple[Action, ...] = get_args(Action)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that cleaning did.

    Attributes
    ----------
    step
        The cleaner that did it, in words.
    action
        ``dropped`` (the row is gone), ``restated`` (the row gave way to a later correction),
        ``set missing`` (a cell that cannot be used), ``changed`` (a cell), ``filled`` (a row that
        no file has) or ``kept`` (a row that deserves a reader's attention, as it is).
    reason
        Why.
    file, row
        The raw file and the row in it, where the header is row 1; empty and None if the entry is
        about something that no file has.
    unit, category, period, column
        What it concerns, as far as this is known at that step.
    before, after
        The cell before and after.
    rows
        How many rows or cells the entry stands for; 1 if it names a row.
    table
        The source or the panel that was being made.
    """

    step: str
    action: Action
    reason: str
    file: str = ""
    row: int | None = None
    unit: str = ""
    category: str = ""
    period: str = ""
    column: str = ""
    before: str = ""
    after: str = ""
    rows: int = 1
    table: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """How many rows went into a cleaner, and how many came out.

    Attributes
    ----------
    step, table
        As in `Entry`.
    rows_in, rows_out
        Rows before and after.
    joined
        Rows that came together with another in one row: parts of a merged unit, or the cases of
        residents and of staff in one month. Nothing is lost by it.
    """

    step: str
    rows_in: int
    rows_out: int
    joined: int = 0
    table: str = ""


@dataclass(frozen=True, slots=True)
class Ledger:
    """All that cleaning did, in the order in which it was done.

    Examples
    --------
    >>> dropped = Entry("totals", "dropped", "sums up other rows", file="a.csv", row=9)
    >>> ledger = Ledger((dropped,), (Step("totals", 8, 7),))
    >>> ledger.summary()[["step", "rows_in", "rows_out", "dropped"]].to_dict("records")
    [{'step': 'totals', 'rows_in': 8, 'rows_out': 7, 'dropped': 1}]
    """

    entries: tuple[Entry, ...] = ()
    steps: tuple[Step, ...] = ()

    def __add__(self, later: Ledger) -> Ledger:
        return Ledger(self.entries + later.entries, self.steps + later.steps)

    def for_table(self, table: str) -> Ledger:
        """Return the same ledger, with the table named in every entry and step."""
        return Ledger(
            tuple(replace(entry, table=table) for entry in self.entries),
            tuple(replace(step, table=table) for step in self.steps),
        )

    def frame(self) -> pd.DataFrame:
        """Return the entries as a table, one row each; `row` is a nullable whole number."""
        names = ["table", *(field.name for field in fields(Entry) if field.name != "table")]
        rows = [[getattr(entry, name) for name in names] for entry in self.entries]
        return pd.DataFrame(rows, columns=names).astype({"row": "Int64", "rows": "int64"})

    def summary(self) -> pd.DataFrame:
        """Return one row per table and step: rows in, rows out, and how often it did what.

        For every step, ``rows_out = rows_in - joined - dropped - restated + filled``.
        """
        rows = []
        for step in self.steps:
            done = [e for e in self.entries if (e.table, e.step) == (step.table, step.step)]
            counts: dict[str, int] = {
                action: sum(entry.rows for entry in done if entry.action == action)
                for action in ACTIONS
            }
            sizes = [step.rows_in, step.rows_out, step.joined]
            rows.append([step.table, step.step, *sizes, *counts.values()])
        heads = ["table", "step", "rows_in", "rows_out", "joined", *ACTIONS]
        return pd.DataFrame(rows, columns=heads)


def entries_for(
    rows: pd.DataFrame,
    *,
    step: str,
    action: Action,
    reason: str | Iterable[str],
    column: str = "",
    before: str | Iterable[object] = "",
    after: str | Iterable[object] = "",
) -> tuple[Entry, ...]:
    """Write one entry for each row of a table.

    Parameters
    ----------
    rows
        The rows concerned; where it has the columns `file`, `row`, `unit`, `category` and
        `period`, they are entered.
    reason, before, after
        One text for all rows, or one value for each row.
    """
    count = len(rows)

    def spread(given: str | Iterable[object]) -> list[str]:
        return [given] * count if isinstance(given, str) else [_text(value) for value in given]

    def named(name: str) -> list[str]:
        return [_text(value) for value in rows[name]] if name in rows else [""] * count

    numbers = [int(value) for value in rows["row"]] if "row" in rows else [None] * count
    return tuple(
        Entry(step, action, why, file, number, unit, category, period, column, old, new)
        for why, file, number, unit, category, period, old, new in zip(
            spread(reason),
            named("file"),
            numbers,
            named("unit"),
            named("category"),
            named("period"),
            spread(before),
            spread(after),
            strict=True,
        )
    )


def _text(value: object) -> str:
    return "" if value is pd.NA or value is pd.NaT or value != value else str(value)
