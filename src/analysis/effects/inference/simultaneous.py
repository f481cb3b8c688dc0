"""Bands that hold all effects of a path at once, with 95 per cent confidence.

Pointwise intervals of an event study each cover their own effect; read together, as they are, some
of them miss more often than that says. The sup-t band (Montiel Olea and Plagborg-Moller 2019) is
the narrowest band of the same width in standard errors everywhere that covers the whole path.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from analysis.effects.inference.uncertainty import LEVEL
from analysis.errors import DesignError, Problem

__all__ = ["sup_t_band", "sup_t_from_draws", "sup_t_from_vcov"]

FloatArray = NDArray[np.float64]

DRAWS = 100_000


def sup_t_from_vcov(
    vcov: FloatArray, seed: int, *, degrees: float = np.inf, draws: int = DRAWS
) -> float:
    """Return the critical value of the largest t among effects with a given covariance.

    Parameters
    ----------
    vcov
        Shape (T, T). Effects without a variance, such as that of the period of reference, or whose
        variance is not known, are left out.
    seed
        Of the draws.
    degrees
        Of freedom of the t distribution; infinite for the normal.
    draws
        How many to make; with 100,000 the value is good to about 0.01.

    Returns
    -------
    float
        By how many standard errors the band reaches to each side: at least the pointwise critical
        value, at most that of Bonferroni but for the error of the draws. Not a number without any
        effect that has a variance.

    Examples
    --------
    >>> round(sup_t_from_vcov(np.eye(1), seed=1), 2)
    1.96
    >>> sup_t_from_vcov(np.eye(10), seed=1) > 2.7
    True
    """
    used = np.diag(vcov) > 0
    errors = np.sqrt(np.diag(vcov)[used])
    pointwise = float(stats.t.ppf((1 + LEVEL) / 2, degrees))
    if len(errors) < 2:
        return pointwise if len(errors) else np.nan
    correlation = vcov[np.ix_(used, used)] / np.outer(errors, errors)
    values, vectors = np.linalg.eigh(correlation)
    # Rounding, or clustering in two ways, can make eigenvalues negative.
    root = vectors * np.sqrt(np.maximum(values, 0))
    generator = np.random.default_rng(seed)
    largest = np.abs(generator.standard_normal((draws, len(errors))) @ root.T).max(axis=1)
    if np.isfinite(degrees):
        largest /= np.sqrt(generator.chisquare(degrees, draws) / degrees)
    return max(float(np.quantile(largest, LEVEL)), pointwise)


def sup_t_from_draws(draws: FloatArray, standard_error: FloatArray) -> float:
    """Return the critical value of the largest t among bootstrapped effects.

    Parameters
    ----------
    draws
        What each draw's effects differ by from the estimates, shape (draws, T).
    standard_error
        Shape (T,). Effects without one, or with one of zero, are left out.

    Returns
    -------
    float
        See `sup_t_from_vcov`.
    """
    used = standard_error > 0
    if not used.any():
        return np.nan
    largest = np.abs(draws[:, used] / standard_error[used]).max(axis=1)
    # The definition without interpolation that R's did takes.
    return float(np.quantile(largest, LEVEL, method="inverted_cdf"))


def sup_t_band(
    values: FloatArray, standard_error: FloatArray, critical_value: float
) -> tuple[FloatArray, FloatArray]:
    """Return the lower and the upper end of the band, each of shape (T,).

    Raises
    ------
    DesignError
        If there is no critical value, because no effect has a standard error.
    """
    if not np.isfinite(critical_value):
        hint = "choose an inference that gives effects by event time a covariance"
        problem = Problem("no effect has a standard error", "simultaneous band", hint)
        raise DesignError("there is no simultaneous band", [problem])
    margin = critical_value * standard_error
    return values - margin, values + margin
