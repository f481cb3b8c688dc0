"""Driscoll-Kraay errors: dependence between units and, for some periods, over time."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from analysis.effects.inference.clustered import small_sample_factor
from analysis.effects.inference.fit import WeightedFit, bread_of, cluster_scores
from analysis.errors import DesignError, Problem

__all__ = ["driscoll_kraay_vcov", "usual_lags"]

FloatArray = NDArray[np.float64]


def driscoll_kraay_vcov(
    fit: WeightedFit,
    periods: FloatArray,
    lags: int | None = None,
    parameters: int | None = None,
    *,
    small_sample: bool = True,
) -> FloatArray:
    """Compute the covariance of Driscoll and Kraay (1998), with Bartlett weights.

    Scores are summed over all units of a period, and products of sums that lie l periods apart
    count 1 - l / (L + 1). The method needs many periods, not many clusters.

    Parameters
    ----------
    fit
        The fit; its clusters are not used.
    periods
        Period numbers, one apart from period to period, shape (n,). In a period without rows the
        sum of scores is zero.
    lags
        L, the largest lag; None for `usual_lags`.
    parameters
        K of the factor (N - 1) / (N - K); None for no such factor.
    small_sample
        Whether to multiply by T / (T - 1) for T periods and, if K is given, by that factor.

    Returns
    -------
    numpy.ndarray
        Shape (k, k), positive semidefinite. Tests use t with T - 1 degrees of freedom.

    Raises
    ------
    DesignError
        If lags are negative or reach as far as the panel, or there are fewer than two periods.
    """
    places = np.rint(periods - periods.min()).astype(np.int64)
    span, count = int(places.max()) + 1, len(np.unique(places))
    chosen = usual_lags(count) if lags is None else lags
    if not 0 <= chosen < span:
        problem = Problem(f"{chosen} lags, {span} periods", "lags", f"choose 0 to {span - 1}")
        raise DesignError("Driscoll-Kraay errors cannot be computed", [problem])
    scores = cluster_scores(fit, places)
    meat = scores.T @ scores
    for lag in range(1, chosen + 1):
        product = scores[lag:].T @ scores[:-lag]
        meat += (1 - lag / (chosen + 1)) * (product + product.T)
    bread = bread_of(fit)
    factor = small_sample_factor(count, len(periods), parameters) if small_sample else 1.0
    return np.asarray(factor * (bread @ meat @ bread))


def usual_lags(periods: int) -> int:
    """Return the fourth root of the number of periods, rounded down, as fixest and plm do.

    Examples
    --------
    >>> usual_lags(15), usual_lags(16), usual_lags(96)
    (1, 2, 3)
    """
    # The tolerance keeps exact fourth powers from being rounded below themselves.
    return math.floor(math.sqrt(math.sqrt(periods)) + 1e-9)
