"""City volumes by year: published totals, and the panel's beside them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figures.style import (
    COLOURS,
    GREY,
    INK,
    label_panels,
    mark_access,
    new_figure,
    styled,
)
from analysis.study.schema import Study

__all__ = ["draw_volumes", "yearly_cases"]

BAR = 0.38


@styled
def draw_volumes(
    accepted: pd.DataFrame, demands: dict[str, pd.DataFrame], cases: pd.DataFrame, *, study: Study
) -> Figure:
    """Draw yearly volumes.

    Parameters
    ----------
    accepted
        All that the hotline accepted, as `analysis.tables.published.yearly_volumes` gives it.
    demands
        Published series that count demands alone, by the label that the legend gives them; two
        of them may differ, since sources do.
    cases
        The panel's volumes, as `yearly_cases` gives them.
    study
        Its name and whether its data are simulated.

    Returns
    -------
    matplotlib.figure.Figure
        Left all cases, right complaints alone, in units of ten thousand.
    """
    figure, (left, right) = new_figure(2.9, columns=2)
    ours = "Panel" if study.access == "open" else f"Panel ({study.access})"
    _bars(left, accepted, cases, ours)
    right.bar(cases["year"], cases["complaints"], 2 * BAR, color=COLOURS[5], label=ours)
    markers = ["o", "D", "s", "^"]
    for (label, series), marker in zip(demands.items(), markers, strict=False):
        right.plot(series["year"], series["value"], marker, color=INK, label=label, mfc="white")
    for panel in (left, right):
        panel.set_xticks(cases["year"])
        panel.set_xlabel("Year")
        panel.set_ylabel("Cases (10,000)")
        top = panel.get_ylim()[1]
        # The legend stands above the bars, whichever year is the highest.
        panel.set_ylim(0, top * 1.5)
        panel.yaxis.set_major_formatter("{x:,.0f}")
        panel.legend(loc="upper left", handlelength=1.4, borderaxespad=0.2)
    label_panels([left, right], ["Complaints and consultations", "Complaints alone"])
    mark_access([left, right], study)
    return figure


def yearly_cases(panel: pd.DataFrame) -> pd.DataFrame:
    """Sum a panel's cases by calendar year.

    Parameters
    ----------
    panel
        A cleaned panel with `complaints` and, where published, `consultations`.

    Returns
    -------
    pandas.DataFrame
        `year`, `complaints` and `all_cases`, both in units of ten thousand.
    """
    names = [name for name in ("complaints", "consultations") if name in panel.columns]
    years = panel["period"].dt.year.rename("year")
    sums = panel[names].astype("Float64").groupby(years).sum().astype(float) / 10_000
    return sums.assign(all_cases=sums.sum(axis=1)).reset_index()[
        ["year", "complaints", "all_cases"]
    ]


def _bars(axes: Axes, published: pd.DataFrame, cases: pd.DataFrame, ours: str) -> None:
    worked_out = (published["basis"] == "worked out").to_numpy()
    places = published["year"].to_numpy() - BAR / 2
    values = published["value"].to_numpy()
    axes.bar(places[~worked_out], values[~worked_out], BAR, color=COLOURS[0], label="Published")
    axes.bar(
        places[worked_out],
        values[worked_out],
        BAR,
        color="white",
        edgecolor=COLOURS[0],
        hatch="//////",
        linewidth=0.6,
        label="Worked out from cumulative totals",
    )
    gaps = np.vstack([values - published["low"], published["high"] - values])
    wide = gaps.sum(axis=0) > 0
    axes.errorbar(
        places[wide], values[wide], gaps[:, wide], fmt="none", ecolor=INK, capsize=2, lw=0.8
    )
    axes.bar(
        cases["year"] + BAR / 2,
        cases["all_cases"],
        BAR,
        color=COLOURS[5],
        edgecolor=GREY,
        linewidth=0.3,
        label=ours,
    )
