"""How the planted effects run: not at all, at once, slowly, or differently by cohort."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

__all__ = ["PATTERNS", "PATTERN_LABELS", "Pattern", "effect_strength"]

FloatArray = NDArray[np.float64]

Pattern = Literal["none", "constant", "growing", "heterogeneous"]
PATTERNS: tuple[Pattern, ...] = get_args(Pattern)

# Of the first and of the last cohort, relative to the full effect, as in the twin.
STRENGTHS = (1.5, 0.5)

# What a reader calls them.
PATTERN_LABELS = {
    "none": "no effect",
    "constant": "constant effect",
    "growing": "growing effect",
    "heterogeneous": "growing, unequal effect",
}


def effect_strength(adoption: FloatArray, periods: int, pattern: Pattern, tau: float) -> FloatArray:
    r"""Return how much of the full effect is at work in each cell.

    Parameters
    ----------
    adoption
        First treated period, NaN for never, shape (units,).
    periods
        How many periods there are, numbered from 0.
    pattern
        ``none``; ``constant``, the full effect from adoption on; ``growing``,
        :math:`1 - \exp(-(e + 1) / \tau)` after e periods; ``heterogeneous``, the same times the
        strength of the cohort, which falls evenly from 1.5 in the first to 0.5 in the last, so
        that early adopters gain more.
    tau
        See ``growing``.

    Returns
    -------
    numpy.ndarray
        Shape (units, periods), zeros before adoption: nothing is anticipated.

    Examples
    --------
    >>> effect_strength(np.array([1.0, np.nan]), 3, "constant", 1.0).tolist()
    [[0.0, 1.0, 1.0], [0.0, 0.0, 0.0]]
    """
    elapsed = np.arange(periods) - adoption[:, np.newaxis]
    under = elapsed >= 0
    strength = under.astype("float64")
    if pattern == "none":
        return np.zeros_like(strength)
    if pattern in {"growing", "heterogeneous"}:
        strength = np.where(under, -np.expm1(-(np.where(under, elapsed, 0.0) + 1) / tau), 0.0)
    if pattern == "heterogeneous":
        dates, cohort = np.unique(adoption, return_inverse=True)
        cohorts = int((~np.isnan(dates)).sum())
        # Never-treated units come last, and nothing of their number is used.
        reached = np.append(np.linspace(*STRENGTHS, cohorts), 0.0)
        strength = strength * reached[np.minimum(cohort, cohorts)][:, np.newaxis]
    return strength
