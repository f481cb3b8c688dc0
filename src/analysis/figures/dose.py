"""Dose and outcome once units and months are taken out: a binned scatter of residuals."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis.effects.fixed_effects import FixedEffects
from analysis.figures.style import ACCENT, COLOURS, INK, LINES, mark_access, new_figure, styled
from analysis.study.levels import Level
from analysis.study.schema import Study

__all__ = ["binned_residuals", "draw_dose"]

# Doses that are equal on paper differ after this many decimals, on each processor otherwise: they
# keep the order of their rows, so that everywhere the same ones fall into a bin.
_DECIMALS = 9


@styled
def draw_dose(bins: pd.DataFrame, *, study: Study) -> Figure:
    """Draw the residual outcome against the residual dose.

    Parameters
    ----------
    bins
        As `binned_residuals` gives them.
    study
        Whether its data are open, simulated or restricted.

    Returns
    -------
    matplotlib.figure.Figure
        One point per bin of equally many rows, and the least-squares line through all rows. What
        it shows is an association.
    """
    figure, (axes,) = new_figure(3.0, width=4.2)
    axes.axhline(0, color=INK, lw=0.4)
    axes.axvline(0, color=INK, lw=0.4)
    axes.plot(bins["dose"], bins["outcome"], "o", color=COLOURS[0], label="Mean of a bin")
    ends = np.array([bins["dose"].min(), bins["dose"].max()])
    slope = bins.attrs["slope"]
    axes.plot(ends, slope * ends, color=ACCENT, ls=LINES[1], label="Least squares, all rows")
    axes.set_xlabel("Proactive cases of the months before\n(residual of the dose)")
    axes.set_ylabel("Complaints\n(residual of log(1 + complaints))")
    figure.legend(loc="outside upper center", ncols=2)
    mark_access(axes, study)
    return figure


def binned_residuals(panel: pd.DataFrame, level: Level, bins: int = 20) -> pd.DataFrame:
    """Take unit and month effects out of dose and complaints, and average within bins.

    The residuals are those of Frisch, Waugh and Lovell, so the slope of the line through them is
    the coefficient of the dose in a regression of log(1 + complaints) with the level's fixed
    effects. Unlike the logarithm, log(1 + complaints) keeps months without a complaint, so the
    slope is near the two-way estimate and not equal to it.

    Parameters
    ----------
    panel
        A cleaned panel with `dose`, `complaints` and the columns of the level's fixed effects.
    level
        The level, for its unit and what it absorbs besides.
    bins
        How many bins.

    Returns
    -------
    pandas.DataFrame
        One row per bin with the mean `dose` and `outcome` and the number of `rows`; the slope
        over all rows is in ``attrs["slope"]``.
    """
    used = panel.dropna(subset=["dose", "complaints"]).reset_index(drop=True)
    effects = [list(level.unit), *(list(columns) for columns in level.absorb or (("period",),))]
    codes = [
        used.groupby(columns, observed=True).ngroup().to_numpy().astype(np.int64)
        for columns in effects
    ]
    projection = FixedEffects(codes).project(np.ones(len(used)))
    dose = projection.residualise(used["dose"].to_numpy(float))
    outcome = projection.residualise(np.log1p(used["complaints"].to_numpy(float)))
    order = np.argsort(dose.round(_DECIMALS), kind="stable")
    groups = np.array_split(order, min(bins, len(order)))
    frame = pd.DataFrame(
        {
            "dose": [dose[group].mean() for group in groups],
            "outcome": [outcome[group].mean() for group in groups],
            "rows": [len(group) for group in groups],
        }
    )
    frame.attrs["slope"] = float(dose @ outcome / (dose @ dose))
    return frame
