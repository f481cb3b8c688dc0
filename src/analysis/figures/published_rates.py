"""Resolution and satisfaction over time: the published figures, and the panel's path."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis.contract.measures import measure
from analysis.figures.scales import decimal_years, show_years
from analysis.figures.style import (
    ACCENT,
    COLOURS,
    label_panels,
    mark_access,
    new_figure,
    styled,
)
from analysis.study.schema import Study

__all__ = ["draw_published_rates", "monthly_rates"]


@styled
def draw_published_rates(published: pd.DataFrame, monthly: pd.DataFrame, *, study: Study) -> Figure:
    """Draw published rates as points and the panel's as a line, one panel a rate.

    Parameters
    ----------
    published
        As `analysis.tables.published.published_rates` gives them.
    monthly
        As `monthly_rates` gives them; one column for each rate drawn.
    study
        Its name and whether its data are simulated.

    Returns
    -------
    matplotlib.figure.Figure
        Rates in per cent. A figure for several months is drawn as a bar across them; one that
        another source contradicts is hollow.
    """
    names = [str(name) for name in monthly.columns]
    figure, axes = new_figure(2.7, columns=len(names), share_y=True)
    ours = "Panel (simulated)" if study.simulated else "Panel"
    months = pd.PeriodIndex(monthly.index)
    for panel, name in zip(axes, names, strict=True):
        panel.plot(decimal_years(months), 100 * monthly[name], color=COLOURS[0], label=ours)
        figures = published[published["measure"] == name]
        for disputed, label in ((False, "Published"), (True, "Published, disputed")):
            part = figures[figures["disputed"] == disputed]
            first, last = decimal_years(part["first_month"]), decimal_years(part["last_month"])
            panel.errorbar(
                (first + last) / 2,
                100 * part["value"],
                xerr=(last - first) / 2,
                fmt="s",
                color=ACCENT,
                mfc="white" if disputed else ACCENT,
                lw=0.9,
                label=label,
                zorder=3,
            )
        panel.set_xlabel("Year")
        panel.grid(axis="y")
        show_years(panel, months[0].year, months[-1].year)
    axes[0].set_ylabel("Per cent of those called back")
    axes[0].set_ylim(top=100.5)
    axes[0].legend(loc="lower right")
    label_panels(axes, [f"{measure(n).label_en} {measure(n).label_zh}" for n in names])
    mark_access(axes, study)
    return figure


def monthly_rates(panel: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Work out the rates of all units together, month by month.

    Parameters
    ----------
    panel
        A cleaned panel with its measures.
    names
        Measures that are shares.

    Returns
    -------
    pandas.DataFrame
        Indexed by `period`, one column a measure (0 to 1), each unit weighted by the measure's
        denominator; missing in a month without any.
    """
    columns = {}
    for name in names:
        rate = panel[name].astype(float)
        weight = panel[f"{name}_weight"].astype(float).where(rate.notna())
        sums = pd.DataFrame({"cases": rate * weight, "base": weight}).groupby(panel["period"])
        totals = sums.sum()
        columns[name] = totals["cases"] / totals["base"].replace(0, np.nan)
    return pd.DataFrame(columns)
