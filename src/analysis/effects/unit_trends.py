"""Fixed effects of which the first has a linear trend in each of its levels, taken out exactly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

from analysis.effects.fixed_effects import RANK_TOLERANCE, Crossed, FixedEffects
from analysis.effects.untreated_outcome import indicators

__all__ = ["TrendEffects", "TrendProjection"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class TrendEffects(FixedEffects):
    """Levels and linear trends of units, and dummies of other effects.

    Parameters
    ----------
    units
        Integer codes, shape (n,).
    time
        What the trends are linear in, shape (n,).
    others
        Integer codes of the other fixed effects; redundant ones do no harm.

    Attributes
    ----------
    rank
        How many linearly independent columns levels, trends and dummies have together.
    trend_rank
        How many of them are levels and trends: two for each unit seen at two times or more.

    Examples
    --------
    >>> unit, period = np.repeat([0, 1, 2], 4), np.tile([0, 1, 2, 3], 3)
    >>> effects = TrendEffects(unit, period.astype(float), [period])
    >>> effects.rank, effects.trend_rank
    (8, 6)
    >>> trends = unit + unit * period + period**2
    >>> bool(np.abs(effects.project(np.ones(12)).residualise(trends * 1.0)).max() < 1e-12)
    True
    """

    def __init__(self, units: IntArray, time: FloatArray, others: Sequence[IntArray]) -> None:
        self._units = indicators(units)
        self._time = time
        self._others = sparse.hstack([indicators(codes) for codes in others], format="csr")
        sweep = _Sweep(self._units, time, np.ones(len(units)))
        left = sweep.residualise(self._others.toarray())
        gram = left.T @ left
        scale = float(np.asarray(self._others.sum(axis=0)).max())
        _, pivots, rank, _ = linalg.lapack.dpstrf(gram, tol=RANK_TOLERANCE * scale)
        self._others = self._others[:, np.sort(pivots[:rank].astype(np.int64) - 1)]
        self.trend_rank = int(self._units.shape[1] + sweep.moving.sum())
        self.rank = self.trend_rank + rank

    def project(self, weights: FloatArray) -> TrendProjection:  # type: ignore[override]
        """Prepare to take the effects out of columns, with these weights of shape (n,)."""
        return TrendProjection(_Sweep(self._units, self._time, weights), self._others, weights)


class TrendProjection:
    """Takes levels, trends and dummies out of columns by weighted least squares."""

    def __init__(self, sweep: _Sweep, others: sparse.csr_array, weights: FloatArray) -> None:
        self._sweep, self._weights = sweep, weights
        self._solved = sweep.residualise(others.toarray())
        self._factor = linalg.cho_factor(self._solved.T @ (weights[:, None] * self._solved))

    def residualise(self, columns: FloatArray) -> FloatArray:
        """Return what the effects do not explain of columns of shape (n,) or (n, k)."""
        left = self._sweep.residualise(columns.reshape(len(columns), -1))
        sums = self._solved.T @ (self._weights[:, None] * left)
        left = left - self._solved @ linalg.cho_solve(self._factor, sums)
        return np.asarray(left.reshape(columns.shape))

    def crossed_sums(self, left: FloatArray, right: FloatArray, clusters: IntArray) -> Crossed:
        """See `analysis.effects.fixed_effects.Projection.crossed_sums`."""
        members = indicators(clusters).T
        loads = self._weights * right
        own = sparse.diags_array(members @ (left * right), format="csr")
        own -= self._sweep.crossed_sums(members, left, loads)
        ours = linalg.cho_solve(self._factor, (members @ (left[:, None] * self._solved)).T).T
        return Crossed(own.tocsr(), ours, members @ (loads[:, None] * self._solved))


class _Sweep:
    """Takes each unit's level and trend out, by its weighted means."""

    def __init__(self, units: sparse.csr_array, time: FloatArray, weights: FloatArray) -> None:
        self._units, self._weights = units, weights
        self._totals = units.T @ weights
        self._trend = self._demean(time[:, None])[:, 0]
        spread = units.T @ (weights * self._trend**2)
        self.moving = spread > RANK_TOLERANCE * self._totals
        self._spread = np.where(self.moving, spread, 1.0)
        # A unit that is seen once has no trend.
        self._trend = np.where(units @ self.moving, self._trend, 0.0)

    def residualise(self, columns: FloatArray) -> FloatArray:
        centred = self._demean(columns)
        sums = self._units.T @ ((self._weights * self._trend)[:, None] * centred)
        return np.asarray(
            centred - self._trend[:, None] * (self._units @ (sums / self._spread[:, None]))
        )

    def crossed_sums(
        self, members: sparse.csr_array, left: FloatArray, loads: FloatArray
    ) -> sparse.csr_array:
        """Cross clusters through what levels and trends explain, (G, G), mostly zeros."""
        total = sparse.csr_array((members.shape[0],) * 2)
        ones = np.ones(len(left))
        for column, squares in ((ones, self._totals), (self._trend, self._spread)):
            ours = (members @ self._units.multiply((left * column)[:, None]).tocsr()).tocsr()
            theirs = members @ self._units.multiply((loads * column)[:, None]).tocsr()
            total += ours.multiply(1 / squares).tocsr() @ theirs.T
        return total

    def _demean(self, columns: FloatArray) -> FloatArray:
        sums = self._units.T @ (self._weights[:, None] * columns)
        return np.asarray(columns - self._units @ (sums / self._totals[:, None]))
