"""Fit a Poisson model with fixed effects, some of its coefficients held fixed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.effects.fixed_effects import FixedEffects, Projection
from analysis.errors import DesignError, Problem

__all__ = ["fit_log_means"]

FloatArray = NDArray[np.float64]

# Largest last step of a log mean; convergence is quadratic, so what is left is below rounding.
CONVERGED = 1e-8
MOST_STEPS = 100


def fit_log_means(
    counts: FloatArray,
    start: FloatArray,
    effects: FixedEffects,
    regressors: FloatArray | None = None,
) -> FloatArray:
    """Find the log means that maximise the Poisson likelihood over fixed effects and regressors.

    Parameters
    ----------
    counts
        Shape (n,).
    start
        Log means to begin with, shape (n,). What they hold besides fixed effects, such as the
        effect of a treatment, is kept as it is.
    effects
        The fixed effects; each group has at least one count above zero.
    regressors
        Further columns whose coefficients are free, shape (n, k); None for none.

    Raises
    ------
    DesignError
        If the search does not converge.

    Examples
    --------
    >>> effects = FixedEffects([np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])])
    >>> log_means = fit_log_means(np.array([1.0, 3.0, 2.0, 6.0]), np.zeros(4), effects)
    >>> np.exp(log_means).round(6).tolist()
    [1.0, 3.0, 2.0, 6.0]
    """
    log_means, loss = start, _loss(counts, start)
    for _ in range(MOST_STEPS):
        means = np.exp(log_means)
        gap = (counts - means) / means
        step = gap - _left_over(gap, effects.project(means), means, regressors)
        size = np.abs(step).max()
        if size < CONVERGED:
            return np.asarray(log_means + step)
        # Far from the optimum a full step can overshoot; halved often enough, it cannot.
        while size >= CONVERGED and not _loss(counts, log_means + step) <= loss:
            step, size = step / 2, size / 2
        log_means = log_means + step
        loss = _loss(counts, log_means)
    hint = "look for units with hardly any cases, or estimate in logarithms"
    problem = Problem(f"no convergence in {MOST_STEPS} steps", "Poisson model", hint)
    raise DesignError("the fixed effects cannot be fitted", [problem])


def _left_over(
    gap: FloatArray, projection: Projection, means: FloatArray, regressors: FloatArray | None
) -> FloatArray:
    """Take out of the gap what fixed effects and regressors explain, by weighted least squares."""
    left = projection.residualise(gap)
    if regressors is None or regressors.shape[1] == 0:
        return left
    partialled = projection.residualise(regressors)
    weighted = means[:, None] * partialled
    return left - partialled @ np.linalg.solve(weighted.T @ partialled, weighted.T @ left)


def _loss(counts: FloatArray, log_means: FloatArray) -> float:
    with np.errstate(over="ignore"):
        return float((np.exp(log_means) - counts * log_means).sum())
