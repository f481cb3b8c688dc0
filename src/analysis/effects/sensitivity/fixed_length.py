r"""The shortest interval of fixed length under smoothness (Rambachan and Roth 2023, section 4).

The estimator is linear, :math:`v'\hat\beta`, with the weights of the effects after the reference
given. If it is to be free of linear trends it is a combination of second differences,
:math:`v = A'g`; its worst bias is then :math:`M \sum |g|`. The part of `g` that belongs to
differences after the reference follows from the weights; the rest is free, and chosen to make the
interval short. It trades variance against bias as the lasso does, so the best `g` is a lasso
solution whose penalty solves one equation. Nothing is simulated.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, stats

from analysis.effects.sensitivity.restrictions import difference_rows

__all__ = ["FixedLength", "fixed_length_interval"]

FloatArray = NDArray[np.float64]

PRECISION = 1e-14


@dataclass(frozen=True, slots=True, eq=False)
class FixedLength:
    """An interval of fixed length and the estimator in its middle.

    Attributes
    ----------
    lower, upper
        Its ends.
    weights
        Of the event-time estimates in the estimator, shape (k,).
    standard_error
        Of the estimator.
    bias
        Its largest bias.
    """

    lower: float
    upper: float
    weights: FloatArray
    standard_error: float
    bias: float


def fixed_length_interval(
    values: FloatArray, vcov: FloatArray, leads: int, weights: FloatArray, m: float, size: float
) -> FixedLength:
    """Find the shortest fixed-length interval if slopes change by at most `m` from one period on.

    Parameters
    ----------
    values, vcov
        Event-time estimates without the reference, shape (k,), and their covariance, (k, k),
        which must be positive definite.
    leads
        How many estimates are before the reference.
    weights
        Of the effects after the reference, shape (k - leads,).
    m
        The bound on changes of slope.
    size
        0.05 for an interval of 95 per cent.

    Examples
    --------
    With one lead, the trend to the reference is taken off the effect.

    >>> found = fixed_length_interval(np.array([-1.0, 3.0]), np.eye(2), 1, np.ones(1), 0.0, 0.05)
    >>> found.weights.tolist(), round((found.lower + found.upper) / 2, 9)
    ([1.0, 1.0], 2.0)
    """
    lags = len(values) - leads
    differences = difference_rows(leads, lags, order=2)
    free, tied = differences[: leads - 1], differences[leads - 1 :]
    given = np.linalg.solve(tied[:, leads:].T, weights)
    least_biased = tied.T @ given
    # In units of the variance of the least biased estimator, so that tolerances mean the same.
    scale = float(least_biased @ vcov @ least_biased)
    quadratic = free @ vcov @ free.T / scale
    linear = free @ vcov @ least_biased / scale
    unit = m / float(np.sqrt(scale))

    def trade(penalty: float) -> tuple[FloatArray, float, float]:
        g = _lasso(quadratic, linear, penalty)
        bias = unit * float(np.abs(g).sum() + np.abs(given).sum())
        return g, bias, float(np.sqrt(g @ quadratic @ g + 2 * linear @ g + 1))

    def excess(penalty: float) -> float:
        _, bias, sd = trade(penalty)
        return float(penalty - unit * sd * _price_of_bias(bias, sd, size))

    penalty = 0.0
    if unit > 0 and leads > 1:
        # Beyond the largest linear term no free difference is used.
        penalty = float(np.abs(linear).max())
        if excess(penalty) > 0:
            penalty = optimize.brentq(excess, 0.0, penalty, xtol=PRECISION)
    g, bias, sd = trade(penalty)
    estimator = least_biased + free.T @ g
    half = float(np.sqrt(scale)) * _half_length(bias, sd, size)
    centre = float(estimator @ values)
    return FixedLength(
        lower=centre - half,
        upper=centre + half,
        weights=estimator,
        standard_error=float(np.sqrt(scale) * sd),
        bias=float(np.sqrt(scale) * bias),
    )


def _lasso(quadratic: FloatArray, linear: FloatArray, penalty: float) -> FloatArray:
    """Minimise g'Qg + 2q'g + 2 penalty sum |g|.

    The dual is the least distance from a point to a set of linear inequalities, which non-negative
    least squares solves in finitely many steps (Lawson and Hanson 1974, chapter 23); it says which
    entries are not zero and of what sign, and those then follow from linear equations.
    """
    g = np.zeros(len(linear))
    if penalty == 0:
        return np.asarray(np.linalg.solve(quadratic, -linear))
    root = np.linalg.cholesky(quadratic)
    rows = np.vstack([root, -root])
    limits = np.r_[linear - penalty, -linear - penalty]
    stacked = np.vstack([rows.T, limits])
    multipliers, _ = optimize.nnls(stacked, np.r_[np.zeros(len(linear)), 1.0])
    above, below = np.split(multipliers, 2)
    sign = np.sign(below - above)
    used = sign != 0
    if used.any():
        target = -linear[used] - penalty * sign[used]
        g[used] = np.linalg.solve(quadratic[np.ix_(used, used)], target)
    return g


def _half_length(bias: float, sd: float, size: float) -> float:
    """Find what a normal number with this bias exceeds in size with the given chance."""

    def missed(half: float) -> float:
        tails = stats.norm.sf((half - bias) / sd) + stats.norm.sf((half + bias) / sd)
        return float(tails - size)

    least = bias + sd * float(stats.norm.isf(size))
    most = bias + sd * float(stats.norm.isf(size / 2))
    if bias == 0:
        return most
    # A large bias leaves one tail only, up to rounding.
    if missed(least) <= 0:
        return least
    return float(optimize.brentq(missed, least, most, xtol=PRECISION))


def _price_of_bias(bias: float, sd: float, size: float) -> float:
    """Give what a unit of bias lengthens the interval, relative to a unit of standard error."""
    half = _half_length(bias, sd, size)
    near, far = (half - bias) / sd, (half + bias) / sd
    dense = stats.norm.pdf(near), stats.norm.pdf(far)
    return float((dense[0] - dense[1]) / (near * dense[0] + far * dense[1]))
