"""Draw a panel of a shape, and keep the truth of every treated cell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from analysis.recover.effect import Pattern, effect_strength
from analysis.recover.shape import DRAWN_COLUMNS, Shape

__all__ = ["Drawn", "autocorrelated", "draw_panel"]

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A panel and its truth.

    Attributes
    ----------
    panel
        One row for each unit and period, with the columns of `analysis.recover.shape`; the outcome
        of a cell that is not observed is missing.
    cells
        The observed cells from adoption on, one row each: `unit`, `cohort`, `period`,
        `event_time`, `effect` (on the scale of the index: log points for a count, the outcome's
        own unit for the others), `treated` and `untreated` (the mean that is expected, given all
        shocks, with the treatment and without it) and `weight` (as the design weighs the row).
    """

    panel: pd.DataFrame
    cells: pd.DataFrame


def draw_panel(
    shape: Shape, pattern: Pattern, size: float | None, rng: np.random.Generator
) -> Drawn:
    r"""Draw a panel with known effects.

    Parameters
    ----------
    shape
        What is drawn; see `analysis.recover.shape`.
    pattern
        How the effects run; see `analysis.recover.effect`.
    size
        The full effect, on the scale of the index; None for the shape's own.
    rng
        Source of the whole draw.

    Notes
    -----
    Non-response: if p is the rate among those who answer, and those who answer are the fraction
    :math:`q_1` of the satisfied and :math:`q_0` of the others (`Shape.reached`), the rate among
    all cases is :math:`\Lambda(\mathrm{logit}\, p - \log(q_1 / q_0))`. Who is surveyed then depends
    on the outcome, and so on the treatment. The truth is the effect on the rate among those who
    answer, which is what a city publishes.

    Examples
    --------
    >>> from analysis.recover.built_in import districts
    >>> drawn = draw_panel(districts(), "constant", -0.1, np.random.default_rng(1))
    >>> drawn.panel.shape, round(float(drawn.cells["effect"].mean()), 9)
    ((1344, 6), -0.1)
    """
    errors = shape.errors
    levels = shape.levels + rng.normal(0.0, 1.0, shape.units) * errors.unit
    more = np.exp(rng.normal(0.0, 1.0, shape.units) * errors.volume - errors.volume**2 / 2)
    amount = shape.amount * more[:, np.newaxis]
    adoption = _deal(shape, _volume(shape, levels, amount), rng)
    untreated = levels[:, np.newaxis] + shape.path + _shocks(shape, rng)
    full = shape.effect_size if size is None else size
    effect = full * effect_strength(adoption, shape.periods, pattern, shape.build_up)
    outcome, amount, means = _outcomes(shape, untreated, effect, amount, rng)
    seen = rng.random(outcome.shape) < shape.observed
    outcome = np.where(seen, outcome, np.nan)
    panel = _panel(shape, adoption, outcome, amount)
    elapsed = np.arange(shape.periods) - adoption[:, np.newaxis]
    return Drawn(panel, _cells(shape, panel, adoption, elapsed, means))


def _volume(shape: Shape, levels: FloatArray, amount: FloatArray) -> FloatArray:
    """Give the log of what is expected of each unit over the panel, but for shocks."""
    mean = np.log(np.maximum(amount, np.finfo(float).tiny).mean(axis=1))
    return np.asarray(levels + mean if shape.design.scale == "count" else mean)


def _deal(shape: Shape, volume: FloatArray, rng: np.random.Generator) -> FloatArray:
    r"""Deal the dates out, in order of :math:`\kappa z` plus Gumbel noise.

    This draws groups one after the other with odds proportional to :math:`\exp(\kappa z)`.
    """
    if shape.selection is None:
        return shape.adoption
    groups = np.arange(shape.units)
    if shape.dealt_to_clusters:
        groups = np.unique(shape.clusters, return_inverse=True)[1]
    first = np.unique(groups, return_index=True)[1]
    busy = np.log(np.bincount(groups, np.exp(volume - volume.max())))
    spread = busy.std()
    standardised = (busy - busy.mean()) / spread if spread > 0 else np.zeros(len(busy))
    score = shape.selection * standardised + rng.gumbel(size=len(busy))
    dealt = np.empty(len(busy))
    dealt[np.argsort(-score, kind="stable")] = np.sort(shape.adoption[first])
    return np.asarray(dealt[groups])


def _shocks(shape: Shape, rng: np.random.Generator) -> FloatArray:
    errors = shape.errors
    codes = np.unique(shape.clusters, return_inverse=True)[1]
    shared = autocorrelated(int(codes.max()) + 1, shape.periods, errors.persistence, rng)
    own = autocorrelated(shape.units, shape.periods, errors.persistence, rng)
    noise = rng.normal(0.0, 1.0, own.shape)
    return np.asarray(
        errors.cluster_shock * shared[codes] + errors.unit_shock * own + errors.noise * noise
    )


def autocorrelated(
    rows: int, periods: int, persistence: float, rng: np.random.Generator
) -> FloatArray:
    """Draw stationary shocks of variance one, shape (rows, periods)."""
    shocks = rng.normal(0.0, 1.0, (rows, periods))
    fresh = np.sqrt(1 - persistence**2)
    for period in range(1, periods):
        shocks[:, period] = persistence * shocks[:, period - 1] + fresh * shocks[:, period]
    return shocks


def _outcomes(
    shape: Shape,
    untreated: FloatArray,
    effect: FloatArray,
    amount: FloatArray,
    rng: np.random.Generator,
) -> tuple[FloatArray, FloatArray, tuple[FloatArray, FloatArray]]:
    """Draw outcomes; return them, the amounts, and the means with the treatment and without it."""
    treated = untreated + effect
    if shape.design.scale not in {"count", "share"}:
        return treated, amount, (treated, untreated)
    if shape.design.scale == "count":
        means = amount * np.exp(treated), amount * np.exp(untreated)
        return rng.poisson(means[0]).astype("float64"), amount, means
    rates = expit(treated), expit(untreated)
    if shape.design.weights is None:
        return rates[0], amount, rates
    if shape.reached is None:
        surveyed = np.rint(amount).astype(np.int64)
        good = rng.binomial(surveyed, rates[0])
    else:
        good, surveyed = _survey(treated, amount, shape.reached, rng)
    share = np.divide(good, surveyed, out=np.full(good.shape, np.nan), where=surveyed > 0)
    return share, surveyed.astype("float64"), rates


def _survey(
    index: FloatArray, cases: FloatArray, reached: tuple[float, float], rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    happened = rng.poisson(cases)
    among_all = expit(index - np.log(reached[0] / reached[1]))
    good = rng.binomial(happened, among_all)
    answered = rng.binomial(good, reached[0])
    return answered, answered + rng.binomial(happened - good, reached[1])


def _panel(
    shape: Shape, adoption: FloatArray, outcome: FloatArray, amount: FloatArray
) -> pd.DataFrame:
    unit, period = np.indices(outcome.shape)
    columns = (unit, shape.clusters[unit], period, adoption[unit], outcome, amount)
    return pd.DataFrame(
        {name: cells.ravel() for name, cells in zip(DRAWN_COLUMNS, columns, strict=True)}
    )


def _cells(
    shape: Shape,
    panel: pd.DataFrame,
    adoption: FloatArray,
    elapsed: FloatArray,
    means: tuple[FloatArray, FloatArray],
) -> pd.DataFrame:
    treated, untreated = (mean.ravel() for mean in means)
    scale = shape.design.scale
    effect = np.log(treated / untreated) if scale == "count" else treated - untreated
    weight = panel["amount"] if shape.design.weights else 1.0
    # Units that were treated from the first period on are in no estimate.
    counted = panel["outcome"].notna() & (elapsed.ravel() >= 0) & (panel["adoption_period"] > 0)
    cells = panel[["unit", "period"]].assign(
        cohort=panel["adoption_period"],
        event_time=elapsed.ravel(),
        effect=effect,
        treated=treated,
        untreated=untreated,
        weight=weight,
    )
    return cells[counted].reset_index(drop=True)
