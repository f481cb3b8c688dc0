"""Refuse regressors that fixed effects or other regressors leave nothing of."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.effects.inference.fit import cross_products
from analysis.errors import DesignError, Problem, listing

__all__ = ["refuse_absorbed"]

FloatArray = NDArray[np.float64]

# A regressor of which a smaller share is left once the fixed effects are out is absorbed by them.
ABSORBED = 1e-8
# Columns of length one whose cross-products have no smaller eigenvalue are independent, rounding
# or not.
CLEARLY_INDEPENDENT = 1e-8


def refuse_absorbed(
    regressors: FloatArray, partialled: FloatArray, weights: FloatArray, names: Sequence[str]
) -> FloatArray:
    """Check that each regressor has variation of its own.

    Parameters
    ----------
    regressors, partialled
        The regressors, and what the fixed effects leave of them, shape (n, k).
    weights
        Shape (n,).
    names
        What to call the regressors, k of them.

    Returns
    -------
    numpy.ndarray
        Weighted cross-products of what is left, shape (k, k).

    Raises
    ------
    DesignError
        If the fixed effects explain a regressor, or the regressors explain each other.
    """
    gram = cross_products(partialled, weights)
    left = np.sqrt(gram.diagonal())
    before = np.sqrt(np.einsum("n,nk,nk->k", weights, regressors, regressors))
    hint = "it must change within units in a way that the periods do not explain"
    problems = [
        Problem("the fixed effects explain it entirely", name, hint)
        for name, kept, had in zip(names, left, before, strict=True)
        if kept <= ABSORBED * had
    ]
    if not problems and _dependent(gram / np.outer(left, left), partialled, weights):
        hint = "leave one of them out, or shorten the event window"
        problems = [Problem("the regressors explain each other", listing(names), hint)]
    if problems:
        raise DesignError("the effect is not identified", problems)
    return gram


def _dependent(correlation: FloatArray, partialled: FloatArray, weights: FloatArray) -> bool:
    """Say whether columns explain each other."""
    # The smallest eigenvalue of the cross-products settles most cases, at a fraction of the time.
    if np.linalg.eigvalsh(correlation)[0] > CLEARLY_INDEPENDENT:
        return False
    columns = np.sqrt(weights)[:, None] * partialled
    columns /= np.linalg.norm(columns, axis=0)
    return bool(np.linalg.matrix_rank(columns) < columns.shape[1])
