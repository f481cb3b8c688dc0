"""Refuse to say how sure an effect is where the fit leaves too little to tell it from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.effects.design import Design
from analysis.effects.evidence import Influence, Own
from analysis.effects.inference.uncertainty import Case
from analysis.errors import DesignError, Problem

__all__ = ["FEWEST_DEGREES", "no_error", "refuse_exact_fit"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# The variance of an effect is a quadratic form in the residuals, so that it has no more degrees of
# freedom than these have. With fewer than four, t tests with sandwich errors do not hold their
# size, whatever the correction (Tipton 2015).
FEWEST_DEGREES = 4
# What is a smaller share of what the residuals' spread makes one expect is rounding.
ROUNDING = 1e-6


def refuse_exact_fit(case: Case, target: int) -> None:
    """Check that enough of the outcome is left to tell an error from, once everything is fitted.

    With as many coefficients and fixed effects as rows, a model fits any outcome exactly and every
    standard error is zero; with a few rows more they are hardly better. How many are left depends
    on the rows and the model, not on the outcome: an outcome without noise has residuals of zero
    too, but enough of them.

    Errors by cluster are zero also if enough is left, but none where the effect is made: if these
    rows are fitted exactly, or what is left of them adds up to zero in each cluster, as where each
    cohort lies in a cluster of its own.

    Parameters
    ----------
    case
        The effects and what they were made from.
    target
        The place of the effect among the targets.

    Raises
    ------
    DesignError
        If fewer than four residual degrees of freedom are left, or the effect has no variance
        between clusters beside that which independent rows with these residuals would give it.
    """
    left, rows = case.effects.evidence.residual_degrees, case.effects.sample.observations
    if left < FEWEST_DEGREES:
        degrees = "degree" if left == 1 else "degrees"
        what = f"{rows} rows leave {max(left, 0)} residual {degrees} of freedom"
        raise no_error(
            f"{what}; an error needs {FEWEST_DEGREES} or more",
            "take more rows, or fewer fixed effects, lags, leads or controls",
            case.design,
        )
    between, expected = _errors(case, target)
    if between < ROUNDING * expected:
        what = "what the effect is made of is fitted exactly within each cluster"
        raise no_error(
            f"{what}, so that its error would be zero",
            "take finer clusters, or an estimator that fits fewer effects",
            case.design,
        )


def no_error(what: str, hint: str, design: Design) -> DesignError:
    """Say why it cannot be told how sure an effect is."""
    problem = Problem(what, design.outcome, f"{hint}; inference='none' gives the estimate alone")
    return DesignError(f"the error of the effect on {design.outcome!r} cannot be told", [problem])


def _errors(case: Case, target: int) -> tuple[float, float]:
    """Return the error by clusters, and about what independent rows (or units) would make it."""
    evidence = case.effects.evidence
    if isinstance(evidence, Own):
        return 0.0, 0.0
    if isinstance(evidence, Influence):
        contributions, clusters = evidence.contributions[:, target], evidence.clusters
        expected = float(np.linalg.norm(contributions))
    else:
        fit, gradient = evidence.fit, evidence.gradient[target]
        direction, clusters = np.linalg.solve(fit.gram, gradient), fit.clusters
        contributions = fit.weights * fit.residuals * (fit.regressors @ direction)
        # A unit that differs from its cohort by the same in each period adds nothing to the error.
        residuals = fit.residuals - _means(fit.residuals, fit.weights, case.effects.sample.units)
        variance = fit.weights @ residuals**2 / evidence.residual_degrees
        expected = float(np.sqrt(variance * (gradient @ direction)))
    return float(np.linalg.norm(np.bincount(clusters, contributions))), expected


def _means(values: FloatArray, weights: FloatArray, units: IntArray) -> FloatArray:
    """Give each row the weighted mean of its unit."""
    return np.asarray((np.bincount(units, weights * values) / np.bincount(units, weights))[units])
