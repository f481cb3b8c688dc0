"""Cases month by month, one line for each kind."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis.figures.scales import decimal_years, show_years
from analysis.figures.style import (
    COLOURS,
    INK,
    LINES,
    MARKERS,
    mark_access,
    new_figure,
    styled,
)
from analysis.study.schema import Study

__all__ = ["draw_monthly_cases"]


@styled
def draw_monthly_cases(cases: pd.DataFrame, *, study: Study, lowest: str | None = None) -> Figure:
    """Draw monthly numbers of cases.

    Parameters
    ----------
    cases
        Indexed by month (`Period`), one column for each kind, named as the legend names it.
    study
        Whether its data are open, simulated or restricted.
    lowest
        The kind whose lowest month is named in the figure.

    Returns
    -------
    matplotlib.figure.Figure
        On a logarithmic axis if the highest month of any kind is more than a hundred times an
        ordinary month of another, else from zero.
    """
    figure, (axes,) = new_figure(2.6)
    months = pd.PeriodIndex(cases.index)
    times = decimal_years(months)
    for number, name in enumerate(cases.columns):
        axes.plot(
            times,
            cases[name].astype(float),
            color=COLOURS[number],
            ls=LINES[number],
            marker=MARKERS[number],
            ms=3,
            markevery=max(1, len(months) // 12),
            label=str(name),
        )
    counts = cases.astype(float)
    if counts.min().min() > 0 and counts.max().max() > 100 * counts.median().min():
        axes.set_yscale("log")
    else:
        axes.set_ylim(0, 1.08 * float(counts.max().max()))
    axes.yaxis.set_major_formatter("{x:,.0f}")
    if lowest is not None:
        values = cases[lowest].astype(float).to_numpy()
        least = int(np.nanargmin(values))
        axes.annotate(
            str(months[least]),
            (times[least], values[least]),
            (0, 17),
            textcoords="offset points",
            ha="center",
            arrowprops={"arrowstyle": "-", "linewidth": 0.6, "color": INK},
            fontsize=7.5,
            color=INK,
        )
    axes.set_xlabel("Year" if months[0].year < months[-1].year else f"Month of {months[0].year}")
    axes.set_ylabel("Cases a month")
    axes.grid(axis="y")
    if months[0].year < months[-1].year:
        show_years(axes, months[0].year, months[-1].year)
    else:
        axes.set_xticks(times, labels=[str(month.month) for month in months])
    figure.legend(loc="outside upper center", ncols=len(cases.columns))
    mark_access(axes, study)
    return figure
