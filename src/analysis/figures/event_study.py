"""An event study: the estimated effect in each period before and after adoption."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.contract.measures import MEASURES
from analysis.effects.design import Design
from analysis.effects.registry import get_estimator
from analysis.effects.result import Result
from analysis.effects.units import effect_unit
from analysis.errors import DesignError, Problem
from analysis.figures.style import (
    ACCENT,
    COLOURS,
    GREY,
    INK,
    LINES,
    MARKERS,
    mark_access,
    new_figure,
    styled,
)
from analysis.study.schema import Study

__all__ = [
    "draw_event_studies",
    "draw_event_study",
    "draw_event_times",
    "effect_label",
    "event_times_frame",
    "outcome_label",
]

# The accent is the truth's.
PATH_COLOURS = (COLOURS[0], COLOURS[2], COLOURS[3], GREY)
WIDEST_LABEL = 32
SINCE = {"adoption": "adoption", "dose": "the dose"}


@styled
def draw_event_study(result: Result, *, study: Study, truth: pd.DataFrame | None = None) -> Figure:
    """Draw event-time estimates with their 95 per cent intervals.

    Parameters
    ----------
    result
        Of an estimator with effects by event time.
    study
        Whether its data are open, simulated or restricted.
    truth
        For simulated data: the true effects, with `event_time` (whole months, 0 the month of
        adoption) and `value` (in the unit of the estimates). It is drawn inside the design's
        window.

    Returns
    -------
    matplotlib.figure.Figure
        Counts in log points, rates in percentage points. The month of reference is drawn hollow; a
        band that holds for all months together is drawn behind the intervals.

    Raises
    ------
    DesignError
        If the result has no event-time estimates.
    """
    figure, (axes,) = new_figure(3.1)
    draw_event_times(axes, result, truth)
    axes.set_xlabel(f"Months since {SINCE[result.design.treatment]}")
    mark_access(axes, study)
    return figure


@styled
def draw_event_studies(
    results: Sequence[Result], *, study: Study, truth: pd.DataFrame | None = None
) -> Figure:
    """Draw the event-time estimates of several estimators over each other.

    Parameters
    ----------
    results
        At most four, on the same outcome.
    study, truth
        See `draw_event_study`; the truth is that of all of them.

    Returns
    -------
    matplotlib.figure.Figure
        The estimators' intervals stand side by side at each month. Between the first and the last
        month of the first result; an interval with an infinite end, or without ends, is left away.

    Raises
    ------
    DesignError
        If a result has no event-time estimates, or there is none or more than four.
    """
    if not 0 < len(results) <= len(PATH_COLOURS):
        problem = Problem(f"there are {len(results)} results", hint="draw one to four")
        raise DesignError("event studies cannot be drawn over each other", [problem])
    figure, (axes,) = new_figure(3.3)
    first = results[0]
    unit = effect_unit(first.design.scale)
    times = _event_times(first).index.to_numpy()
    axes.axhline(0, color=INK, lw=0.6)
    axes.axvline(-0.5, color=INK, lw=0.6, ls=LINES[2])
    for place, result in enumerate(results):
        estimates = unit.factor * _event_times(result)
        estimates = estimates[(estimates.index >= times[0]) & (estimates.index <= times[-1])]
        values, lower, upper = estimates[["value", "lower", "upper"]].to_numpy("float64").T
        bounded = np.isfinite(lower) & np.isfinite(upper)
        axes.errorbar(
            estimates.index.to_numpy() + 0.22 * (place - (len(results) - 1) / 2),
            values,
            np.where(bounded, [values - lower, upper - values], np.nan),
            fmt=MARKERS[place],
            color=PATH_COLOURS[place],
            ms=2.6,
            lw=0.8,
            label=get_estimator(result.estimator).label_en,
            zorder=3,
        )
    _draw_truth(axes, truth, times, unit.factor)
    _label_times(axes, times)
    axes.set_ylabel(effect_label(first.design))
    axes.set_xlabel(f"Months since {SINCE[first.design.treatment]}")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2)
    mark_access(axes, study)
    return figure


def draw_event_times(axes: Axes, result: Result, truth: pd.DataFrame | None = None) -> None:
    """Draw event-time estimates on axes, with labels; see `draw_event_study`.

    An interval with an infinite end, or without ends, is left away.
    """
    unit = effect_unit(result.design.scale)
    estimates = unit.factor * _event_times(result)
    times = estimates.index.to_numpy()
    axes.axhline(0, color=INK, lw=0.6)
    axes.axvline(-0.5, color=INK, lw=0.6, ls=LINES[2])
    _draw_band(axes, estimates)
    _draw_estimates(axes, estimates, result.design.reference)
    _draw_truth(axes, truth, times, unit.factor)
    _label_times(axes, times)
    axes.set_ylabel(effect_label(result.design))
    axes.set_xlabel(f"Periods since {SINCE[result.design.treatment]}")
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=3)


def event_times_frame(results: Sequence[Result], truth: pd.DataFrame | None = None) -> pd.DataFrame:
    """Put the event-time estimates of several estimators together, to be drawn again.

    Parameters
    ----------
    results, truth
        See `draw_event_studies`; any number of results.

    Returns
    -------
    pandas.DataFrame
        `estimator` (its label, or Truth), `event_time`, and `value`, `lower` and `upper` in log
        points or percentage points, to five digits; an end that is not finite is missing.
    """
    ends = ["value", "lower", "upper"]
    factor = effect_unit(results[0].design.scale).factor
    paths = [
        (
            get_estimator(result.estimator).label_en,
            _event_times(result)[["value", "lower", "upper"]],
        )
        for result in results
    ]
    if truth is not None and not truth.empty:
        times = _event_times(results[0]).index
        known = truth[truth["event_time"].between(times[0], times[-1])]
        paths.append(("Truth", known.set_index("event_time").sort_index()[["value"]]))
    frames = [
        (factor * path).rename_axis("event_time").reset_index().assign(estimator=label)
        for label, path in paths
    ]
    joined = pd.concat(frames, ignore_index=True).replace([np.inf, -np.inf], np.nan)
    shown = joined.assign(event_time=joined["event_time"].astype("int64"))
    shown[ends] = shown[ends].map(lambda value: float(f"{value:.5g}"))
    return shown[["estimator", "event_time", *ends]]


def effect_label(design: Design, outcome: str | None = None) -> str:
    """Write what an upright axis of effects shows, in lines that a low figure has room for.

    Parameters
    ----------
    design
        What was estimated.
    outcome
        What the outcome is called; None for `outcome_label`.
    """
    effect = textwrap.fill(f"Effect on {outcome or outcome_label(design)}", WIDEST_LABEL)
    return f"{effect}\n({effect_unit(design.scale).name})"


def outcome_label(design: Design) -> str:
    """Say what the effect is on: the label of a measure, else the name of its column."""
    labels = {measure.name: measure.label_en.lower() for measure in MEASURES}
    return labels.get(design.outcome, design.outcome)


def _event_times(result: Result) -> pd.DataFrame:
    if result.event_time is None:
        problem = Problem("it has no event-time estimates", result.estimator)
        raise DesignError("an event study cannot be drawn of this result", [problem])
    return result.event_time


def _draw_truth(axes: Axes, truth: pd.DataFrame | None, times: np.ndarray, factor: float) -> None:
    if truth is None or truth.empty:
        return
    shown = truth[truth["event_time"].between(times[0], times[-1])].sort_values("event_time")
    values = factor * shown["value"]
    axes.plot(shown["event_time"], values, color=ACCENT, ls=LINES[1], label="Truth", zorder=4)


def _draw_band(axes: Axes, estimates: pd.DataFrame) -> None:
    band = estimates[["band_lower", "band_upper"]].to_numpy(dtype="float64")
    known = np.isfinite(band).all(axis=1)
    if known.any():
        times = estimates.index.to_numpy()[known]
        lower, upper = band[known].T
        label = "95% band for all together"
        axes.vlines(times, lower, upper, color=COLOURS[0], lw=4.5, alpha=0.22, label=label)


def _draw_estimates(axes: Axes, estimates: pd.DataFrame, reference: int) -> None:
    times = estimates.index.to_numpy()
    values, lower, upper = estimates[["value", "lower", "upper"]].to_numpy(dtype="float64").T
    bounded = np.isfinite(lower) & np.isfinite(upper)
    gaps = np.where(bounded, [values - lower, upper - values], np.nan)
    label = "Estimate, 95% interval" if bounded.any() else "Estimate"
    axes.errorbar(
        times, values, gaps, fmt="o", color=COLOURS[0], ms=3.6, lw=1, label=label, zorder=3
    )
    hollow = (times == reference) & (values == 0)
    axes.plot(times[hollow], values[hollow], "o", color=COLOURS[0], mfc="white", ms=3.6, zorder=5)


def _label_times(axes: Axes, times: np.ndarray) -> None:
    first, last = int(times[0]), int(times[-1])
    widths = (1, 2, 3, 6, 12, 24)
    step = next((width for width in widths if last - first <= 16 * width), widths[-1])
    inner = [time for time in range(first, last + 1) if time % step == 0]
    # The ends have labels of their own, which others must leave room for.
    apart = [time for time in inner if min(time - first, last - time) > step / 2]
    ticks = [first, *apart, last] if last > first else [first]
    axes.set_xticks(ticks, labels=[str(time).replace("-", "−") for time in ticks])
    axes.set_xlim(first - 1, last + 1)
