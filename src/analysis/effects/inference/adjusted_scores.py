"""Cluster scores with adjusted residuals, and what is expected of their squares.

CR2 (Bell and McCaffrey 2002; Pustejovsky and Tipton 2018) and CR3 multiply each cluster's residuals
by a matrix A before scores are formed: CR2 by the inverse symmetric root of the block of
(I - H)(I - H)', which makes the variance unbiased if errors are independent with equal variances;
CR3 by the inverse of (I - H)_gg, which is the jackknife over clusters. Blocks are singular
wherever a cluster holds a whole fixed effect; there, generalised inverses are meant.

Both matrices differ from the identity only on the span of a few columns, those of the hat block:
that is where they are computed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analysis.effects.inference.fit import WeightedFit
from analysis.effects.inference.hat_blocks import LOST, Block, HatBlocks

__all__ = ["AdjustedScores", "Kind", "Leverage", "Variances", "adjust_scores"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

Kind = Literal["CR0", "CR2", "CR3"]
Variances = Literal["equal", "inverse_weights"]
Leverage = Literal["full", "regressors"]

# Eigenvalues of I - H below this are zero but for rounding; clubSandwich draws the line here too.
SINGULAR = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class AdjustedScores:
    r"""Scores of clusters, and the quadratic forms that degrees of freedom are made of.

    The variance of a contrast c is the sum over clusters g of :math:`(p_g'\varepsilon)^2`. With
    :math:`B` the bread, u, v and Q for `left`, `right` and `middle`, and the first term only if
    g = h,

    .. math:: p_g'p_h = c'B(own_g - u_g'v_h - v_g'u_h + v_g'Q v_h)Bc.

    Attributes
    ----------
    bread
        Shape (k, k).
    scores
        Sums of adjusted scores, shape (G, k).
    own
        Shape (G, k, k).
    left, right
        Shape (G, r, k).
    middle
        Shape (r, r).
    """

    bread: FloatArray
    scores: FloatArray
    own: FloatArray
    left: FloatArray
    right: FloatArray
    middle: FloatArray


def adjust_scores(
    fit: WeightedFit,
    codes: Sequence[IntArray],
    kind: Kind,
    variances: Variances,
    leverage: Leverage,
) -> AdjustedScores:
    """Adjust a fit's residuals cluster by cluster and add up scores.

    Parameters
    ----------
    fit
        The fit.
    codes
        The fixed effects that were taken out of it.
    kind
        The adjustment; ``CR0`` is none.
    variances
        Which errors the adjustment and the degrees of freedom have in mind: independent with
        ``equal`` variances, whatever the weights, or with variances of ``inverse_weights``.
    leverage
        Whether the adjustment counts the leverage of the fixed effects (``full``) or only that of
        the regressors after these are taken out.
    """
    blocks = HatBlocks(fit, codes, whiten=variances == "inverse_weights")
    middle = blocks.squared_weights()
    k = len(blocks.bread)
    shape = (blocks.clusters, blocks.rank, k)
    scores, own = np.empty((shape[0], k)), np.empty((shape[0], k, k))
    left, right = np.empty(shape), np.empty(shape)
    for place, block in enumerate(blocks):
        adjusted = _adjusted_regressors(block, blocks, middle, kind, leverage)
        weights = block.weights[:, None]
        # (I - H_D)' from the left.
        projected = adjusted - weights * (block.nested @ (block.nested.T @ adjusted))
        scores[place] = adjusted.T @ block.residuals
        own[place] = projected.T @ projected
        left[place] = block.basis.T @ (weights * projected)
        right[place] = block.basis.T @ adjusted
    return AdjustedScores(blocks.bread, scores, own, left, right, middle)


def _adjusted_regressors(
    block: Block, blocks: HatBlocks, middle: FloatArray, kind: Kind, leverage: Leverage
) -> FloatArray:
    """Return A'WX of a cluster, shape (m, k)."""
    weighted = block.weights[:, None] * block.regressors
    if kind == "CR0":
        return weighted
    # Full leverage is that of dummies and regressors; the last columns of Z span the regressors.
    own = slice(None) if leverage == "full" else slice(-len(blocks.root), None)
    basis = block.basis[:, own]
    if kind == "CR2" and blocks.weighted:
        nested = block.nested if leverage == "full" else block.nested[:, :0]
        return _times_root(block.weights, nested, basis, middle[own, own], weighted)
    # Off the nested dummies, where residuals lie, A = I + Z core Z'W, core a function of Z'WZ.
    values, vectors = np.linalg.eigh(block.inner[own, own])
    function = _root_function if kind == "CR2" else _inverse_function
    core = (vectors * function(values)) @ vectors.T
    return np.asarray(weighted + block.weights[:, None] * (basis @ (core @ (basis.T @ weighted))))


def _root_function(values: FloatArray) -> FloatArray:
    """((1 - v)^{-1/2} - 1) / v without cancellation; where 1 - v = 0, with 0 for its root."""
    left = 1 - values
    root = np.sqrt(np.maximum(left, SINGULAR))
    return np.where(left > SINGULAR, 1 / (root * (1 + root)), -1.0)


def _inverse_function(values: FloatArray) -> FloatArray:
    """((1 - v)^{-1} - 1) / v; where 1 - v = 0, with 0 for its inverse."""
    left = 1 - values
    return np.where(left > LOST, 1 / np.maximum(left, LOST), -1.0)


def _times_root(
    weights: FloatArray,
    nested: FloatArray,
    basis: FloatArray,
    middle: FloatArray,
    columns: FloatArray,
) -> FloatArray:
    """Multiply columns by the symmetric inverse root of a cluster's block of (I - H)(I - H)'.

    The block is the identity but on the span of F, WF, Z and WZ.
    """
    weight = weights[:, None]
    span = np.linalg.qr(np.hstack([nested, weight * nested, basis, weight * basis]))[0]

    def transposed(rows: FloatArray) -> FloatArray:
        """(I - H_D)' rows."""
        return np.asarray(rows - weight * (nested @ (nested.T @ rows)))

    spanned = transposed(span)
    onto = basis.T @ span
    crossed = onto.T @ ((weight * basis).T @ spanned)
    block = spanned.T @ spanned - crossed - crossed.T + onto.T @ middle @ onto
    values, vectors = np.linalg.eigh(block)
    singular = values <= SINGULAR
    roots = np.where(singular, 0.0, 1 / np.sqrt(np.where(singular, 1.0, values)))
    core = (vectors * (roots - 1)) @ vectors.T
    return np.asarray(columns + span @ (core @ (span.T @ columns)))
