"""Robust intervals of an effect under growing violations of parallel trends."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.effects.sensitivity.honest import HonestSensitivity
from analysis.effects.units import UnitName
from analysis.errors import DataError, Problem
from analysis.figures.style import (
    ACCENT,
    COLOURS,
    GREY,
    INK,
    LINES,
    mark_access,
    new_figure,
    styled,
)
from analysis.study.schema import Study

__all__ = ["draw_honest"]

AXES = {
    "relative_magnitudes": "Largest change of the violation after the reference,\n"
    "as a multiple of that before it (Mbar)",
    "smoothness": "Largest change of the violation's slope (M, {unit})",
}


@styled
def draw_honest(
    sensitivity: HonestSensitivity, *, study: Study, unit: UnitName = "log points"
) -> Figure:
    """Draw robust intervals beside the one that takes parallel trends for granted.

    Parameters
    ----------
    sensitivity
        The intervals, at one parameter or more.
    study
        Whether its data are open, simulated or restricted.
    unit
        The unit of the estimates; for percentage points they are multiplied by 100.

    Returns
    -------
    matplotlib.figure.Figure
        At the left the estimate with its interval if trends are parallel, then a robust interval
        for each parameter, dashed if it contains zero. A dotted line is at the breakdown value, if
        it lies within the axis. An infinite end is an arrow.

    Raises
    ------
    DataError
        If there is no robust interval.
    """
    if sensitivity.bounds.empty:
        problem = Problem("there is no robust interval", "bounds", "give one parameter or more")
        raise DataError("the bounds cannot be drawn", [problem])
    factor = 100.0 if unit == "percentage points" else 1.0
    across = factor if sensitivity.restriction == "smoothness" else 1.0
    bounds = sensitivity.bounds.sort_values("parameter")
    places = across * bounds["parameter"].to_numpy(dtype="float64")
    room = 0.14 * np.ptp(places) if len(places) > 1 else 1.0
    original = places[0] - 1.4 * room
    figure, (axes,) = new_figure(3.2)
    axes.axhline(0, color=INK, lw=0.6)
    _draw_original(axes, sensitivity, factor, original)
    _draw_bounds(axes, bounds, factor, places)
    shown = across * sensitivity.breakdown
    if places[0] <= shown <= places[-1]:
        label = f"Breakdown value: {shown:.3g}"
        axes.axvline(shown, color=ACCENT, ls=LINES[2], lw=1.3, label=label)
    axes.set_xlim(original - room, places[-1] + room)
    axes.set_xticks([original, *places], labels=["parallel", *(f"{place:g}" for place in places)])
    axes.set_xlabel(AXES[sensitivity.restriction].format(unit=unit))
    axes.set_ylabel(f"{sensitivity.target.capitalize()}\n({unit})")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    mark_access(axes, study)
    return figure


def _draw_original(axes: Axes, sensitivity: HonestSensitivity, factor: float, place: float) -> None:
    gaps = [
        [factor * (sensitivity.value - sensitivity.lower)],
        [factor * (sensitivity.upper - sensitivity.value)],
    ]
    axes.errorbar(
        [place],
        [factor * sensitivity.value],
        gaps,
        fmt="s",
        color=INK,
        lw=1.3,
        capsize=2.5,
        label=f"Estimate, {100 * sensitivity.level:g}% interval if trends are parallel",
        zorder=3,
    )


def _draw_bounds(axes: Axes, bounds: pd.DataFrame, factor: float, places: np.ndarray) -> None:
    lower = factor * bounds["lower"].to_numpy(dtype="float64")
    upper = factor * bounds["upper"].to_numpy(dtype="float64")
    ends = np.r_[lower, upper, axes.get_ylim()]
    ends = ends[np.isfinite(ends)]
    # An infinite end is drawn to just beyond all others.
    reach = 0.08 * np.ptp(ends)
    bottom, top = ends.min() - reach, ends.max() + reach
    holds = bounds["contains_zero"].to_numpy(dtype=bool)
    looks = ((~holds, COLOURS[0], LINES[0], "excludes"), (holds, GREY, LINES[1], "contains"))
    for chosen, colour, line, words in looks:
        known = chosen & ~np.isnan(lower)
        label = f"Robust interval, {words} zero"
        for place, low, high in zip(places[known], lower[known], upper[known], strict=True):
            marks = ("v" if low == -np.inf else "_", "^" if high == np.inf else "_")
            low, high = max(low, bottom), min(high, top)
            axes.plot([place, place], [low, high], color=colour, ls=line, lw=1.6, label=label)
            axes.plot(place, low, marks[0], color=colour, ms=6, mew=1.4)
            axes.plot(place, high, marks[1], color=colour, ms=6, mew=1.4)
            label = ""
