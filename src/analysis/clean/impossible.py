"""Stop at values that cannot be true, such as more satisfied residents than were asked."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.clean.places import REMEDY, Places
from analysis.contract.columns import column, count_columns
from analysis.errors import Problem

__all__ = ["find_impossible"]


def find_impossible(
    table: pd.DataFrame, places: Places, rates: Sequence[str] = ()
) -> list[Problem]:
    """Find counts below zero, rates outside 0 to 100 per cent, and parts larger than the whole.

    Nothing is repaired here: which of two cells that contradict each other is wrong is a
    judgement, and judgements are made in the study's list of known errors, where they can be read.

    Parameters
    ----------
    table
        Numbers with `file` and `row`.
    places
        The way back to the files.
    rates
        The columns that hold percentages.

    Returns
    -------
    list of Problem
        One for each cell.
    """
    counts = [name for name in count_columns() if name in table]
    problems = []
    for name in counts:
        low = table[(table[name] < 0).fillna(False)]
        problems += _problems(low, name, places, "{value} is negative")
        for bound in column(name).at_most:
            if bound in counts:
                high = table[(table[name] > table[bound]).fillna(False)]
                what = f"{name} is {{value}} but {bound} is {{bound}}, which it cannot exceed"
                problems += _problems(high, name, places, what, bound)
    for name in rates:
        outside = table[((table[name] < 0) | (table[name] > 100)).fillna(False)]
        problems += _problems(outside, name, places, "{value} % is not between 0 and 100")
    return problems


def _problems(
    rows: pd.DataFrame, name: str, places: Places, what: str, bound: str | None = None
) -> list[Problem]:
    bounds = rows[bound or name]
    return [
        Problem(what.format(value=value, bound=limit), places(file, row, name), REMEDY)
        for file, row, value, limit in zip(
            rows["file"], rows["row"], rows[name], bounds, strict=True
        )
    ]
