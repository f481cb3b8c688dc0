"""A specification curve: all estimates in order of size, and below each the choices it rests on."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.effects.sensitivity.specification_curve import SpecificationCurve
from analysis.effects.units import effect_unit
from analysis.figures.event_study import effect_label
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

__all__ = ["draw_specification_curve"]

ROW_HEIGHT = 0.17
CURVE_HEIGHT = 2.2


@styled
def draw_specification_curve(curve: SpecificationCurve, *, study: Study | None) -> Figure:
    """Draw estimates with their 95 per cent intervals, the lowest first, above their choices.

    Parameters
    ----------
    curve
        The estimates.
    study
        Whether its data are open, simulated or restricted; None for data of no study.

    Returns
    -------
    matplotlib.figure.Figure
        Intervals without zero are coloured, others grey; a dashed line is at the median estimate.
        Of an interval with an infinite end only the estimate is drawn. Below, a mark in the row of
        each option that an estimate rests on, or of several that make no difference to it.
    """
    rows = sum(len(options) + 1 for options in curve.choices.values())
    heights = (CURVE_HEIGHT, 0.4 + ROW_HEIGHT * rows)
    figure, (above, below) = new_figure(sum(heights), rows=2, share_x=True, height_ratios=heights)
    _draw_curve(above, curve)
    _draw_choices(below, curve)
    if study is not None:
        mark_access([above, below], study)
    return figure


def _draw_curve(axes: Axes, curve: SpecificationCurve) -> None:
    unit = effect_unit(curve.design.scale)
    numbers = unit.factor * curve.estimates[["value", "lower", "upper"]].to_numpy(dtype="float64")
    values, lower, upper = numbers.T
    places = np.arange(1, len(values) + 1)
    bounded = np.isfinite(lower) & np.isfinite(upper)
    apart = bounded & ((lower > 0) | (upper < 0))
    axes.axhline(0, color=INK, lw=0.6)
    for chosen, colour, label in (
        (apart, COLOURS[0], "95% interval without zero"),
        (~apart, GREY, "95% interval with zero"),
    ):
        if not chosen.any():
            continue
        drawn = chosen & bounded
        axes.vlines(places[drawn], lower[drawn], upper[drawn], color=colour, lw=0.9, alpha=0.6)
        axes.plot(places[chosen], values[chosen], "o", color=colour, ms=2.8, label=label)
    median = unit.factor * curve.median
    axes.axhline(median, color=ACCENT, ls=LINES[1], lw=1, label="Median estimate", zorder=0)
    axes.set_ylabel(effect_label(curve.design))
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=3)
    axes.tick_params(axis="x", length=0, labelbottom=False)
    axes.spines["bottom"].set_visible(False)
    axes.set_xlim(0.2, len(values) + 0.8)


def _draw_choices(axes: Axes, curve: SpecificationCurve) -> None:
    places = np.arange(1, len(curve.estimates) + 1)
    ticks: list[tuple[int, str, bool]] = []
    row = 0
    for name, options in curve.choices.items():
        ticks.append((row, name, True))
        for option in options:
            row += 1
            taken = np.array([option in one.options[name] for one in curve.specifications])
            axes.plot(
                places[taken], np.full(taken.sum(), row), "|", color=COLOURS[0], ms=5, mew=1.1
            )
            ticks.append((row, option, False))
        row += 1
    axes.set_yticks([place for place, _, _ in ticks], labels=[label for _, label, _ in ticks])
    for text, (_, _, bold) in zip(axes.get_yticklabels(), ticks, strict=True):
        text.set_fontweight("bold" if bold else "normal")
    axes.set_ylim(row - 0.3, -0.7)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(f"{len(places)} specifications, in order of their estimate")
