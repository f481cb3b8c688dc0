"""How values become positions and labels: months on an axis of years, effects in their unit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

__all__ = ["EffectUnit", "decimal_years", "effect_unit", "show_years"]

EffectUnit = Literal["log points", "percentage points"]


def decimal_years(periods: Iterable[pd.Period]) -> np.ndarray:
    """Place each month at its middle on an axis of years.

    Examples
    --------
    >>> decimal_years([pd.Period("2019-07", freq="M")]).round(3).tolist()
    [2019.542]
    """
    return np.array([month.year + (month.month - 0.5) / 12 for month in periods])


def effect_unit(scale: Literal["count", "share"]) -> tuple[float, EffectUnit]:
    """Give the factor that turns an estimate into the unit in which it is drawn, and the unit.

    Examples
    --------
    >>> effect_unit("share")
    (100.0, 'percentage points')
    """
    return (1.0, "log points") if scale == "count" else (100.0, "percentage points")


def show_years(axes: Axes, first: int, last: int) -> None:
    """Put a tick at the start of each year and its number in the year's middle.

    Parameters
    ----------
    axes
        A panel whose horizontal axis is in decimal years.
    first, last
        The first and the last year shown, whole.
    """
    years = np.arange(first, last + 1)
    # A margin, or the markers of the first and the last month would be cut in half.
    axes.set_xlim(first - 0.1, last + 1.1)
    axes.set_xticks(np.arange(first, last + 2), labels=[])
    axes.set_xticks(years + 0.5, labels=[str(year) for year in years], minor=True)
    axes.tick_params(axis="x", which="minor", length=0)
