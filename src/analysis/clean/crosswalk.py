"""Carry reports of renamed and merged units over to the units of today."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import pandas as pd

from analysis.clean.ledger import Entry, Ledger, Step, entries_for
from analysis.clean.places import Places, refuse
from analysis.clean.references import References
from analysis.contract.columns import count_columns
from analysis.errors import Problem, listing

__all__ = ["Event", "bring_to_present_units", "list_events", "names_in_force"]

# Former unit, unit, and the first month under the new name.
Event: TypeAlias = tuple[str, str, pd.Period]

STEP = "renamed and merged units"
RENAMED = "the unit was renamed later"
MERGED = "the unit was merged later; the counts of its parts are summed"
OUT_OF_TIME = "the name was not in force in this month, but it is the only one reported"


def bring_to_present_units(
    table: pd.DataFrame, keys: Sequence[str], references: References, places: Places
) -> tuple[pd.DataFrame, Ledger]:
    """Sum the reports of former units to the units that they have become.

    A renamed unit keeps its counts. A merged unit's count is the sum of its parts, and missing
    where a part did not report it, because half of a unit is not the unit. A name used out of its
    time (the former name after the event, or the present name before it) is taken over if it is
    the only one used in that month, and the ledger says so.

    Parameters
    ----------
    table
        Counts with `file`, `row` and the key columns; one row for each name and month.
    keys
        The columns that identify a row.
    references
        The crosswalk, and the districts of present units.

    Raises
    ------
    DataError
        If a month has rows under names that exclude each other, so that cases would count twice.
    """
    crosswalk = references.crosswalk
    touched = table["unit"].isin({*crosswalk["former_unit"], *crosswalk["unit"]})
    if references.units is None or not touched.any():
        return table, Ledger((), (Step(STEP, len(table), len(table)),))
    district = references.units.set_index("unit")["district"]
    present = _present_names(crosswalk, set(district.index))
    events = list_events(crosswalk)
    concerned = table[touched].assign(present=table["unit"][touched].map(present))
    others = [key for key in keys if key not in {"unit", "district"}]
    kept = [table[~touched]]
    entries: list[Entry] = []
    problems: list[Problem] = []
    for (name, *_), rows in concerned.groupby(["present", *others], sort=False):
        unit = str(name)
        period = rows["period"].iloc[0]
        use = _judge(set(rows["unit"]), unit, period, events)
        if use is None:
            problems.append(_overlap(rows, unit, period, events, places))
            continue
        complete, reason = use
        merged = _sum_parts(rows, complete=complete)
        kept.append(merged.assign(unit=unit, district=district[unit]))
        entries += _entries(rows, unit, complete=complete, reason=reason)
        entries += _lost_parts(rows, merged) if complete and len(rows) > 1 else ()
    refuse("some months are reported under two names of one unit", problems)
    brought = pd.concat(kept, ignore_index=True)[table.columns]
    joined = len(concerned) - (len(kept) - 1)
    return brought, Ledger(tuple(entries), (Step(STEP, len(table), len(brought), joined),))


def list_events(crosswalk: pd.DataFrame) -> tuple[Event, ...]:
    """Return the crosswalk as plain (former unit, unit, first month under the new name)."""
    columns = ["former_unit", "unit", "valid_from"]
    return tuple(crosswalk[columns].itertuples(index=False, name=None))


def names_in_force(unit: str, period: pd.Period, events: Sequence[Event]) -> frozenset[str]:
    """Name the units that together were today's `unit` in a month.

    Parameters
    ----------
    unit
        A unit of today (or a former unit, whose own past is then traced).
    period
        The month.
    events
        From `list_events`.

    Examples
    --------
    >>> month = pd.Period("2021-06", "M")
    >>> merged = [("A", "C", month), ("B", "C", month)]
    >>> sorted(names_in_force("C", month - 1, merged))
    ['A', 'B']
    >>> sorted(names_in_force("C", month, merged))
    ['C']
    """
    parts = [former for former, new, start in events if new == unit and start > period]
    if not parts:
        return frozenset({unit})
    # A unit that kept its name when another joined it is its own former unit.
    return frozenset().union(
        *({unit} if former == unit else names_in_force(former, period, events) for former in parts)
    )


def _present_names(crosswalk: pd.DataFrame, units: set[str]) -> dict[str, str]:
    becomes = dict(zip(crosswalk["former_unit"], crosswalk["unit"], strict=True))
    present = {}
    for name in [*becomes, *becomes.values()]:
        unit = name
        while unit not in units:
            unit = becomes[unit]
        present[name] = unit
    return present


def _judge(
    used: set[str], unit: str, period: pd.Period, events: Sequence[Event]
) -> tuple[bool, str] | None:
    """Return whether the names used make up the unit, and why; None if they overlap."""
    now = names_in_force(unit, period, events)
    if used == now:
        return True, "" if now == {unit} else MERGED if len(now) > 1 else RENAMED
    starts = dict.fromkeys(start for _, _, start in events)
    before_each = [names_in_force(unit, start - 1, events) for start in starts]
    # Names out of their time are clear only if the present name does not stand beside them.
    dated = [names for names in before_each if unit not in names and names != now]
    dated += [frozenset({unit})] if unit not in now else []
    for names in dated:
        if used == names:
            return True, OUT_OF_TIME
    for names in [now, *dated]:
        if used < names:
            return False, f"no report of {_and(names - used)}, a part of the unit"
    return None


def _and(names: frozenset[str] | set[str]) -> str:
    return listing(sorted(names))


def _sum_parts(rows: pd.DataFrame, *, complete: bool) -> pd.DataFrame:
    if complete and len(rows) == 1:
        return rows
    counts = [name for name in count_columns() if name in rows]
    merged = rows.iloc[[0]].copy()
    merged[counts] = rows[counts].sum(skipna=False).to_frame().T.astype("Int64").to_numpy()
    if not complete:
        merged[counts] = pd.NA
    return merged.astype(dict.fromkeys(counts, "Int64"))


def _entries(rows: pd.DataFrame, unit: str, *, complete: bool, reason: str) -> tuple[Entry, ...]:
    if not complete:
        return entries_for(
            rows, step=STEP, action="set missing", reason=reason, column="all counts"
        )
    renamed = rows[rows["unit"] != unit]
    if renamed.empty and reason:
        return entries_for(rows, step=STEP, action="kept", reason=reason, column="unit")
    return entries_for(
        renamed,
        step=STEP,
        action="changed",
        reason=reason,
        column="unit",
        before=renamed["unit"],
        after=[unit] * len(renamed),
    )


def _lost_parts(rows: pd.DataFrame, merged: pd.DataFrame) -> tuple[Entry, ...]:
    """Enter the counts of parts that are given up because another part did not report."""
    reported = [name for name in count_columns() if name in rows and rows[name].notna().any()]
    lost = [name for name in reported if merged[name].isna().any()]
    return tuple(
        entry
        for name in lost
        for entry in entries_for(
            rows[rows[name].notna()],
            step=STEP,
            action="set missing",
            reason="another part of the unit did not report it",
            column=name,
            before=rows[name].dropna(),
        )
    )


def _overlap(
    rows: pd.DataFrame, unit: str, period: pd.Period, events: Sequence[Event], places: Places
) -> Problem:
    spots = "; ".join(
        f"{name!r} in {places(file, row)}"
        for name, file, row in rows[["unit", "file", "row"]].itertuples(index=False)
    )
    expected = _and(names_in_force(unit, period, events))
    return Problem(
        f"{period} is reported under names that exclude each other: {spots}",
        places(rows["file"].iloc[-1], rows["row"].iloc[-1], "unit"),
        f"by the crosswalk the unit was then {expected}; delete the other row, or correct the "
        "crosswalk (a unit that kept its name in a merger is its own former unit)",
    )
