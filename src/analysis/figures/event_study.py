"""An event study: the estimated effect in each month before and after adoption."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.contract.measures import measure
from analysis.effects.result import Result
from analysis.effects.units import effect_unit
from analysis.errors import DesignError, Problem
from analysis.figures.style import ACCENT, COLOURS, INK, LINES, mark_simulated, new_figure, styled
from analysis.study.schema import Study

__all__ = ["draw_event_study"]

REFERENCE = -1


@styled
def draw_event_study(result: Result, *, study: Study, truth: pd.DataFrame | None = None) -> Figure:
    """Draw event-time estimates with their 95 per cent intervals.

    Parameters
    ----------
    result
        Of an event-study estimator.
    study
        Whether its data are simulated.
    truth
        For simulated data: the true effects, with `event_time` (whole months, 0 the month of
        adoption) and `value` (in the unit of the estimates). It is drawn inside the design's
        window.

    Returns
    -------
    matplotlib.figure.Figure
        Counts in log points, rates in percentage points. The month of reference is drawn hollow.

    Raises
    ------
    DesignError
        If the result has no event-time estimates.
    """
    if result.event_time is None:
        problem = Problem("it has no event-time estimates", result.estimator)
        raise DesignError("an event study cannot be drawn of this result", [problem])
    unit = effect_unit(result.design.scale)
    estimates = result.event_time.sort_index()
    months = estimates.index.to_numpy()
    figure, (axes,) = new_figure(3.1)
    axes.axhline(0, color=INK, lw=0.6)
    axes.axvline(REFERENCE + 0.5, color=INK, lw=0.6, ls=LINES[2])
    _draw_estimates(axes, months, estimates * unit.factor)
    if truth is not None:
        shown = truth[truth["event_time"].between(months[0], months[-1])]
        shown = shown.sort_values("event_time")
        axes.plot(
            shown["event_time"],
            unit.factor * shown["value"],
            color=ACCENT,
            ls=LINES[1],
            label="Truth",
            zorder=4,
        )
    _label_months(axes, months)
    outcome = measure(result.design.outcome)
    axes.set_ylabel(f"Effect on {outcome.label_en.lower()}\n({unit.name})")
    axes.set_xlabel("Months since adoption")
    axes.legend(loc="best")
    if study.simulated:
        mark_simulated(axes)
    return figure


def _draw_estimates(axes: Axes, months: np.ndarray, estimates: pd.DataFrame) -> None:
    gaps = np.vstack(
        [estimates["value"] - estimates["lower"], estimates["upper"] - estimates["value"]]
    )
    axes.errorbar(
        months,
        estimates["value"],
        gaps,
        fmt="o",
        color=COLOURS[0],
        ms=3.6,
        lw=1,
        label="Estimate, 95% interval",
        zorder=3,
    )
    hollow = months == REFERENCE
    axes.plot(
        months[hollow],
        estimates["value"].to_numpy()[hollow],
        "o",
        color=COLOURS[0],
        mfc="white",
        ms=3.6,
        zorder=5,
    )


def _label_months(axes: Axes, months: np.ndarray) -> None:
    first, last = int(months[0]), int(months[-1])
    step = 6 if last - first > 18 else 3
    inner = [month for month in range(first, last + 1) if month % step == 0]
    ticks = sorted({first, last, *inner})
    labels = [str(month).replace("-", "−") for month in ticks]
    axes.set_xticks(ticks, labels=labels)
    axes.set_xlim(first - 1, last + 1)
