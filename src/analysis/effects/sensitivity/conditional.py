r"""The conditional test with a least favourable first stage (Andrews, Roth and Pakes 2023).

Is :math:`l'\tau = \theta` possible, if the violation lies in a polyhedron? Then moments
:math:`E[Y] - X \tilde\tau \le 0` hold for some values of the other effects. The statistic is the
smallest :math:`\eta` such that no moment exceeds zero by more than :math:`\eta` standard
deviations, which is the largest of :math:`\gamma' Y` over the vertices :math:`\gamma` of the dual
linear programme. For differences over time the vertices can be written down, so no programme is
solved: rows come in pairs, one bounding a change :math:`u_t` from above and one from below, and
with :math:`\theta = c'u` a combination of rows is free of :math:`\tilde\tau` if it is a pair, or
weighs bounds by :math:`c` or by :math:`-c`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from analysis.effects.sensitivity.authors_draws import normal_draws
from analysis.effects.sensitivity.restrictions import Polyhedron

__all__ = ["accepted"]

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

# As the authors' R package: the share of the size that the first stage takes, and its draws.
FIRST_STAGE_SHARE = 0.1
DRAWS = 1000
EPSILON = float(np.finfo(float).eps)
# Statistics whose ratio differs from one by less than this move together.
PARALLEL = 1e-12


def accepted(
    thetas: FloatArray,
    values: FloatArray,
    vcov: FloatArray,
    polyhedron: Polyhedron,
    weights: FloatArray,
    size: float,
) -> BoolArray:
    """Test each value of a combination of effects, given that the violation is in a polyhedron.

    Parameters
    ----------
    thetas
        The values to test, shape (n,).
    values, vcov
        Event-time estimates without the reference, shape (k,), and their covariance, (k, k).
    polyhedron
        Where the violation lies.
    weights
        Of the effects after the reference in the combination, shape (lags,).
    size
        Of the test: 0.05 for an interval of 95 per cent.

    Returns
    -------
    numpy.ndarray
        Which values are not rejected, shape (n,).
    """
    # With one effect after the reference nothing is profiled out, and all moments are used.
    moments = polyhedron.on_lags() if polyhedron.lags > 1 else polyhedron
    moment_vcov = moments.matrix @ vcov @ moments.matrix.T
    vertices = _dual_vertices(moments, weights, np.sqrt(np.diag(moment_vcov)))
    statistics = vertices.gamma @ (moments.matrix @ values - moments.limits)
    eta = statistics[:, None] + np.outer(vertices.slope, thetas)
    # Combined before the covariance is taken, so that what cancels does so exactly.
    combined = vertices.gamma @ moments.matrix
    critical = _least_favourable(vertices.gamma, moment_vcov, FIRST_STAGE_SHARE * size)
    second_size = (1 - FIRST_STAGE_SHARE) * size / (1 - FIRST_STAGE_SHARE * size)
    # R's package does not condition on the first stage when there is one effect only.
    ceiling = critical if polyhedron.lags > 1 else np.inf
    passed = _second_stage(eta, combined @ vcov @ combined.T, ceiling, second_size)
    return np.asarray(passed & (eta.max(axis=0) <= critical))


@dataclass(frozen=True, slots=True, eq=False)
class _Vertices:
    """Dual vertices, shape (v, rows), and what each statistic gains as theta grows, shape (v,)."""

    gamma: FloatArray
    slope: FloatArray


def _dual_vertices(moments: Polyhedron, weights: FloatArray, sd: FloatArray) -> _Vertices:
    if moments.lags == 1:
        return _Vertices(np.diag(1 / sd), -moments.matrix[:, -1] / (weights[0] * sd))
    lags = moments.lags
    upper, lower = sd[:lags], sd[lags:]
    changes = moments.matrix[:lags, moments.leads :]
    c = np.linalg.solve(changes.T, weights)
    above, below = np.maximum(c, 0), np.maximum(-c, 0)
    rise, fall = above @ upper + below @ lower, below @ upper + above @ lower
    pairs = np.tile(np.diag(1 / (upper + lower)), 2)
    gamma = np.vstack([pairs, np.r_[above, below] / rise, np.r_[below, above] / fall])
    return _Vertices(gamma, np.r_[np.zeros(lags), -1 / rise, 1 / fall])


def _least_favourable(gamma: FloatArray, moment_vcov: FloatArray, size: float) -> float:
    """Take the critical value of the statistic when all moments are zero in expectation."""
    eigenvalues, vectors = np.linalg.eigh(moment_vcov)
    root = (vectors * np.sqrt(np.maximum(eigenvalues, 0))) @ vectors.T
    draws = normal_draws(DRAWS, len(moment_vcov)) @ root
    return float(np.quantile((draws @ gamma.T).max(axis=1), 1 - size))


def _second_stage(eta: FloatArray, vcov: FloatArray, ceiling: float, size: float) -> BoolArray:
    """Test the largest statistic, given that it is the largest and below the ceiling.

    `eta` has shape (v, n), `vcov` (v, v). What the other statistics are beside the part that
    moves with the largest one says between which bounds it would have stayed the largest.
    """
    largest = eta.argmax(axis=0)
    top = eta[largest, np.arange(eta.shape[1])]
    variance = np.diag(vcov)[largest]
    moves = variance >= EPSILON
    sd = np.sqrt(np.where(moves, variance, 1.0))
    ratio = vcov[:, largest] / sd**2
    rest, gap = eta - ratio * top, 1 - ratio
    with np.errstate(divide="ignore", invalid="ignore"):
        bound = rest / gap
    least = np.max(bound, axis=0, where=gap > PARALLEL, initial=-np.inf) / sd
    most = np.minimum(np.min(bound, axis=0, where=gap < -PARALLEL, initial=np.inf), ceiling) / sd
    point = top / sd
    inside = (least <= point) & (point <= most)
    share = _share_above(np.clip(point, least, most), least, most)
    kept = np.where(moves, ~inside | (share >= size) | (top <= 0), top <= 0)
    return np.asarray(kept, dtype=np.bool_)


def _share_above(point: FloatArray, least: FloatArray, most: FloatArray) -> FloatArray:
    """Give the chance that a standard normal number between bounds exceeds a point.

    In logarithms, so that nothing is lost far out in a tail.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        top = special.log_ndtr(-most)
        above = special.log_ndtr(-point)
        between = special.log_ndtr(-least)
        share = np.exp(above - between) * np.expm1(top - above) / np.expm1(top - between)
    return np.asarray(share)
