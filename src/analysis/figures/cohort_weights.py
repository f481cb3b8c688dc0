"""How much each cohort counts in each estimate, and how much of the treatment it had."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.effects.columns import period_numbers
from analysis.effects.design import Design
from analysis.effects.registry import get_estimator
from analysis.effects.result import Result
from analysis.errors import DataError, Problem
from analysis.figures.style import (
    ACCENT,
    COLOURS,
    INK,
    LINES,
    mark_access,
    new_figure,
    styled,
)
from analysis.study.schema import Study

__all__ = ["cohort_weights_frame", "draw_cohort_weights", "treated_shares"]

ROW_HEIGHT = 0.17
SHARE_COLOURS = (ACCENT, INK)


@styled
def draw_cohort_weights(
    weights: pd.DataFrame, shares: Mapping[str, pd.Series], *, study: Study
) -> Figure:
    """Draw the weight of each cohort in each estimator's overall effect.

    Parameters
    ----------
    weights
        As `cohort_weights_frame` gives them.
    shares
        As `treated_shares` gives them, at most two.
    study
        Whether its data are open, simulated or restricted.

    Returns
    -------
    matplotlib.figure.Figure
        A panel for each cohort, headed by its first treated period, with a row for each estimator:
        its weight as a point, joined to the first share. Lines are at the shares. A row without a
        point has no such cohort.

    Raises
    ------
    DataError
        If no estimator has weights.
    """
    if weights.empty:
        problem = Problem("no estimator has weights of cohorts", "weights", "take adoption")
        raise DataError("the weights cannot be drawn", [problem])
    rows = np.arange(len(weights))
    height = 0.95 + ROW_HEIGHT * len(weights)
    figure, axes = new_figure(height, columns=weights.shape[1], share_x=True, share_y=True)
    first = next(iter(shares.values()))
    for panel, cohort in zip(axes, weights.columns, strict=True):
        values = weights[cohort].to_numpy(dtype="float64")
        panel.axvline(0, color=INK, lw=0.6)
        for number, (label, share) in enumerate(shares.items()):
            panel.axvline(
                share[cohort], color=SHARE_COLOURS[number], ls=LINES[number + 1], lw=1, label=label
            )
        panel.hlines(rows, first[cohort], values, color=COLOURS[0], lw=1)
        panel.plot(values, rows, "o", color=COLOURS[0], ms=3.4, label="Weight in the estimate")
        panel.set_title(str(cohort), fontweight="normal", loc="center")
        panel.xaxis.set_major_locator(MaxNLocator(2))
        panel.tick_params(axis="y", length=0)
        panel.grid(axis="y")
    axes[0].set_yticks(rows, labels=list(weights.index))
    axes[0].set_ylim(len(weights) - 0.4, -0.6)
    figure.supxlabel("Weight of the cohort that adopted in this month", fontsize=8.5)
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=3)
    mark_access(axes, study)
    return figure


def cohort_weights_frame(results: Sequence[Result]) -> pd.DataFrame:
    """Put the weights of cohorts side by side.

    Returns
    -------
    pandas.DataFrame
        A row for each result that has weights, by the estimator's label, and a column for each
        cohort, in order; missing where an estimator leaves a cohort out.
    """
    found = {
        get_estimator(result.estimator).label_en: result.cohort_weights
        for result in results
        if result.cohort_weights is not None
    }
    return pd.DataFrame(found).sort_index().T


def treated_shares(panel: pd.DataFrame, design: Design) -> dict[str, pd.Series]:
    """Work out how much of the treatment each cohort had.

    Parameters
    ----------
    panel, design
        The treatment is an adoption period.

    Returns
    -------
    dict
        Label -> share of each cohort, by first treated period: of the treated rows, by the
        design's weights if it has any; for a count also of the cases in them.
    """
    known = panel[design.outcome].notna()
    after = period_numbers(panel[design.period]) >= period_numbers(panel[design.treatment_column])
    treated = panel[known & after]
    one = pd.Series(1.0, index=treated.index)
    amounts = {"Share of the treated months": one}
    if design.weights is not None:
        amounts = {"Share of the treated months, by weight": treated[design.weights]}
    if design.scale == "count":
        amounts["Share of the cases in them"] = treated[design.outcome].astype("float64")
    sums = {
        label: amount.groupby(treated[design.treatment_column]).sum()
        for label, amount in amounts.items()
    }
    return {label: total / total.sum() for label, total in sums.items()}
