"""Estimate how outcomes err, from residuals of a two-way model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from analysis.recover.draw import autocorrelated
from analysis.recover.shape import Errors

__all__ = ["estimate_errors", "two_way_fit"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

LAGS = (0, 1, 2, 3, 6, 12)
PERSISTENCES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
# Draws of each component, from which the moments that it would bring about are taken.
COMPONENT_DRAWS = 10
SWEEPS = 1000
TOLERANCE = 1e-9


def two_way_fit(values: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Fit effects of units and periods by weighted least squares.

    Parameters
    ----------
    values
        Shape (..., units, periods).
    weights
        Shape (units, periods), zero for cells that play no part.

    Returns
    -------
    tuple
        Effects of units, shape (..., units), and of periods, shape (..., periods). A unit or a
        period without weight has the effect zero.

    Examples
    --------
    >>> units, periods = two_way_fit(np.array([[1.0, 2.0], [4.0, 5.0]]), np.ones((2, 2)))
    >>> units.tolist(), periods.tolist()
    ([1.5, 4.5], [-0.5, 0.5])
    """
    per_unit, per_period = weights.sum(axis=1), weights.sum(axis=0)
    periods = np.zeros((*values.shape[:-2], values.shape[-1]))
    scale = np.abs(np.where(weights > 0, values, 0.0)).max(initial=0.0)
    units = np.zeros(values.shape[:-1])
    for _ in range(SWEEPS):
        left = (values - periods[..., np.newaxis, :]) * weights
        units = np.divide(left.sum(-1), per_unit, out=np.zeros_like(units), where=per_unit > 0)
        left = (values - units[..., :, np.newaxis]) * weights
        new = np.divide(left.sum(-2), per_period, out=np.zeros_like(periods), where=per_period > 0)
        moved = np.abs(new - periods).max(initial=0.0)
        periods = new
        if moved <= TOLERANCE * scale:
            break
    middle = periods[..., per_period > 0].mean(axis=-1)
    periods = np.where(per_period > 0, periods - middle[..., np.newaxis], 0.0)
    return np.where(per_unit > 0, units + middle[..., np.newaxis], 0.0), periods


def estimate_errors(
    residuals: FloatArray, weights: FloatArray, sampled: bool, clusters: IntArray, seed: int = 0
) -> Errors:
    r"""Find the errors whose residuals have the same second moments as those at hand.

    The products of residuals of one unit, and of different units of one cluster, some periods
    apart, are summed. Each component of the errors with variance one brings about moments of its
    own, after the same two-way fit, which takes out a part of it; they are found by drawing it.
    The moments at hand are then a combination of these with the variances as coefficients, which
    are found by non-negative least squares, for each persistence of a grid; the best one is taken.

    Parameters
    ----------
    residuals
        Of a two-way fit, on the scale of the index, shape (units, periods).
    weights
        Of that fit: the precision that a cell has from how many cases it counts, shape (units,
        periods); zero for cells that play no part.
    sampled
        Whether outcomes are counted cases, so that a residual has the variance 1 / weight even
        without any other error.
    clusters
        Cluster code of each unit, shape (units,).
    seed
        Of the draws of components.
    """
    rng = np.random.default_rng(seed)
    codes = np.unique(clusters, return_inverse=True)[1]
    shape = (COMPONENT_DRAWS, *residuals.shape)
    precision = np.sqrt(weights / weights.max())
    lags = [lag for lag in LAGS if lag < residuals.shape[1] - 1]

    def moments(values: FloatArray) -> FloatArray:
        return _moments(values * precision, precision, codes, lags)

    def left_of(drawn: FloatArray) -> FloatArray:
        units, periods = two_way_fit(drawn, weights)
        return drawn - units[..., :, np.newaxis] - periods[..., np.newaxis, :]

    wanted = moments(residuals[np.newaxis])
    white = rng.normal(size=shape)
    if sampled:
        some = np.sqrt(np.divide(1.0, weights, out=np.zeros_like(weights), where=weights > 0))
        wanted = wanted - moments(left_of(some * rng.normal(size=shape)))
    noise = moments(left_of(white))
    shared = len(np.unique(codes)) < len(codes)
    best, variances, persistence = np.inf, np.zeros(3), 0.0
    for tried in PERSISTENCES:
        rows = COMPONENT_DRAWS * residuals.shape[0]
        own = autocorrelated(rows, residuals.shape[1], tried, rng).reshape(shape)
        brought = [noise, moments(left_of(own))]
        if shared:
            number = codes.max() + 1
            drawn = autocorrelated(COMPONENT_DRAWS * number, residuals.shape[1], tried, rng)
            of_clusters = drawn.reshape(COMPONENT_DRAWS, number, -1)[:, codes]
            brought.append(moments(left_of(of_clusters)))
        found, gap = nnls(np.stack(brought, axis=1), wanted)
        if gap < best * (1 - TOLERANCE):
            best, variances, persistence = gap, np.append(found, np.zeros(3 - len(found))), tried
    noise_spread, unit_shock, cluster_shock = (float(spread) for spread in np.sqrt(variances))
    return Errors(
        cluster_shock=cluster_shock,
        unit_shock=unit_shock,
        persistence=persistence if unit_shock + cluster_shock > 0 else 0.0,
        noise=noise_spread,
    )


def _moments(
    values: FloatArray, precision: FloatArray, codes: IntArray, lags: Iterable[int]
) -> FloatArray:
    """Average products of residuals, over draws; within units, then between units of a cluster."""
    return np.array([mean for lag in lags for mean in _products(values, precision, codes, lag)])


def _products(
    values: FloatArray, precision: FloatArray, codes: IntArray, lag: int
) -> Iterator[float]:
    last = values.shape[-1] - lag
    own = _pairs(values, lag)
    own_weight = _pairs(precision, lag)
    yield float(own / len(values) / own_weight) if own_weight > 0 else 0.0
    by_cluster = np.zeros((len(values), codes.max() + 1, last + lag))
    sizes = np.zeros((codes.max() + 1, last + lag))
    np.add.at(sizes, codes, precision)
    for cluster in range(len(sizes)):
        by_cluster[:, cluster] = values[:, codes == cluster].sum(axis=1)
    between = _pairs(by_cluster, lag) - own
    weight = _pairs(sizes, lag) - own_weight
    yield float(between / len(values) / weight) if weight > TOLERANCE * own_weight else 0.0


def _pairs(values: FloatArray, lag: int) -> float:
    return float((values[..., : values.shape[-1] - lag] * values[..., lag:]).sum())
