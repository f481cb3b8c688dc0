"""Take fixed effects out of a panel's columns exactly, and count what they use up.

The effect with the most levels (in a panel, the unit) is swept out by weighted means; what the
others then still explain is solved from their Gram matrix. Nothing is iterated, so the result does
not depend on a tolerance, and the rank that small-sample corrections need comes along.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

__all__ = ["FixedEffects", "Projection", "is_nested", "parameters_used"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# A dummy is redundant if less than this share of the largest diagonal is left of it. True pivots
# of count matrices are far above it, rounding far below.
RANK_TOLERANCE = 1e-9


class FixedEffects:
    """Sets of dummies, given by integer codes.

    Parameters
    ----------
    codes
        One array of shape (n,) for each effect, one or more of them, with codes 0, 1, ..., each of
        them used.

    Attributes
    ----------
    rank
        How many linearly independent columns all the dummies have together.

    Examples
    --------
    >>> effects = FixedEffects([np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])])
    >>> effects.rank
    3
    >>> effects.project(np.ones(4)).residualise(np.array([1.0, 2.0, 3.0, 5.0])).tolist()
    [0.25, -0.25, -0.25, 0.25]
    """

    def __init__(self, codes: Sequence[IntArray]) -> None:
        largest = max(range(len(codes)), key=lambda place: codes[place].max())
        others = [given for place, given in enumerate(codes) if place != largest]
        self._swept = _dummies(codes[largest])
        none = sparse.csr_array((len(codes[largest]), 0))
        self._solved = sparse.hstack([none, *(_dummies(given) for given in others)], format="csr")
        self._solved = self._solved[:, self._independent_columns()]
        self.rank = int(self._swept.shape[1] + self._solved.shape[1])

    def project(self, weights: FloatArray) -> Projection:
        """Prepare to take the effects out of columns, with these weights of shape (n,)."""
        return Projection(self._swept, self._solved, weights)

    def _independent_columns(self) -> IntArray:
        # Which dummies are redundant depends on the pattern of the panel, not on the weights.
        gram = Projection.gram(self._swept, self._solved, np.ones(self._swept.shape[0]))
        if not len(gram):
            return np.arange(0)
        tolerance = RANK_TOLERANCE * gram.diagonal().max(initial=0.0)
        _, pivots, rank, _ = linalg.lapack.dpstrf(gram, tol=tolerance)
        return np.sort(pivots[:rank].astype(np.int64) - 1)


class Projection:
    """Takes fixed effects out of columns by weighted least squares; see `FixedEffects`."""

    def __init__(
        self, swept: sparse.csr_array, solved: sparse.csr_array, weights: FloatArray
    ) -> None:
        self._swept, self._solved, self._weights = swept, solved, weights
        self._totals = swept.T @ weights
        self._factor = linalg.cho_factor(self.gram(swept, solved, weights))

    @staticmethod
    def gram(swept: sparse.csr_array, solved: sparse.csr_array, weights: FloatArray) -> FloatArray:
        """Weighted cross-products of the solved dummies, the swept ones taken out."""
        weighted = solved.multiply(weights[:, None]).tocsr()
        crossed = (swept.T @ weighted).toarray()
        totals = swept.T @ weights
        between = crossed.T @ (crossed / totals[:, None])
        return np.asarray((solved.T @ weighted).toarray() - between)

    def residualise(self, columns: FloatArray) -> FloatArray:
        """Return what the effects do not explain of columns of shape (n,) or (n, k)."""
        wide = columns.reshape(len(columns), -1)
        centred = self._sweep(wide)
        weighted = self._weights[:, None] * centred
        coefficients = linalg.cho_solve(self._factor, self._solved.T @ weighted)
        left = centred - self._sweep(self._solved @ coefficients)
        return np.asarray(left.reshape(columns.shape))

    def _sweep(self, wide: FloatArray) -> FloatArray:
        totals = self._swept.T @ (self._weights[:, None] * wide)
        return np.asarray(wide - self._swept @ (totals / self._totals[:, None]))


def parameters_used(
    coefficients: int, codes: Sequence[IntArray], effects: FixedEffects, *clusters: IntArray
) -> int:
    """Count the parameters K of the small-sample factor (N - 1) / (N - K).

    Fixed effects nested in clusters are not counted, apart from the constant that they contain:
    within a cluster they move with its scores, so they use up no information between clusters.
    The count is that of fixest's ``K.fixef = "nonnested"``.

    Parameters
    ----------
    coefficients
        How many coefficients are estimated besides the fixed effects.
    codes, effects
        The fixed effects.
    clusters
        Cluster codes, shape (n,); with errors clustered in two ways, both. An effect nested in
        either is not counted.
    """
    nested = [given for given in codes if any(is_nested(given, outer) for outer in clusters)]
    if not nested:
        return coefficients + effects.rank
    nested_rank = FixedEffects(nested).rank if len(nested) > 1 else int(nested[0].max()) + 1
    return coefficients + effects.rank - nested_rank + 1


def is_nested(inner: IntArray, outer: IntArray) -> bool:
    """Say whether every level of the inner codes lies within one level of the outer codes."""
    around = np.zeros(int(inner.max()) + 1, dtype=np.int64)
    around[inner] = outer
    return bool((around[inner] == outer).all())


def _dummies(codes: IntArray) -> sparse.csr_array:
    rows = len(codes)
    ones = np.ones(rows)
    shape = (rows, int(codes.max()) + 1)
    return sparse.csr_array((ones, (np.arange(rows), codes)), shape=shape)
