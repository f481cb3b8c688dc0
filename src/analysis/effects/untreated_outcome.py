"""The outcome without treatment: fitted on untreated rows, predicted for treated ones.

The first stage of imputation (Borusyak, Jaravel and Spiess 2024) and of two-stage differences in
differences (Gardner 2022). The normal equations are solved directly, with the largest fixed effect
eliminated, so that nothing is iterated and memory grows with the rows, not with their square.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

from analysis.effects.fixed_effects import RANK_TOLERANCE

__all__ = ["UntreatedOutcome", "indicators"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

# Along a direction that the untreated rows leave open, a prediction either stays, up to rounding,
# or moves by the order of one.
STAYS = 1e-6
# Open directions looked at together, few enough for memory to stay linear in the rows.
BLOCK = 16


class UntreatedOutcome:
    r"""A model of the untreated outcome, fitted by weighted least squares on untreated rows.

    .. math:: Y_{it}(0) = D_{it}'\alpha + X_{it}'\beta + \varepsilon_{it}

    Parameters
    ----------
    effects
        The dummies D: integer codes 0, 1, ... of shape (n,) for each of two or more fixed effects.
    controls
        The controls X, shape (n, k), k = 0 for none; the effects must not explain them.
    weights
        Shape (n,), positive.
    untreated
        Which rows the model is fitted on, shape (n,).

    Attributes
    ----------
    identified
        Which rows can be predicted, shape (n,): those whose fixed effects the untreated rows
        determine. A row fails if its unit or its period is never seen without treatment, or if no
        chain of untreated rows links the two.
    rank
        How many independent columns the dummies of the untreated rows have.
    controls_left
        The controls less their own prediction from the effects, shape (n, k).

    Examples
    --------
    >>> unit, period = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    >>> untreated = np.array([True, True, True, False])
    >>> model = UntreatedOutcome([unit, period], np.empty((4, 0)), np.ones(4), untreated)
    >>> float(model.residualise(np.array([1.0, 2.0, 5.0, 9.0]))[3].round(9))
    3.0
    """

    def __init__(
        self,
        effects: Sequence[IntArray],
        controls: FloatArray,
        weights: FloatArray,
        untreated: BoolArray,
    ) -> None:
        # Rows that the model is not fitted on weigh nothing in it.
        self._weights = np.where(untreated, weights, 0.0)
        self._dummies = _Dummies(effects, self._weights)
        self.identified, self.rank = self._dummies.identified, self._dummies.rank
        self.controls_left = self._without_effects(controls)
        self._bread = np.linalg.inv(self._weighted_sums(self.controls_left, self.controls_left))

    def residualise(self, columns: FloatArray) -> FloatArray:
        """Take what the model predicts from columns of shape (n,) or (n, c).

        Of the outcome this leaves the residuals of untreated rows, and of treated rows the
        estimated effects; of rows that are not identified, nothing with a meaning.
        """
        left = self._without_effects(columns.reshape(len(columns), -1))
        left -= self.controls_left @ (self._bread @ self._weighted_sums(self.controls_left, left))
        return np.asarray(left.reshape(columns.shape))

    def error_shares(
        self, residuals: FloatArray, loads: sparse.csr_array, groups: IntArray
    ) -> FloatArray:
        r"""Share out the error of sums of predictions among groups of rows.

        With Z = (D, X), and 0 for the untreated rows, the sums :math:`L'Z\hat\gamma` err by
        :math:`L'Z (Z_0'W_0Z_0)^{-1} Z_0'W_0\varepsilon_0`. The share of a group is what its rows
        contribute to the last product.

        Parameters
        ----------
        residuals
            What stands for the errors, shape (n,); only untreated rows count.
        loads
            The weights L of the predictions in T sums, shape (n, T); zero in rows that are not
            identified.
        groups
            Integer codes 0 to m - 1, shape (n,).

        Returns
        -------
        numpy.ndarray
            Shape (m, T).
        """
        members = indicators(groups).T
        errors = self._weights * residuals
        from_effects = self._dummies.combine(members * errors, loads)
        from_controls = members @ (errors[:, None] * self.controls_left)
        slopes = self._bread @ (loads.T @ self.controls_left).T
        return np.asarray(from_effects + from_controls @ slopes)

    def gram_left(self, columns: sparse.csr_array) -> FloatArray:
        """Weighted cross-products, (c, c), of what the model leaves of sparse columns, (n, c)."""
        loads = columns.multiply(self._weights[:, None]).tocsr()
        crossed = (loads.T @ self.controls_left).T
        explained = self._dummies.combine(loads.T, loads) + crossed.T @ self._bread @ crossed
        return np.asarray((columns.T @ loads).toarray() - explained)

    def _without_effects(self, columns: FloatArray) -> FloatArray:
        left = columns - self._dummies.predict(columns)
        # The second pass takes out what rounding left in the first.
        return np.asarray(left - self._dummies.predict(left))

    def _weighted_sums(self, columns: FloatArray, others: FloatArray) -> FloatArray:
        return np.asarray(columns.T @ (self._weights[:, None] * others))


class _Dummies:
    """The fixed effects' normal equations: one effect eliminated, the others solved."""

    def __init__(self, effects: Sequence[IntArray], weights: FloatArray) -> None:
        largest = max(range(len(effects)), key=lambda place: effects[place].max())
        others = [codes for place, codes in enumerate(effects) if place != largest]
        self._weights = weights
        self._swept = indicators(effects[largest])
        self._solved = sparse.hstack([indicators(codes) for codes in others], format="csr")
        self.identified, independent = self._identify(effects[largest], weights > 0)
        self._solved = self._solved[:, independent]
        self.rank = len(np.unique(effects[largest][weights > 0])) + len(independent)
        self._means, self._totals, gram = _eliminate(self._swept, self._solved, weights)
        self._factor = linalg.cho_factor(gram)

    def predict(self, columns: FloatArray) -> FloatArray:
        """Fit the dummies to columns, (n, c), and return the fitted values of all rows, (n, c)."""
        loads = self._weights[:, None] * columns
        swept, solved = self._solve(self._swept.T @ loads, self._solved.T @ loads)
        return np.asarray(self._swept @ swept + self._solved @ solved)

    def combine(self, left: sparse.csr_array, loads: sparse.csr_array) -> FloatArray:
        """Compute left D (D'WD)^-1 D' loads, shape (m, T), of left (m, n) and loads (n, T)."""
        swept, solved = self._solve(
            (self._swept.T @ loads).toarray(), (self._solved.T @ loads).toarray()
        )
        # The solved effects are few and nearly every group has rows in each: faster when dense.
        return np.asarray((left @ self._swept) @ swept + (left @ self._solved).toarray() @ solved)

    def _solve(self, swept: FloatArray, solved: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Solve D'WD coefficients = sums, both as parts of the swept and the solved dummies."""
        coefficients = linalg.cho_solve(self._factor, solved - self._means.T @ swept)
        return swept / self._totals[:, None] - self._means @ coefficients, coefficients

    def _identify(self, levels: IntArray, untreated: BoolArray) -> tuple[BoolArray, IntArray]:
        """Find the rows that can be predicted, and solved dummies that are independent.

        What is identified depends on which rows are untreated, not on their weights.
        """
        means, _, gram = _eliminate(self._swept, self._solved, untreated.astype("float64"))
        independent, directions = _open_directions(gram)
        identified = np.bincount(levels[untreated], minlength=len(means))[levels] > 0
        for start in range(0, directions.shape[1], BLOCK):
            block = directions[:, start : start + BLOCK]
            moved = np.abs(self._solved @ block - (means @ block)[levels])
            identified &= moved.max(axis=1) < STAYS
        return identified, independent


def indicators(codes: IntArray) -> sparse.csr_array:
    """Make dummies, (n, levels), of integer codes; a row coded -1 has none."""
    rows = np.flatnonzero(codes >= 0)
    shape = (len(codes), int(codes.max(initial=-1)) + 1)
    return sparse.csr_array((np.ones(len(rows)), (rows, codes[rows])), shape=shape)


def _eliminate(
    swept: sparse.csr_array, solved: sparse.csr_array, weights: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return means of the solved dummies by swept level, the levels' weights, and the Gram left."""
    loads = solved.multiply(weights[:, None]).tocsr()
    crossed = (swept.T @ loads).toarray()
    # A level without untreated rows has no mean; its rows are not identified.
    totals = swept.T @ weights
    totals[totals == 0] = 1.0
    means = crossed / totals[:, None]
    return means, totals, (solved.T @ loads).toarray() - crossed.T @ means


def _open_directions(gram: FloatArray) -> tuple[IntArray, FloatArray]:
    """Return columns that are independent, (r,), and a basis, (q, q - r), of the null space."""
    tolerance = RANK_TOLERANCE * gram.diagonal().max(initial=0.0)
    _, pivots, rank, _ = linalg.lapack.dpstrf(gram, tol=tolerance)
    order = pivots.astype(np.int64) - 1
    independent, redundant = np.sort(order[:rank]), np.sort(order[rank:])
    directions = np.zeros((len(gram), len(redundant)))
    directions[redundant, np.arange(len(redundant))] = 1.0
    block = gram[np.ix_(independent, redundant)]
    factor = linalg.cho_factor(gram[np.ix_(independent, independent)])
    directions[independent] = -linalg.cho_solve(factor, block)
    return independent, directions
