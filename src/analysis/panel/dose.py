"""Work out a treatment that varies in amount: what was done in the months before."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.errors import DataError, Problem
from analysis.study.levels import Dose

__all__ = ["add_dose"]


def add_dose(
    panel: pd.DataFrame, dose: Dose, unit: Sequence[str], name: str = "dose"
) -> pd.DataFrame:
    """Add a dose: the mean of a count over the months before, within each unit.

    Parameters
    ----------
    panel
        A balanced panel, sorted or not.
    dose
        Which count, over how many months before, and whether ``log(1 + mean)`` is taken. This
        month itself never counts, so that its own mix of cases is not on both sides.
    unit
        The columns that together identify a unit.
    name
        What the column is called.

    Returns
    -------
    pandas.DataFrame
        The panel with the dose (float64), in its former order. It is missing in a unit's first
        months and wherever one of the months before is missing.

    Raises
    ------
    DataError
        If a unit lacks a month between two others, so that the row before is not the month before.

    Examples
    --------
    >>> months = pd.period_range("2024-01", periods=4, freq="M")
    >>> panel = pd.DataFrame({"unit": "A", "period": months, "proactive_cases": [2, 4, 9, 0]})
    >>> add_dose(panel, Dose("proactive_cases", 2, "none"), ["unit"])["dose"].tolist()
    [nan, nan, 3.0, 6.5]
    """
    ordered = panel.sort_values([*unit, "period"])
    _refuse_gaps(ordered, unit)
    series = ordered.groupby(list(unit), sort=False)[dose.column]
    before = [series.shift(lag).astype("Float64") for lag in range(1, dose.months_before + 1)]
    # A sum of shifted columns, not a rolling mean: the latter carries rounding errors along.
    mean = sum(before[1:], start=before[0]) / dose.months_before
    amount = mean.to_numpy(dtype="float64", na_value=np.nan)
    if dose.transform == "log1p":
        amount = np.log1p(amount)
    return panel.assign(**{name: pd.Series(amount, index=ordered.index)})


def _refuse_gaps(ordered: pd.DataFrame, unit: Sequence[str]) -> None:
    periods = ordered["period"]
    before = periods.groupby([ordered[name] for name in unit], sort=False).shift(1)
    gaps = ordered[before.notna() & (before != periods - 1)]
    if len(gaps):
        first = ", ".join(str(gaps[name].iloc[0]) for name in (*unit, "period"))
        what = f"{len(gaps)} rows do not follow the month before, the first of them {first}"
        hint = "balance the panel first, see analysis.panel.balance"
        raise DataError("the dose cannot be worked out", [Problem(what, "period", hint)])
