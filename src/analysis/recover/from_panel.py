"""Read the shape of a scholar's own panel, so that estimators are tried on what they will face."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, logit

from analysis.effects.checks import OutcomeForm
from analysis.effects.columns import Columns, read_columns
from analysis.effects.design import Design
from analysis.effects.sample import draw_sample
from analysis.errors import DesignError, Problem
from analysis.recover.built_in import EFFECT_SIZES
from analysis.recover.components import estimate_errors, two_way_fit
from analysis.recover.shape import Shape, plain_design

__all__ = ["shape_of"]

FloatArray = NDArray[np.float64]

# Iteratively weighted least squares settles in a few steps.
STEPS, SETTLED = 50, 1e-8
# No cell is expected to count less than this of a case: a unit with zeros only has no finite level.
SMALLEST_MEAN = 1e-3
LARGEST = 50.0
# A rate without a denominator is kept this far from 0 and 1, where logits end.
SMALLEST_RATE = 1e-3
# The full effect on a level, in standard deviations of what a two-way model leaves of it.
LEVEL_EFFECT = 0.5


def shape_of(panel: pd.DataFrame, design: Design, name: str = "panel") -> Shape:
    """Read the shape of a panel: units, dates, missing cells, amounts, levels and errors.

    Units keep their adoption, their levels, their missing cells and their weights, denominators
    or exposures; only shocks and counts are drawn anew. Levels, the path over periods and the
    errors are estimated on rows before adoption, where no effect is; where a unit or period has
    none, on all its rows.

    Parameters
    ----------
    panel
        One row for each unit and period.
    design
        What will be estimated. Controls, further fixed effects and the weights of a count are no
        part of a shape, nor are clusters that do not contain whole units.
    name
        What the shape is called.

    Raises
    ------
    DesignError
        If the design cannot be estimated on the panel, or its treatment is a dose.
    """
    if design.treatment != "adoption":
        problem = Problem("the treatment is a dose", design.treatment_column, "give adoption dates")
        raise DesignError("the shape of the panel cannot be read", [problem])
    form: OutcomeForm = "count" if design.scale == "count" else "level"
    draw_sample(panel, design, form)
    columns = read_columns(panel.reset_index(drop=True), design)
    wide = _Wide(columns, design)
    fit = _fit(wide, design)
    levels, path = _fill(fit, wide)
    return Shape(
        name=name,
        design=plain_design(design),
        clusters=wide.clusters,
        levels=levels,
        path=path,
        adoption=wide.adoption,
        amount=wide.amount,
        observed=wide.observed.astype("float64"),
        errors=estimate_errors(fit.residuals, fit.weights, _is_sampled(design), wide.clusters),
        effect_size=_effect_size(design, fit),
        build_up=max(wide.outcome.shape[1] / 8, 1.0),
    )


class _Wide:
    """Columns of a panel as tables of shape (units, periods)."""

    def __init__(self, columns: Columns, design: Design) -> None:
        numbers, period = np.unique(columns.period, return_inverse=True)
        cells = (columns.units, period)
        size = (int(columns.units.max()) + 1, len(numbers))
        _, first = np.unique(columns.units, return_index=True)
        self.clusters = columns.clusters[first]
        start = columns.adoption[first]
        # The first period of the panel that is not before adoption; beyond the last, if it is.
        self.adoption = np.where(
            np.isnan(start), np.nan, np.searchsorted(numbers, np.nan_to_num(start))
        )
        self.outcome, self.amount = np.zeros(size), np.zeros(size)
        given = columns.weights if design.scale != "count" else np.exp(columns.log_exposure)
        usable = ~np.isnan(columns.outcome) & (given > 0) & np.isfinite(given)
        self.observed = np.zeros(size, dtype=bool)
        self.observed[cells] = usable
        self.outcome[cells] = np.where(usable, columns.outcome, 0.0)
        self.amount[cells] = np.where(usable, given, 0.0)
        after = np.arange(size[1]) >= self.adoption[:, np.newaxis]
        self.untreated = self.observed & ~after


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    """A two-way model of the index, fitted on untreated cells; tables are (units, periods).

    `index` is what each cell's own outcome says of its index, `residuals` and `weights` are those
    of the last step, which count for untreated cells only.
    """

    index: FloatArray
    levels: FloatArray
    path: FloatArray
    residuals: FloatArray
    weights: FloatArray


def _fit(wide: _Wide, design: Design) -> _Fit:
    """Fit the index by iteratively weighted least squares; a linear one needs one step."""
    outcome, amount = wide.outcome, np.where(wide.observed, wide.amount, 1.0)
    sampled = _is_sampled(design)
    index = _own_index(outcome, amount, design)
    working, weights = index, wide.untreated.astype("float64")
    fitted = index
    for _ in range(STEPS):
        if sampled:
            working, information = _work(outcome, amount, fitted, design)
            weights = np.where(wide.untreated, information, 0.0)
        levels, path = two_way_fit(working, weights)
        new = levels[:, np.newaxis] + path
        moved = np.abs(new - fitted)[wide.untreated].max(initial=0.0)
        fitted = np.where(wide.untreated, new, index)
        if not sampled or moved < SETTLED:
            break
    return _Fit(index, levels, path, working - levels[:, np.newaxis] - path, weights)


def _own_index(outcome: FloatArray, amount: FloatArray, design: Design) -> FloatArray:
    if design.scale not in {"count", "share"}:
        return outcome
    if design.scale == "count":
        return np.asarray(np.log((outcome + 0.5) / amount))
    if design.weights is None:
        return np.asarray(logit(np.clip(outcome, SMALLEST_RATE, 1 - SMALLEST_RATE)))
    return np.asarray(logit((outcome * amount + 0.5) / (amount + 1)))


def _work(
    outcome: FloatArray, amount: FloatArray, fitted: FloatArray, design: Design
) -> tuple[FloatArray, FloatArray]:
    """Return the working outcome, and the weights, of the next step."""
    if design.scale == "count":
        mean = np.clip(amount * np.exp(np.clip(fitted, -LARGEST, LARGEST)), SMALLEST_MEAN, None)
        return np.log(mean / amount) + (outcome - mean) / mean, mean
    edge = SMALLEST_MEAN / np.maximum(amount, 1.0)
    rate = np.clip(expit(fitted), edge, 1 - edge)
    slope = rate * (1 - rate)
    return logit(rate) + (outcome - rate) / slope, amount * slope


def _fill(fit: _Fit, wide: _Wide) -> tuple[FloatArray, FloatArray]:
    """Give periods, and then units, without untreated cells the mean that all their cells have."""
    levels, path = fit.levels.copy(), fit.path.copy()
    index = np.where(wide.observed, fit.index, np.nan)
    known = wide.untreated.any(axis=1)
    for period in np.flatnonzero(~wide.untreated.any(axis=0)):
        path[period] = _mean((index[:, period] - levels)[known])
    for unit in np.flatnonzero(~known):
        levels[unit] = _mean(index[unit] - path)
    return levels, path


def _mean(values: FloatArray) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else 0.0


def _is_sampled(design: Design) -> bool:
    return design.scale == "count" or (design.scale == "share" and design.weights is not None)


def _effect_size(design: Design, fit: _Fit) -> float:
    if design.scale in EFFECT_SIZES:
        return EFFECT_SIZES[design.scale]
    return float(LEVEL_EFFECT * np.sqrt(np.average(fit.residuals**2, weights=fit.weights)))
