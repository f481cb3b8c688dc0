"""Do the estimators recover the truth? Estimate minus truth, for each outcome and estimator."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.contract.measures import measure
from analysis.effects.units import effect_unit
from analysis.figures.style import (
    ACCENT,
    COLOURS,
    INK,
    MARKERS,
    mark_access,
    new_figure,
    styled,
)
from analysis.study.schema import Study

__all__ = ["draw_recovery"]

ROW_HEIGHT = 0.13
HEAD_HEIGHT = 0.55
# More outcomes than this stand in three columns.
FEW_OUTCOMES = 4


@styled
def draw_recovery(frame: pd.DataFrame, *, study: Study) -> Figure:
    """Draw how far each estimate is from the truth.

    Parameters
    ----------
    frame
        One row per estimate: `outcome` (name of a measure), `estimator` (as its row is called),
        `value`, `lower`, `upper` and `truth`, all in log points for counts and between 0 and 1
        for rates.
    study
        Whether its data are open, simulated or restricted; a truth is known only then.

    Returns
    -------
    matplotlib.figure.Figure
        A panel for each outcome with a row for each estimator: the estimate minus the truth with
        its 95 per cent interval, in a colour of its own where it misses the truth, that is, where
        it does not cross zero. Of an interval with an infinite end only the estimate is drawn.
    """
    outcomes = list(dict.fromkeys(frame["outcome"]))
    estimators = list(dict.fromkeys(frame["estimator"]))
    columns = min(len(outcomes), 2 if len(outcomes) <= FEW_OUTCOMES else 3)
    rows = -(-len(outcomes) // columns)
    height = 0.75 + rows * (HEAD_HEIGHT + ROW_HEIGHT * max(3, len(estimators)))
    figure, axes = new_figure(height, rows=rows, columns=columns, share_y=True)
    for panel, outcome in zip(axes, outcomes, strict=False):
        declared = measure(str(outcome))
        unit = effect_unit(declared.scale)
        _draw_outcome(panel, frame[frame["outcome"] == outcome], estimators, unit.factor)
        panel.set_title(declared.label_en, fontweight="normal", loc="center")
        panel.set_xlabel(unit.name, labelpad=1)
    for empty in axes[len(outcomes) :]:
        empty.remove()
    axes[0].set_ylim(len(estimators) - 0.4, -0.6)
    for first in axes[::columns]:
        first.set_yticks(range(len(estimators)), labels=estimators, fontsize=7)
    figure.supxlabel("Estimate minus truth", fontsize=8.5)
    named = {
        label: handle
        for panel in axes
        for handle, label in zip(*panel.get_legend_handles_labels(), strict=True)
    }
    figure.legend(named.values(), named.keys(), loc="outside upper center", ncols=len(named))
    mark_access(axes[: len(outcomes)], study)
    return figure


def _draw_outcome(axes: Axes, part: pd.DataFrame, estimators: list[str], factor: float) -> None:
    places = part["estimator"].map(estimators.index).to_numpy()
    names = ["value", "lower", "upper"]
    truth = part["truth"].to_numpy("float64")
    value, lower, upper = factor * (part[names].to_numpy("float64").T - truth)
    bounded = np.isfinite(lower) & np.isfinite(upper)
    gaps = np.where(bounded, [value - lower, upper - value], np.nan)
    holds = (lower <= 0) & (upper >= 0)
    axes.axvline(0, color=INK, lw=0.6)
    for chosen, marker, colour, label in (
        (holds, MARKERS[0], COLOURS[0], "Interval holds the truth"),
        (~holds, MARKERS[1], ACCENT, "Interval misses the truth"),
    ):
        if not chosen.any():
            continue
        axes.errorbar(
            value[chosen],
            places[chosen],
            xerr=gaps[:, chosen],
            fmt=marker,
            color=colour,
            ms=3,
            lw=1,
            label=label,
        )
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.tick_params(axis="y", length=0)
    axes.tick_params(axis="x", labelsize=7)
    axes.grid(axis="y")
