r"""The hat matrix of a fit with fixed effects, one cluster's block at a time.

With U all regressors and dummies and W the weights, the hat matrix is H = U (U'WU)^{-1} U'W. The
dummies D nested in clusters, and any trends of units, make up the part H_D, whose blocks are
separate; of the others, and of the regressors, what D does not explain is brought to a basis Z with
Z'WZ = 1. Then

.. math:: H = H_D + Z Z'W, \qquad H_{gg} = F_g F_g'W_g + Z_g Z_g'W_g,

where F_g is such a basis of the dummies within cluster g. Z has as many columns as there are
regressors and periods, however many rows and units there are, so that no matrix with a row and a
column for each observation is ever formed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from analysis.effects.fixed_effects import RANK_TOLERANCE, is_nested
from analysis.effects.inference.fit import WeightedFit

__all__ = ["LOST", "Block", "HatBlocks"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

# What is left of a direction without one cluster, below which that cluster alone identifies it.
LOST = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """What one cluster of m rows contributes.

    Attributes
    ----------
    regressors
        Without what the fixed effects explain of them, shape (m, k).
    residuals, weights
        Shape (m,).
    nested
        F_g, basis of the dummies nested in the cluster, shape (m, f).
    basis
        Z_g, shape (m, r); its last columns span the regressors, without those that stand for
        directions of the fixed effects.
    """

    regressors: FloatArray
    residuals: FloatArray
    weights: FloatArray
    nested: FloatArray
    basis: FloatArray

    @property
    def inner(self) -> FloatArray:
        """Z_g'W_g Z_g, shape (r, r), with eigenvalues between zero and one."""
        return np.asarray(self.basis.T @ (self.weights[:, None] * self.basis))

    def alone_identifies(self, contrasts: FloatArray) -> BoolArray:
        """Say which contrasts of Z's coefficients, shape (T, r), are lost without the cluster."""
        values, vectors = np.linalg.eigh(self.inner)
        lost = np.linalg.norm(contrasts @ vectors[:, 1 - values <= LOST], axis=1)
        return np.asarray(lost > LOST * np.linalg.norm(contrasts, axis=1))

    def outside_nested(self, columns: FloatArray) -> FloatArray:
        """Take what the nested dummies explain out of columns of shape (m, c)."""
        weighted = self.nested.T @ (self.weights[:, None] * columns)
        return np.asarray(columns - self.nested @ weighted)


class HatBlocks:
    """Goes through the clusters of a fit and forms the blocks of its hat matrix.

    Parameters
    ----------
    fit
        The fit.
    codes
        The fixed effects that were taken out of it, each of shape (n,), with codes 0, 1, ...;
        may be none.
    whiten
        Multiply each row by the root of its weight and go on without weights: the model whose
        errors have variances inverse to the weights.

    Attributes
    ----------
    bread
        Inverse of the regressors' weighted cross-products, shape (k, k).
    root
        Upper triangular; the regressors that stand for parameters of their own, times it, are the
        last columns of Z, shape (p, p).
    rank
        Columns of Z.
    weighted
        Whether any row's weight, as used, differs from one.
    """

    def __init__(
        self, fit: WeightedFit, codes: Sequence[IntArray], *, whiten: bool = False
    ) -> None:
        scale = np.sqrt(fit.weights) if whiten else np.ones(len(fit.weights))
        # A common factor of all weights has no effect; taken out, tolerances can be absolute.
        self._weights = np.ones(len(scale)) if whiten else fit.weights / fit.weights.mean()
        self._scale = scale
        self._regressors = scale[:, None] * fit.regressors
        self._residuals = scale * fit.residuals
        order = np.argsort(fit.clusters, kind="stable")
        self._rows = np.split(order, np.flatnonzero(np.diff(fit.clusters[order])) + 1)
        self._nested = [given for given in codes if is_nested(given, fit.clusters)]
        self._trends = fit.trends
        self._crossing = [given for given in codes if not is_nested(given, fit.clusters)]
        self.weighted = bool(np.ptp(self._weights) > 0)
        gram = self._regressors.T @ (self._weights[:, None] * self._regressors)
        self.bread = np.linalg.inv(gram)
        # Directions of the fixed effects are in the span of the dummies already.
        own = len(gram) - fit.directions
        self.root = linalg.inv(linalg.cholesky(gram[:own, :own]))
        self._kept, self._dummy_root = self._independent_dummies()
        self.rank = len(self._kept) + own

    @property
    def clusters(self) -> int:
        """How many clusters there are."""
        return len(self._rows)

    def __iter__(self) -> Iterator[Block]:
        """Go through the clusters in the order of their codes."""
        for rows in self._rows:
            bare = self._bare(rows)
            dummies = bare.outside_nested(self._dummies(rows, self._crossing)[:, self._kept])
            regressors = bare.regressors[:, : len(self.root)]
            basis = np.hstack([dummies @ self._dummy_root, regressors @ self.root])
            yield Block(bare.regressors, bare.residuals, bare.weights, bare.nested, basis)

    def turn(self, contrasts: FloatArray) -> FloatArray:
        """Write contrasts of the regressors' coefficients, shape (T, k), as ones of Z's, (T, r)."""
        before = np.zeros((len(contrasts), self.rank - len(self.root)))
        return np.hstack([before, contrasts[:, : len(self.root)] @ self.root])

    def squared_weights(self) -> FloatArray:
        """Return Z'WWZ, shape (r, r); the identity if there are no weights."""
        if not self.weighted:
            return np.eye(self.rank)
        total = np.zeros((self.rank, self.rank))
        for block in self:
            weighted = block.weights[:, None] * block.basis
            total += weighted.T @ weighted
        return total

    def _independent_dummies(self) -> tuple[IntArray, FloatArray]:
        """Choose the crossing dummies that are not redundant, and what makes them a basis."""
        columns = sum(int(given.max()) + 1 for given in self._crossing)
        gram = np.zeros((columns, columns))
        for rows in self._rows:
            bare = self._bare(rows)
            dummies = bare.outside_nested(self._dummies(rows, self._crossing))
            gram += dummies.T @ (bare.weights[:, None] * dummies)
        if columns == 0:
            return np.arange(0), gram
        tolerance = RANK_TOLERANCE * gram.diagonal().max()
        _, pivots, rank, _ = linalg.lapack.dpstrf(gram, tol=tolerance)
        kept = np.sort(pivots[:rank].astype(np.int64) - 1)
        return kept, linalg.inv(linalg.cholesky(gram[np.ix_(kept, kept)]))

    def _bare(self, rows: IntArray) -> Block:
        """Form the block of a cluster without its basis."""
        weights = self._weights[rows]
        columns = [self._dummies(rows, self._nested, own=True)]
        if self._trends is not None:
            # In units of its spread, so that dummies and trends are of one size.
            time = self._trends.time / self._trends.time.std()
            dummies = self._dummies(rows, [self._trends.units], own=True)
            columns += [dummies, time[rows][:, None] * dummies]
        nested = _orthonormal(np.hstack(columns), weights)
        return Block(
            self._regressors[rows], self._residuals[rows], weights, nested, np.empty((len(rows), 0))
        )

    def _dummies(
        self, rows: IntArray, effects: Sequence[IntArray], *, own: bool = False
    ) -> FloatArray:
        """Write out dummies of some rows, of all levels or of the rows' own."""
        parts = [np.empty((len(rows), 0))]
        for given in effects:
            levels = np.unique(given[rows]) if own else np.arange(given.max() + 1)
            parts.append((given[rows][:, None] == levels) * self._scale[rows][:, None])
        return np.hstack(parts)


def _orthonormal(columns: FloatArray, weights: FloatArray) -> FloatArray:
    """Return a basis F of the columns' span with F'WF = 1."""
    if columns.shape[1] == 0:
        return columns
    root = np.sqrt(weights)[:, None]
    left, values, _ = np.linalg.svd(root * columns, full_matrices=False)
    # Of dummies and their trends: singular values are like roots of counts, or zero but for
    # rounding.
    return np.asarray(left[:, values > RANK_TOLERANCE * values[0]] / root)
