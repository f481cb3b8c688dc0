"""Clustered standard errors: one small-sample rule for every estimator.

The covariance is CR1 (Cameron and Miller 2015): the sandwich of cluster sums of scores, times
G / (G - 1) * (N - 1) / (N - K) for G clusters, N observations and K parameters. Fixed effects
nested in clusters are not counted in K. Tests and intervals use Student's t with G - 1 degrees of
freedom.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from analysis.effects.result import Estimate

__all__ = ["WeightedFit", "cluster_sums", "clustered_vcov", "describe_clustered", "t_estimate"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class WeightedFit:
    """A fit as weighted least squares from which the fixed effects have been taken out.

    A linear model is one as it stands; a Poisson model is one at its optimum, with its means as
    weights and (count - mean) / mean as residuals.

    Attributes
    ----------
    coefficients
        Shape (k,).
    regressors
        Without what the fixed effects explain of them, shape (n, k).
    residuals, weights
        Shape (n,).
    clusters
        Integer codes 0 to G - 1, shape (n,).
    parameters
        K of the small-sample factor.
    """

    coefficients: FloatArray
    regressors: FloatArray
    residuals: FloatArray
    weights: FloatArray
    clusters: IntArray
    parameters: int

    @property
    def cluster_count(self) -> int:
        """How many clusters there are."""
        return int(self.clusters.max()) + 1


def clustered_vcov(fit: WeightedFit) -> FloatArray:
    """Compute the CR1 covariance of a fit's coefficients.

    Returns
    -------
    numpy.ndarray
        Shape (k, k).

    Examples
    --------
    >>> x = np.array([[1.0], [-1.0], [1.0], [-1.0]])
    >>> residuals = np.array([0.5, 0.5, -0.5, 0.5])
    >>> clusters = np.array([0, 0, 1, 1])
    >>> fit = WeightedFit(np.array([1.0]), x, residuals, np.ones(4), clusters, 1)
    >>> clustered_vcov(fit).tolist()
    [[0.125]]
    """
    weighted = fit.weights[:, None] * fit.regressors
    bread = np.linalg.inv(weighted.T @ fit.regressors)
    scores = cluster_sums(weighted * fit.residuals[:, None], fit.clusters)
    observations, groups = len(fit.residuals), fit.cluster_count
    factor = groups / (groups - 1) * (observations - 1) / (observations - fit.parameters)
    vcov: FloatArray = factor * bread @ (scores.T @ scores) @ bread
    return vcov


def cluster_sums(rows: FloatArray, clusters: IntArray) -> FloatArray:
    """Add up rows of shape (n, k) within clusters, to shape (G, k)."""
    totals = np.zeros((int(clusters.max()) + 1, rows.shape[1]))
    np.add.at(totals, clusters, rows)
    return totals


def t_estimate(value: float, standard_error: float, clusters: int) -> Estimate:
    """Turn an estimate and its error into a test and an interval, by t with G - 1 degrees.

    Examples
    --------
    >>> round(t_estimate(1.0, 0.5, clusters=31).p_value, 4)
    0.0546
    """
    degrees = clusters - 1
    margin = float(stats.t.ppf((1 + LEVEL) / 2, degrees)) * standard_error
    p_value = float(2 * stats.t.sf(abs(value) / standard_error, degrees))
    return Estimate(value, standard_error, value - margin, value + margin, p_value)


def describe_clustered(cluster: str, clusters: int) -> str:
    """Say in words how `clustered_vcov` and `t_estimate` were used."""
    return (
        f"clustered by {cluster} (CR1: G/(G-1) (N-1)/(N-K), fixed effects nested in clusters not "
        f"counted), t with {clusters - 1} degrees of freedom ({clusters} clusters)"
    )
