"""A normal vector, given that no entry is significant: how likely that is, and its mean then."""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

__all__ = ["passing"]

FloatArray = NDArray[np.float64]

# The number of points, of a scrambled Sobol sequence, is 2 to this power.
LOG_POINTS = 16
SEED = 0


def passing(mean: FloatArray, vcov: FloatArray, threshold: float) -> tuple[float, FloatArray]:
    """Integrate a normal distribution over the box of insignificant values.

    Genz (1992): entries are drawn one after the other from normal distributions cut off at the
    sides of the box; the chance of the box is the mean product of what was left of each, and its
    mean the average weighted by that. Points are those of one fixed quasi-random sequence, so that
    the answer is the same at every call and smooth in the mean. Chances are good to 1e-6 and means
    to 1e-5 standard errors for up to four entries, to 1e-5 and 2e-3 for two dozen.

    Parameters
    ----------
    mean, vcov
        Of the normal vector, shape (k,) and (k, k); the covariance must be positive definite.
    threshold
        How many standard errors from zero an entry may be.

    Returns
    -------
    tuple of float and numpy.ndarray
        The chance that all entries are insignificant, and their mean if they are, shape (k,).

    Examples
    --------
    >>> chance, expected = passing(np.array([0.5, 1.0]), np.eye(2), 1.96)
    >>> round(chance, 4), expected.round(3).tolist()
    (0.7643, [0.372, 0.703])
    """
    entries = len(mean)
    root = np.linalg.cholesky(vcov)
    limit = threshold * np.sqrt(np.diag(vcov))
    points = _points(entries)
    drawn = np.zeros_like(points)
    left = np.ones(len(points))
    for entry in range(entries):
        centre = mean[entry] + drawn[:, :entry] @ root[entry, :entry]
        low = (-limit[entry] - centre) / root[entry, entry]
        high = (limit[entry] - centre) / root[entry, entry]
        # Chances are precise in the lower tail, so the upper one is turned over.
        turned = np.where(low > 0, -1.0, 1.0)
        below = special.ndtr(np.minimum(turned * low, turned * high))
        share = special.ndtr(np.maximum(turned * low, turned * high)) - below
        drawn[:, entry] = turned * special.ndtri(below + points[:, entry] * share)
        left *= share
    return float(left.mean()), mean + root @ (left @ drawn / left.sum())


@functools.lru_cache(maxsize=4)
def _points(dimensions: int) -> FloatArray:
    rng = np.random.default_rng(SEED)
    points = stats.qmc.Sobol(dimensions, scramble=True, rng=rng).random_base2(LOG_POINTS)
    points.flags.writeable = False
    return np.asarray(points)
