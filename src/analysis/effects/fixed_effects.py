"""Take fixed effects out of a panel's columns exactly, and count what they use up.

The effect with the most levels (in a panel, the unit) is swept out by weighted means; what the
others then still explain is solved from their Gram matrix. Nothing is iterated, so the result does
not depend on a tolerance, and the rank that small-sample corrections need comes along.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

__all__ = ["Crossed", "FixedEffects", "Projection", "is_nested", "parameters_used"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# A dummy is redundant if less than this share of the largest diagonal is left of it. True pivots
# of count matrices are far above it, rounding far below.
RANK_TOLERANCE = 1e-9

# Numbers that are worked on at a time, 32 MB of them.
CHUNK = 2**22


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
        rows, others = len(codes[largest]), [*codes[:largest], *codes[largest + 1 :]]
        self._swept, self._solved = _dummies([codes[largest]], rows), _dummies(others, rows)
        # Which dummies are redundant depends on the pattern of the panel, not on the weights.
        _, gram = Projection.gram(self._swept, self._solved, np.ones(rows))
        self._kept = _independent(gram)
        self.rank = int(self._swept.shape[1]) + len(self._kept)

    def project(self, weights: FloatArray) -> Projection:
        """Prepare to take the effects out of columns, with these weights of shape (n,)."""
        return Projection(self._swept, self._solved, self._kept, weights)


class Projection:
    """Takes fixed effects out of columns by weighted least squares; see `FixedEffects`."""

    def __init__(
        self,
        swept: sparse.csr_array,
        solved: sparse.csr_array,
        kept: IntArray,
        weights: FloatArray,
    ) -> None:
        self._swept, self._solved, self._kept = swept, solved, kept
        self._swept_loads = _weighted(swept, weights)
        self._solved_loads = _weighted(solved, weights)
        self._totals = swept.T @ weights
        self._means, gram = self.gram(swept, solved, weights)
        self._factor = linalg.cho_factor(gram[np.ix_(kept, kept)])

    @staticmethod
    def gram(
        swept: sparse.csr_array, solved: sparse.csr_array, weights: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Return means of the solved dummies in swept levels, and cross-products without them."""
        crossed = _cross_products(swept, solved, weights)
        means = crossed / (swept.T @ weights)[:, None]
        return means, np.asarray(_cross_products(solved, solved, weights) - crossed.T @ means)

    def residualise(self, columns: FloatArray) -> FloatArray:
        """Return what the effects do not explain of columns of shape (n,) or (n, k)."""
        wide = columns.reshape(len(columns), -1).astype("float64")
        _subtract(wide, self._swept, (self._swept_loads.T @ wide) / self._totals[:, None])
        solved = np.zeros((self._solved.shape[1], wide.shape[1]))
        sums = (self._solved_loads.T @ wide)[self._kept]
        solved[self._kept] = linalg.cho_solve(self._factor, sums)
        _subtract(wide, self._solved, solved)
        _subtract(wide, self._swept, -self._means @ solved)
        return wide.reshape(columns.shape)

    def crossed_sums(self, left: FloatArray, right: FloatArray, clusters: IntArray) -> Crossed:
        r"""Sum, within each cluster g, the products of left and of what remains of right_h.

        Here :math:`right_h` is right in the rows of cluster h and zero elsewhere. What the effects
        explain of it is spread over other clusters, so that every pair has a sum; but through few
        numbers for each cluster, which is all that is kept.

        Parameters
        ----------
        left, right
            Shape (n,).
        clusters
            Codes 0 to G - 1, shape (n,).
        """
        members = _dummies([clusters], len(clusters))
        ours, loads = _weighted(members, left).T, _weighted(members, right).T
        ours_swept, loads_swept = (ours @ self._swept).tocsr(), (loads @ self._swept_loads).tocsr()
        own = sparse.diags_array(members.T @ (left * right), format="csr")
        own -= ours_swept.multiply(1 / self._totals).tocsr() @ loads_swept.T
        ours_solved = ((ours @ self._solved).toarray() - ours_swept @ self._means)[:, self._kept]
        loads_solved = (loads @ self._solved_loads).toarray() - loads_swept @ self._means
        return Crossed(
            own.tocsr(),
            linalg.cho_solve(self._factor, ours_solved.T).T,
            loads_solved[:, self._kept],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Crossed:
    """Sums for every pair of clusters, J = own - left right', without writing them out.

    Attributes
    ----------
    own
        Shape (G, G), with few entries that are not zero.
    left, right
        Shape (G, r).
    """

    own: sparse.csr_array
    left: FloatArray
    right: FloatArray

    def less(self, left: FloatArray, right: FloatArray) -> Crossed:
        """Take another product of this kind off, each part of shape (G, k)."""
        return Crossed(self.own, np.hstack([self.left, left]), np.hstack([self.right, right]))

    def times(self, values: FloatArray) -> FloatArray:
        """Return J v for every row v of values, shape (draws, G)."""
        return np.asarray((self.own @ values.T).T - (values @ self.right) @ self.left.T)


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


def _dummies(codes: Sequence[IntArray], rows: int) -> sparse.csr_array:
    """Write the dummies of effects side by side, each row with a one for each effect."""
    starts = np.cumsum([0, *(int(given.max()) + 1 for given in codes)])
    places = np.empty((rows, len(codes)), dtype=np.int64)
    for order, given in enumerate(codes):
        places[:, order] = given + starts[order]
    ends = np.arange(rows + 1) * len(codes)
    return sparse.csr_array((np.ones(places.size), places.ravel(), ends), shape=(rows, starts[-1]))


def _subtract(columns: FloatArray, dummies: sparse.csr_array, effects: FloatArray) -> None:
    """Subtract dummies times effects from columns of shape (n, k), in place."""
    # Some rows at a time, so that what it takes besides stays small.
    step = max(1, CHUNK // max(1, columns.shape[1]))
    for start in range(0, len(columns), step):
        rows = slice(start, start + step)
        columns[rows] -= dummies[rows] @ effects


def _weighted(dummies: sparse.csr_array, weights: FloatArray) -> sparse.csr_array:
    data = np.repeat(weights, len(dummies.indices) // len(weights))
    return sparse.csr_array((data, dummies.indices, dummies.indptr), shape=dummies.shape)


def _cross_products(
    left: sparse.csr_array, right: sparse.csr_array, weights: FloatArray
) -> FloatArray:
    if left.nnz == right.nnz == len(weights):
        # Of two effects: the weights of each pair of levels, far faster than a sparse product.
        shape = (left.shape[1], right.shape[1])
        pairs = (weights, (left.indices, right.indices))
        return np.asarray(sparse.coo_array(pairs, shape=shape).toarray())
    return np.asarray((_weighted(left, weights).T @ right).toarray())


def _independent(gram: FloatArray) -> IntArray:
    """Choose dummies that are not redundant."""
    if not len(gram):
        return np.arange(0)
    tolerance = RANK_TOLERANCE * gram.diagonal().max(initial=0.0)
    _, pivots, rank, _ = linalg.lapack.dpstrf(gram, tol=tolerance)
    return np.sort(pivots[:rank].astype(np.int64) - 1)
