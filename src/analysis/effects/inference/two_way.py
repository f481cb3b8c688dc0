"""Errors clustered in two ways: by cluster, and by period across clusters."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analysis.effects.inference.clustered import small_sample_factor
from analysis.effects.inference.fit import WeightedFit, bread_of, cluster_scores

__all__ = ["Degrees", "positive_semidefinite", "two_way_vcov"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

Degrees = Literal["min", "conventional", "none"]


def two_way_vcov(
    fit: WeightedFit, periods: IntArray, parameters: int | None, degrees: Degrees = "min"
) -> FloatArray:
    """Compute the covariance of Cameron, Gelbach and Miller (2011).

    It is that clustered by cluster, plus that clustered by period, less that clustered by both at
    once, and need not be positive semidefinite: see `positive_semidefinite`.

    Parameters
    ----------
    fit
        The fit.
    periods
        Codes of the other way of clustering, shape (n,).
    parameters
        K of the factor (N - 1) / (N - K); None for no such factor. fixest's counts the coefficients
        and the fixed effects nested in neither way (`fixed_effects.parameters_used`).
    degrees
        Whether the factor G / (G - 1) uses the smaller number of clusters for all three (``min``,
        fixest's default), each its own (``conventional``), or is left out (``none``).

    Returns
    -------
    numpy.ndarray
        Shape (k, k). Tests use t with the smaller number of clusters, less one, degrees of freedom.

    Raises
    ------
    DesignError
        If there are fewer than two clusters or periods.
    """
    both = _number(fit.clusters * (periods.max() + 1) + periods)
    bread = bread_of(fit)
    smallest = min(len(np.unique(fit.clusters)), len(np.unique(periods)))
    vcov = np.zeros_like(bread)
    for sign, groups in ((1, fit.clusters), (1, _number(periods)), (-1, both)):
        scores = cluster_scores(fit, groups)
        counted = smallest if degrees == "min" else len(scores)
        factor = small_sample_factor(counted, len(fit.residuals), parameters)
        if degrees == "none":
            factor *= (counted - 1) / counted
        vcov += sign * factor * (bread @ (scores.T @ scores) @ bread)
    return vcov


def positive_semidefinite(vcov: FloatArray) -> FloatArray:
    """Set negative eigenvalues of a covariance to zero, as fixest does by default.

    Examples
    --------
    >>> positive_semidefinite(np.diag([2.0, -1.0])).tolist()
    [[2.0, 0.0], [0.0, 0.0]]
    """
    values, vectors = np.linalg.eigh(vcov)
    if values[0] >= 0:
        return vcov
    return np.asarray((vectors * np.maximum(values, 0)) @ vectors.T)


def _number(groups: IntArray) -> IntArray:
    return np.asarray(np.unique(groups, return_inverse=True)[1], dtype=np.int64)
