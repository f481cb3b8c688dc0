"""How months become positions and labels on an axis of years."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

__all__ = ["decimal_years", "show_years"]


def decimal_years(periods: Iterable[pd.Period]) -> np.ndarray:
    """Place each month at its middle on an axis of years.

    Examples
    --------
    >>> decimal_years([pd.Period("2019-07", freq="M")]).round(3).tolist()
    [2019.542]
    """
    return np.array([month.year + (month.month - 0.5) / 12 for month in periods])


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
