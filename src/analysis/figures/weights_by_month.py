"""Which months since adoption a two-way coefficient counts, and which there are."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis.figures.style import (
    ACCENT,
    COLOURS,
    GREY,
    INK,
    mark_access,
    new_figure,
    styled,
)
from analysis.study.schema import Study

__all__ = ["draw_weights_by_month"]


@styled
def draw_weights_by_month(weights: pd.DataFrame, *, study: Study) -> Figure:
    """Draw the weight of each month since adoption beside its share of treated months.

    Parameters
    ----------
    weights
        From `analysis.effects.sensitivity.regression_weights.weights_by_event_time`.
    study
        Whether its data are open, simulated or restricted.

    Returns
    -------
    matplotlib.figure.Figure
        Shares as an area, weights as bars; negative weights have a colour of their own.
    """
    figure, (axes,) = new_figure(2.6)
    months = weights.index.to_numpy()
    weight = 100 * weights["weight"].to_numpy()
    axes.fill_between(
        months,
        100 * weights["share"].to_numpy(),
        step="mid",
        color=GREY,
        alpha=0.35,
        lw=0,
        label="Share of the treated months",
    )
    for chosen, colour, label in (
        (weight >= 0, COLOURS[0], "Weight in the coefficient"),
        (weight < 0, ACCENT, "Negative weight"),
    ):
        if chosen.any():
            axes.bar(months[chosen], weight[chosen], 0.55, color=colour, label=label)
    axes.axhline(0, color=INK, lw=0.6)
    axes.set_xlim(months[0] - 1, months[-1] + 1)
    axes.set_xticks(np.arange(0, months[-1] + 1, 12 if len(months) > 24 else 6))
    axes.set_xlabel("Months since adoption")
    axes.set_ylabel("Per cent")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3)
    mark_access(axes, study)
    return figure
