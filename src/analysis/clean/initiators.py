"""Turn rows by who opened a case into columns of the contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.clean.impossible import find_impossible
from analysis.clean.ledger import Entry, Ledger, Step, entries_for
from analysis.clean.places import Places, refuse
from analysis.contract.columns import count_columns
from analysis.errors import Problem, did_you_mean
from analysis.study.sources import Initiators

__all__ = ["spread_initiators"]

STEP = "initiators"


def spread_initiators(
    table: pd.DataFrame, initiators: Initiators, keys: Sequence[str], absent: str, places: Places
) -> tuple[pd.DataFrame, Ledger]:
    """Bring the rows of residents, staff and software together in one row a key.

    Parameters
    ----------
    table
        One row for each key and initiator, with `file` and `row`; counts (Int64) under their raw
        headers.
    initiators
        Which raw count of which initiator becomes which column.
    keys
        The columns that identify a row of the panel.
    absent
        What it means that an initiator has no row for a key that another has: ``zero`` cases, or
        a ``missing`` report.
    places
        The way back to the files.

    Returns
    -------
    table : pandas.DataFrame
        One row a key with counts of the contract. `file` and `row` are those of the key's first
        raw row.
    ledger : Ledger
        The rows of initiators that the study leaves out.

    Raises
    ------
    DataError
        If a row has an initiator that the study does not name, or an impossible value.
    """
    roles: dict[str, Mapping[str, str]] = {
        "resident": initiators.resident,
        "proactive": initiators.proactive,
        "system": initiators.system,
    }
    refuse("some rows have an unknown initiator", _unknown(table, initiators, list(roles), places))
    identity = [*keys, *(["district"] if "district" not in keys else [])]
    first_place = table.groupby(identity, sort=False)[["file", "row"]].first()
    parts: list[pd.DataFrame] = []
    entries: list[Entry] = []
    problems: list[Problem] = []
    for role, names in roles.items():
        rows = table[table[initiators.column] == role]
        if not names:
            entries += _left_out(rows, role)
            continue
        part = rows[["file", "row", *identity, *names]].rename(columns=dict(names))
        headers = {(f, names[raw]): raw for f in part["file"].unique() for raw in names}
        problems += find_impossible(part, Places(dict(places.headers) | headers))
        parts.append(part.drop(columns=["file", "row"]).set_index(identity))
    refuse("some values cannot be true", problems)
    spread = pd.concat(parts, axis=1)
    if absent == "zero":
        spread = spread.fillna(0)
    counts = [name for name in count_columns() if name in spread]
    brought = spread[counts].join(first_place).reset_index()
    joined = len(table) - len(entries) - len(brought)
    return brought, Ledger(tuple(entries), (Step(STEP, len(table), len(brought), joined),))


def _unknown(
    table: pd.DataFrame, initiators: Initiators, roles: Sequence[str], places: Places
) -> list[Problem]:
    wrong = table[~table[initiators.column].isin(roles)]
    return [
        Problem(
            f"{who!r} is no initiator",
            places(file, row, initiators.column),
            did_you_mean(str(who), roles),
        )
        for file, row, who in zip(
            wrong["file"], wrong["row"], wrong[initiators.column], strict=True
        )
    ]


def _left_out(rows: pd.DataFrame, role: str) -> tuple[Entry, ...]:
    reason = f"the study counts no cases whose initiator is {role!r}"
    return entries_for(rows, step=STEP, action="dropped", reason=reason)
