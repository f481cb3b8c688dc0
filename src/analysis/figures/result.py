"""Any result as a figure, for scholars who have no study file."""

from __future__ import annotations

from matplotlib.figure import Figure

from analysis.effects.result import Result
from analysis.effects.units import effect_unit
from analysis.figures.estimates import forest
from analysis.figures.event_study import draw_event_times, outcome_label
from analysis.figures.style import new_figure, styled

__all__ = ["draw_result"]

AVERAGES = {
    "cells": "Over treated units and periods",
    "event_time": "Over event times",
    "cohort": "Over cohorts",
    "calendar": "Over calendar periods",
    "regression": "Regression coefficient",
}


@styled
def draw_result(result: Result) -> Figure:
    """Draw a result's effects by event time if it has any, else its overall effects.

    Parameters
    ----------
    result
        Of any estimator, on any outcome.

    Returns
    -------
    matplotlib.figure.Figure
        Effects with their 95 per cent intervals; counts in log points, rates in percentage points,
        other outcomes in their own unit. Behind the intervals by event time there is the band that
        holds for all of them together, if the result has one.
    """
    if result.event_time is not None:
        figure, (axes,) = new_figure(3.1)
        draw_event_times(axes, result)
        return figure
    overalls = result.overalls.reset_index()
    unit = effect_unit(result.design.scale)
    rows = overalls.assign(label=overalls["averaging"].map(AVERAGES))
    figure, axes = forest(rows, unit=unit.name)
    axes.set_xlabel(f"Effect on {outcome_label(result.design)} ({unit.name})")
    return figure
