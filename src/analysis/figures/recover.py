"""How well estimators and intervals do on panels of known truth: bias and coverage."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.effects.design import Scale
from analysis.effects.registry import get_estimator
from analysis.effects.units import effect_unit
from analysis.errors import DataError, Problem
from analysis.figures.style import (
    COLOURS,
    GREY,
    INK,
    LINES,
    MARKERS,
    label_panels,
    mark_simulated,
    new_figure,
    styled,
)
from analysis.recover.effect import PATTERN_LABELS
from analysis.recover.summary import BAND, NOMINAL

__all__ = ["draw_recover"]

ROW_HEIGHT = 0.075
# Two Monte Carlo standard errors are drawn each way.
ERRORS = 2
# Coverage below this is drawn at the edge, with its number beside it.
LOWEST = 80.0


@styled
def draw_recover(summary: pd.DataFrame, *, scale: Scale) -> Figure:
    """Draw bias and coverage of the overall effects.

    Parameters
    ----------
    summary
        From `analysis.recover.summary.summarise`; rows that are no headline, and estimators that
        gave no estimate, are left out.
    scale
        Of the outcome.

    Returns
    -------
    matplotlib.figure.Figure
        A row of two panels for each planted effect. Left the bias of each estimator, right the
        share of its 95 per cent intervals that hold the truth, for each method of inference, both
        with two Monte Carlo standard errors each way. The nominal 95 per cent is a line, 93 to 97
        per cent a band; a coverage below 80 per cent stands at the edge with its number. All panels
        of bias have one axis.

    Raises
    ------
    DataError
        If there is nothing to draw.
    """
    shown = summary[summary["headline"] & summary["bias"].notna()]
    if shown.empty:
        problem = Problem("no estimator has a bias", "summary", "look at what was refused")
        raise DataError("the recovery cannot be drawn", [problem])
    effects = list(dict.fromkeys(shown["effect"]))
    estimators = list(dict.fromkeys(shown["estimator"]))
    inferences = list(dict.fromkeys(shown["inference"]))
    # The methods of one estimator need room below each other.
    row = 0.06 + max(2, len(inferences)) * ROW_HEIGHT
    height = 0.7 + len(effects) * (0.75 + row * len(estimators))
    figure, axes = new_figure(height, rows=len(effects), columns=2, share_y=True)
    unit = effect_unit(scale)
    for place, effect in enumerate(effects):
        part = shown[shown["effect"] == effect]
        left, right = axes[2 * place : 2 * place + 2]
        _draw_bias(left, part, estimators, unit.factor)
        _draw_coverage(right, part, estimators, inferences)
        left.set_xlabel(f"Bias ({unit.name})")
        right.set_xlabel("Coverage of 95% intervals (per cent)")
    axes[0].set_ylim(len(estimators) - 0.5, -0.5)
    reach = unit.factor * float((shown["bias"].abs() + ERRORS * shown["bias_error"]).max())
    for left in axes[::2]:
        left.set_xlim(-1.05 * reach, 1.05 * reach)
        left.locator_params(axis="x", nbins=5)
    titles = [(f"Bias, {PATTERN_LABELS[effect]}", "Coverage") for effect in effects]
    label_panels(axes, [title for pair in titles for title in pair])
    handles, labels = axes[1].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=min(len(labels), 5))
    mark_simulated(axes)
    return figure


def _draw_bias(axes: Axes, part: pd.DataFrame, estimators: list[str], factor: float) -> None:
    axes.axvline(0, color=INK, lw=0.6)
    # An estimate is the same whatever the inference.
    rows = part.drop_duplicates("estimator")
    axes.errorbar(
        factor * rows["bias"],
        [estimators.index(name) for name in rows["estimator"]],
        xerr=ERRORS * factor * rows["bias_error"],
        fmt="o",
        color=INK,
        lw=1.1,
    )
    names = [get_estimator(name).label_en for name in estimators]
    axes.set_yticks(range(len(estimators)), labels=names)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="y")


def _draw_coverage(
    axes: Axes, part: pd.DataFrame, estimators: list[str], inferences: list[str]
) -> None:
    axes.axvspan(*(100 * edge for edge in BAND), color=GREY, alpha=0.2, lw=0)
    axes.axvline(100 * NOMINAL, color=INK, lw=0.8, ls=LINES[1])
    for number, inference in enumerate(inferences):
        rows = part[(part["inference"] == inference) & part["coverage"].notna()]
        # The methods of one estimator stand close together, around the estimator's line.
        shift = (number - (len(inferences) - 1) / 2) * 0.7 / len(inferences)
        places = np.array([estimators.index(name) for name in rows["estimator"]]) + shift
        coverage = 100 * rows["coverage"].to_numpy()
        colour, marker = COLOURS[number % len(COLOURS)], MARKERS[number % len(MARKERS)]
        axes.errorbar(
            np.maximum(coverage, LOWEST),
            places,
            xerr=np.where(coverage < LOWEST, 0, ERRORS * 100 * rows["coverage_error"]),
            fmt=marker,
            color=colour,
            lw=1.1,
            label="default" if inference == "auto" else inference,
        )
        for place, share in zip(places, coverage, strict=True):
            if share < LOWEST:
                axes.text(LOWEST + 0.6, place, f"{share:.0f}", color=colour, va="center", size=6)
    axes.set_xlim(LOWEST - 1, 101)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="y")
