"""Do the estimators recover the truth? Estimate minus truth, for each outcome and estimator."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.contract.measures import measure
from analysis.effects.units import effect_unit
from analysis.figures.style import (
    COLOURS,
    INK,
    MARKERS,
    label_panels,
    mark_simulated,
    new_figure,
    styled,
)
from analysis.study.schema import Study

__all__ = ["draw_recovery"]

ROW_HEIGHT = 0.34


@styled
def draw_recovery(frame: pd.DataFrame, *, study: Study) -> Figure:
    """Draw how far each estimate is from the truth.

    Parameters
    ----------
    frame
        One row per estimate: `outcome` (name of a measure), `estimator` (as the legend names it),
        `value`, `lower`, `upper` and `truth`, all in log points for counts and between 0 and 1
        for rates.
    study
        Whether its data are simulated; a truth is known only then.

    Returns
    -------
    matplotlib.figure.Figure
        A panel for counts and one for rates, whichever there are: the estimate minus the truth
        with its 95 per cent interval, which covers the truth where it crosses zero.
    """
    scales = np.array([measure(str(name)).scale for name in frame["outcome"]])
    parts = [frame[scales == scale] for scale in ("count", "share") if (scales == scale).any()]
    sizes = [part["outcome"].nunique() for part in parts]
    estimators = list(dict.fromkeys(frame["estimator"]))
    height = 0.8 + 0.55 * len(parts) + ROW_HEIGHT * sum(sizes)
    figure, axes = new_figure(height, rows=len(parts), height_ratios=[n + 0.4 for n in sizes])
    for panel, part in zip(axes, parts, strict=True):
        unit = effect_unit(measure(str(part["outcome"].iloc[0])).scale)
        _draw_part(panel, part, estimators, unit.factor)
        panel.set_xlabel(f"Estimate minus truth ({unit.name})")
    handles, labels = axes[0].get_legend_handles_labels()
    named = dict(zip(labels, handles, strict=True))
    for panel in axes[1:]:
        named |= dict(zip(*reversed(panel.get_legend_handles_labels()), strict=True))
    figure.legend(named.values(), named.keys(), loc="outside upper center", ncols=len(named))
    if len(parts) > 1:
        label_panels(axes, ["Counts", "Rates"])
    if study.simulated:
        mark_simulated(axes)
    return figure


def _draw_part(axes: Axes, part: pd.DataFrame, estimators: list[str], factor: float) -> None:
    outcomes = list(dict.fromkeys(part["outcome"]))
    axes.axvline(0, color=INK, lw=0.6)
    for number, estimator in enumerate(estimators):
        rows = part[part["estimator"] == estimator]
        if not len(rows):
            continue
        # Estimators of one outcome stand close together, around the outcome's line.
        shift = (number - (len(estimators) - 1) / 2) * 0.6 / len(estimators)
        places = rows["outcome"].map(outcomes.index).to_numpy() + shift
        error = factor * (rows["value"] - rows["truth"]).to_numpy(float)
        below = factor * (rows["value"] - rows["lower"]).to_numpy(float)
        above = factor * (rows["upper"] - rows["value"]).to_numpy(float)
        axes.errorbar(
            error,
            places,
            xerr=[below, above],
            fmt=MARKERS[number % len(MARKERS)],
            color=COLOURS[number % len(COLOURS)],
            lw=1.1,
            label=estimator,
        )
    names = [f"{measure(name).label_en} {measure(name).label_zh}" for name in outcomes]
    axes.set_yticks(range(len(outcomes)), labels=names)
    axes.set_ylim(len(outcomes) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="y")
