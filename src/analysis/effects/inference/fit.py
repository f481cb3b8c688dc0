"""A regression as inference sees it: weighted least squares without its fixed effects."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

__all__ = [
    "UnitTrends",
    "WeightedFit",
    "bread_of",
    "cluster_scores",
    "cluster_sums",
    "coefficient_influence",
    "cross_products",
    "weighted_sums",
]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# Numbers that are worked on at a time, 32 MB of them.
CHUNK = 2**22


@dataclass(frozen=True, slots=True, eq=False)
class UnitTrends:
    """Linear trends of units, each of which lies within a cluster.

    Attributes
    ----------
    units
        Integer codes, shape (n,).
    time
        What the trends are linear in, with mean zero, shape (n,).
    """

    units: IntArray
    time: FloatArray


@dataclass(frozen=True, eq=False)
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
        K of the small-sample factor, fixed effects nested in clusters not counted.
    parameters_full
        K with every fixed effect counted: k and the rank of all dummies. None if not known.
    directions
        How many of the regressors, the last ones, are combinations of the dummies: directions in
        which the fixed effects move targets that depend on them, too. They stand for no parameter
        beyond the fixed effects, and the other regressors have nothing in common with them.
    trends
        Linear trends that were taken out too; None if there are none.
    """

    coefficients: FloatArray
    regressors: FloatArray
    residuals: FloatArray
    weights: FloatArray
    clusters: IntArray
    parameters: int
    parameters_full: int | None = None
    directions: int = 0
    trends: UnitTrends | None = None

    @property
    def cluster_count(self) -> int:
        """How many clusters there are."""
        return int(self.clusters.max()) + 1

    @cached_property
    def gram(self) -> FloatArray:
        """Weighted cross-products of the regressors, shape (k, k)."""
        return cross_products(self.regressors, self.weights)


def cluster_sums(rows: FloatArray, clusters: IntArray) -> FloatArray:
    """Add up rows of shape (n, k) within clusters, to shape (G, k)."""
    groups = int(clusters.max()) + 1
    if groups == len(rows) and (clusters == np.arange(groups)).all():
        return rows
    return weighted_sums(np.ones(len(rows)), rows, clusters)


def weighted_sums(values: FloatArray, rows: FloatArray, clusters: IntArray) -> FloatArray:
    """Add up rows of shape (n, k) times values of shape (n,) within clusters, to shape (G, k)."""
    shape = (len(rows), int(clusters.max()) + 1)
    members = sparse.csr_array((values, clusters, np.arange(len(rows) + 1)), shape=shape)
    return np.asarray(members.T @ rows)


def cross_products(columns: FloatArray, weights: FloatArray) -> FloatArray:
    """Return X'WX, shape (k, k), of columns X of shape (n, k) with weights of shape (n,)."""
    # Some rows at a time, so that no second table of the size of the first is made.
    step, total = max(1, CHUNK // max(1, columns.shape[1])), np.zeros((columns.shape[1],) * 2)
    for start in range(0, len(columns), step):
        rows = slice(start, start + step)
        scaled = np.sqrt(weights[rows])[:, None] * columns[rows]
        total += scaled.T @ scaled
    return total


def bread_of(fit: WeightedFit) -> FloatArray:
    """Invert the weighted cross-products of the regressors, shape (k, k)."""
    return np.asarray(np.linalg.inv(fit.gram))


def cluster_scores(fit: WeightedFit, groups: IntArray | None = None) -> FloatArray:
    """Add up the scores within clusters, or within other groups with codes of shape (n,)."""
    codes = fit.clusters if groups is None else groups
    return weighted_sums(fit.weights * fit.residuals, fit.regressors, codes)


def coefficient_influence(fit: WeightedFit, gradient: FloatArray) -> FloatArray:
    """Return what each cluster contributes to the errors of functions of the coefficients.

    Parameters
    ----------
    fit
        The fit.
    gradient
        Derivatives of T targets with respect to the coefficients, shape (T, k).

    Returns
    -------
    numpy.ndarray
        Shape (G, T); the CR0 covariance of the targets is its cross-product with itself.
    """
    return np.asarray(cluster_scores(fit) @ bread_of(fit) @ gradient.T)
