r"""The cluster jackknife: how estimates change without each cluster, and its variance CV3.

MacKinnon, Nielsen and Webb (2023) recommend CV3 for few or unequal clusters, and show that how much
clusters differ in leverage tells whether any clustered inference can be relied on. For least
squares no regression is run again. With all regressors and dummies brought to a basis Z with Z'WZ =
1 (see `hat_blocks`), the coefficients of Z without cluster g differ by

.. math:: -(1 - Z_g'W_g Z_g)^{-1} Z_g'W_g e_g.

Effects of periods, which clusters share, are in Z and so are estimated anew as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analysis.effects.inference.fit import WeightedFit
from analysis.effects.inference.hat_blocks import LOST, Block, HatBlocks
from analysis.errors import DesignError, Problem

__all__ = ["Centre", "ClusterJackknife", "cluster_jackknife", "jackknife_vcov"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

Centre = Literal["point", "mean"]


@dataclass(frozen=True, slots=True, eq=False)
class ClusterJackknife:
    """Contrasts without each cluster, and what weight each cluster has.

    Attributes
    ----------
    estimates
        Each contrast without each cluster, shape (G, T); not a number where that cluster alone
        identifies it.
    leverage
        Share of each cluster in the parameters, shape (G,): the trace of its block of the hat
        matrix, fixed effects included. It adds up to the number of parameters.
    partial_leverage
        Share of each cluster in what is left of each regressor once the fixed effects and the
        other regressors are taken out, shape (G, k). Each column adds up to one.
    """

    estimates: FloatArray
    leverage: FloatArray
    partial_leverage: FloatArray

    @property
    def leverage_variation(self) -> float:
        """Coefficient of variation of the leverage."""
        return float(_variation(self.leverage))

    @property
    def partial_leverage_variation(self) -> FloatArray:
        """Coefficient of variation of each regressor's partial leverage, shape (k,)."""
        return _variation(self.partial_leverage)


def cluster_jackknife(
    fit: WeightedFit, codes: Sequence[IntArray], contrasts: FloatArray
) -> ClusterJackknife:
    """Leave out each cluster of a linear fit, in closed form.

    Parameters
    ----------
    fit
        The fit of a linear model. For a Poisson model the changes are those of one Newton step.
    codes
        The fixed effects that were taken out of it, each of shape (n,).
    contrasts
        Weights of the coefficients, shape (T, k).

    Examples
    --------
    >>> x, y = np.array([[1.0], [1.0], [2.0], [2.0]]), np.array([1.0, 2.0, 3.0, 4.0])
    >>> residuals, clusters = y - 1.7 * x[:, 0], np.array([0, 0, 1, 1])
    >>> fit = WeightedFit(np.array([1.7]), x, residuals, np.ones(4), clusters, 1)
    >>> cluster_jackknife(fit, [], np.eye(1)).estimates.round(4).tolist()
    [[1.75], [1.5]]
    """
    blocks = HatBlocks(fit, codes)
    count = len(fit.coefficients)
    turned = blocks.turn(contrasts)
    # What is left of each regressor, divided by its sum of squares.
    left_over = blocks.bread / np.diag(blocks.bread)
    estimates = np.tile(contrasts @ fit.coefficients, (blocks.clusters, 1))
    leverage = np.empty(blocks.clusters)
    partial = np.empty((blocks.clusters, count))
    for place, block in enumerate(blocks):
        estimates[place] += turned @ _change(block)
        estimates[place, block.alone_identifies(turned)] = np.nan
        leverage[place] = block.nested.shape[1] + np.trace(block.inner)
        own = (block.regressors @ left_over) ** 2 * np.diag(blocks.bread)
        partial[place] = block.weights @ own
    return ClusterJackknife(estimates, leverage, partial)


def jackknife_vcov(
    estimates: FloatArray, point: FloatArray, centre: Centre = "point"
) -> FloatArray:
    """Compute the jackknife covariance from estimates without each cluster.

    Parameters
    ----------
    estimates
        Of T targets without each of G clusters, however they were made, shape (G, T).
    point
        With all clusters, shape (T,).
    centre
        ``point`` for CV3, which measures changes from the estimates with all clusters; ``mean``
        for CV3J, from the mean of those without one.

    Returns
    -------
    numpy.ndarray
        (G - 1) / G times the cross-product of the changes, shape (T, T); not a number for targets
        that cannot be estimated without some cluster. Tests use t with G - 1 degrees of freedom.
        clubSandwich's CR3 is G / (G - 1) times this.

    Raises
    ------
    DesignError
        If there are fewer than two clusters.

    Examples
    --------
    >>> jackknife_vcov(np.array([[1.0], [3.0]]), np.array([2.0])).tolist()
    [[1.0]]
    """
    groups = len(estimates)
    if groups < 2:
        problem = Problem(f"there are {groups}", "clusters", "there must be two or more")
        raise DesignError("the cluster jackknife cannot be computed", [problem])
    changes = estimates - (point if centre == "point" else estimates.mean(axis=0))
    vcov: FloatArray = (groups - 1) / groups * changes.T @ changes
    return vcov


def _change(block: Block) -> FloatArray:
    """How the coefficients of Z change without a cluster, where they are still identified."""
    values, vectors = np.linalg.eigh(block.inner)
    left = 1 - values
    inverse = np.where(left > LOST, 1 / np.maximum(left, LOST), 0.0)
    scores = block.basis.T @ (block.weights * block.residuals)
    return np.asarray(-vectors @ (inverse * (vectors.T @ scores)))


def _variation(shares: FloatArray) -> FloatArray:
    return np.asarray(shares.std(axis=0, ddof=1) / shares.mean(axis=0))
