r"""What a violation of parallel trends may look like: the restrictions of Rambachan and Roth.

An event-time estimate is an effect plus a violation :math:`\delta`. A restriction says
:math:`A \delta \le d`, where :math:`\delta` has an entry for each event time but the reference, at
which it is zero. Its rows come in pairs: a bound from above, in the first half of the matrix, and
from below, in the second.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Polyhedron", "difference_rows", "relative_magnitudes", "smoothness"]

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Polyhedron:
    r"""The violations :math:`\{\delta: A \delta \le d\}`.

    Attributes
    ----------
    matrix
        A, shape (rows, leads + lags).
    limits
        d, shape (rows,).
    leads
        How many columns are before the reference.
    """

    matrix: FloatArray
    limits: FloatArray
    leads: int

    @property
    def lags(self) -> int:
        """How many columns are after the reference."""
        return int(self.matrix.shape[1]) - self.leads

    def on_lags(self) -> Polyhedron:
        """Keep the rows in which violations after the reference occur."""
        kept = (self.matrix[:, self.leads :] != 0).any(axis=1)
        return Polyhedron(self.matrix[kept], self.limits[kept], self.leads)


def relative_magnitudes(leads: int, lags: int, mbar: float) -> list[Polyhedron]:
    r"""Bound changes after the reference by :math:`\bar M` times the largest change before it.

    Which change before the reference is the largest, and of what sign, is not known: the
    restriction is the union of one polyhedron for each of them.

    Parameters
    ----------
    leads, lags
        How many event times are before and after the reference.
    mbar
        How much larger changes may be than before.

    Examples
    --------
    >>> rise, fall = relative_magnitudes(1, 1, mbar=0.5)
    >>> rise.on_lags().matrix.tolist()
    [[0.5, 1.0], [0.5, -1.0]]
    """
    change = difference_rows(leads, lags, order=1)
    multiple = np.where(np.arange(leads + lags) < leads, 1.0, mbar)
    union = []
    for largest in range(leads):
        for sign in (1.0, -1.0):
            bound = np.outer(multiple, sign * change[largest])
            rows = np.vstack([change - bound, -change - bound])
            # That the largest change is not larger than itself says nothing.
            rows = rows[(rows != 0).any(axis=1)]
            union.append(Polyhedron(rows, np.zeros(len(rows)), leads))
    return union


def smoothness(leads: int, lags: int, m: float) -> Polyhedron:
    """Bound by M how much the slope of the violation changes between consecutive periods.

    Examples
    --------
    >>> smoothness(1, 1, m=0.5).matrix.tolist()
    [[1.0, 1.0], [-1.0, -1.0]]
    """
    change = difference_rows(leads, lags, order=2)
    return Polyhedron(np.vstack([change, -change]), np.full(2 * len(change), m), leads)


def difference_rows(leads: int, lags: int, order: int) -> FloatArray:
    """Write first or second differences over event times as rows, the reference being zero.

    Returns
    -------
    numpy.ndarray
        Shape (leads + lags + 1 - order, leads + lags), earliest difference first; the last `lags`
        rows are those in which event times after the reference occur.
    """
    with_reference = np.diff(np.eye(leads + lags + 1), n=order, axis=0)
    return np.delete(with_reference, leads, axis=1)
