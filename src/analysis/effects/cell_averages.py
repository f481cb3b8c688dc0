"""How averages are made of effects on cells, a cell being a cohort in a period.

What estimators for staggered adoption report are averages of such effects. Their weights say how
many treated units, or cases, lie in each cell: they follow from who adopts when, not from what the
treatment does. Whoever estimates the cells again without some of the data can then take the same
averages of them. With the weights that the rest of the data has, an average would also move
because cohorts differ in their effects, which is not chance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from analysis.effects.columns import recode
from analysis.effects.untreated_outcome import indicators

__all__ = ["CellAverages", "average_cells", "cells_of_rows"]

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class CellAverages:
    """Cells, and the weights by which targets are made of them.

    Attributes
    ----------
    effects
        Of each of K cells, indexed by its cohort and period. With `ratios`, the outcomes that are
        expected with the treatment over those without it.
    weights
        Of the cells in A averages, shape (A, K), none below zero; each row adds up to one.
    mix
        Of the averages in T targets, shape (A, T): a target is one of the averages, or a mean of
        some. Each column adds up to one; those of targets that are not made of cells are empty.
    ratios
        Whether targets are logarithms of average ratios, or means of such logarithms.
    """

    effects: pd.Series
    weights: sparse.csr_array
    mix: sparse.csr_array
    ratios: bool = False

    def targets(self, effects: FloatArray) -> FloatArray:
        """Average effects of the cells, whatever data they come from.

        A cell without an effect is left out, and so is an average of which no cell is left; the
        others keep their proportions.

        Parameters
        ----------
        effects
            Shape (R, K), in the order of the cells; not a number where a cell has none.

        Returns
        -------
        numpy.ndarray
            Shape (R, T); not a number for targets that are not made of cells, of which no cell is
            left, or which need the logarithm of zero.

        Examples
        --------
        >>> cells = pd.Series([1.0, 4.0], pd.MultiIndex.from_tuples([(2, 5), (3, 5)]))
        >>> weights = sparse.csr_array(np.array([[0.75, 0.25], [0.0, 1.0]]))
        >>> held = CellAverages(cells, weights, sparse.csr_array(np.array([[1.0, 0.5], [0, 0.5]])))
        >>> held.targets(np.array([[1.0, 4.0], [np.nan, 4.0]])).tolist()
        [[1.75, 2.875], [4.0, 4.0]]
        """
        averages = _means(effects, self.weights)
        if self.ratios:
            with np.errstate(divide="ignore"):
                averages = np.log(averages)
        made = _means(averages, self.mix.T.tocsr())
        return np.where(np.isfinite(made), made, np.nan)


def average_cells(
    cohort: FloatArray,
    period: FloatArray,
    effects: FloatArray,
    weights: sparse.sparray,
    mix: sparse.sparray,
) -> CellAverages:
    """Say how targets are made of cells; arguments as the attributes of `CellAverages`.

    Parameters
    ----------
    cohort, period, effects
        Of the cells, shape (K,).
    weights, mix
        Shapes (A, K) and (A, T).
    """
    index = pd.MultiIndex.from_arrays([cohort, period], names=["cohort", "period"])
    return CellAverages(pd.Series(effects, index), weights.tocsr(), mix.tocsr())


def cells_of_rows(
    cohort: FloatArray,
    period: FloatArray,
    effects: FloatArray,
    loads: sparse.csr_array,
    mix: sparse.csr_array,
    *,
    ratios: bool = False,
) -> CellAverages:
    """Gather averages over rows into averages over cells.

    Parameters
    ----------
    cohort, period, effects
        Of the rows, shape (n,); with `ratios`, the effects are ratios.
    loads
        Weights of the rows in A averages, shape (n, A), each column adding up to one. Rows of one
        cell are in the same proportion in all averages that they enter.
    mix
        Weights of the averages in the targets, shape (A, T).
    ratios
        See `CellAverages`.
    """
    load = np.asarray(loads.sum(axis=1)).ravel()
    rows = np.flatnonzero(load > 0)
    periods, place = np.unique(period[rows], return_inverse=True)
    cohorts, group = np.unique(cohort[rows], return_inverse=True)
    codes = group * len(periods) + place
    cells = np.unique(codes)
    members = indicators(recode(codes))
    means = (members.T @ (load * effects)[rows]) / (members.T @ load[rows])
    index = pd.MultiIndex.from_arrays(
        [cohorts[cells // len(periods)], periods[cells % len(periods)]], names=["cohort", "period"]
    )
    return CellAverages(
        pd.Series(means, index), (loads[rows].T @ members).tocsr(), mix.tocsr(), ratios
    )


def _means(values: FloatArray, weights: sparse.csr_array) -> FloatArray:
    """Average values of shape (R, K) that are known by weights of shape (A, K), to (R, A)."""
    known = ~np.isnan(values)
    sums = (weights @ np.where(known, values, 0.0).T).T
    total = (weights @ known.T.astype("float64")).T
    return np.asarray(np.divide(sums, total, out=np.full(total.shape, np.nan), where=total > 0))
