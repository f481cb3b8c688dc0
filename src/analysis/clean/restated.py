"""Let a marked correction replace the row it corrects, and refuse a row that stands twice."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.clean.ledger import Ledger, Step, entries_for
from analysis.clean.places import Places, refuse
from analysis.errors import Problem

__all__ = ["apply_restatements"]

STEP = "restated rows"


def apply_restatements(
    table: pd.DataFrame, keys: Sequence[str], places: Places
) -> tuple[pd.DataFrame, Ledger]:
    """Keep the last correction of each row, whole, and drop what it replaces.

    Parameters
    ----------
    table
        Rows in the order in which they were reported, with `file` and `row`. If there is a
        column `restated`, a non-empty cell marks a correction.
    keys
        The columns that identify a row. A unit is known here by the name that the report uses.
    places
        The way back to the files.

    Returns
    -------
    table : pandas.DataFrame
        One row a key, without `restated`. A correction without an earlier row is a report like
        any other.
    ledger : Ledger
        The rows that gave way.

    Raises
    ------
    DataError
        If a key stands twice and the later row is not marked as a correction; both are named.
    """
    rows = table.reset_index(drop=True)
    positions = rows.index.to_series().groupby([rows[key] for key in keys], sort=False)
    first, last = positions.transform("min"), positions.transform("max")
    twice = rows[(rows.index != first) & ~_is_marked(rows)]
    earlier = rows.loc[first[twice.index]]
    problems = [
        Problem(
            f"{', '.join(key)} stands already in {earlier_file}, row {earlier_row}",
            places(file, row),
            "delete one of the two rows, or mark the later one as a correction",
        )
        for file, row, earlier_file, earlier_row, *key in zip(
            twice["file"],
            twice["row"],
            earlier["file"],
            earlier["row"],
            *(twice[key].astype(str) for key in keys),
            strict=True,
        )
    ]
    refuse("some rows stand twice", problems)
    replaced = rows[rows.index != last]
    corrections = rows.loc[last[replaced.index]]
    entries = entries_for(
        replaced,
        step=STEP,
        action="restated",
        reason="a later row corrects it",
        after=corrections["file"] + ", row " + corrections["row"].astype(str),
    )
    kept = rows[rows.index == last].drop(columns="restated", errors="ignore")
    return kept, Ledger(entries, (Step(STEP, len(rows), len(kept)),))


def _is_marked(rows: pd.DataFrame) -> pd.Series:
    if "restated" not in rows:
        return pd.Series(False, index=rows.index)
    return rows["restated"].fillna("") != ""
