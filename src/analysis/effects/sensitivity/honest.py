"""Bounds when parallel trends may be violated, as far as the leads let one expect it.

Rambachan and Roth (2023), "A More Credible Approach to Parallel Trends". A finding is reported
with the amount of violation at which it breaks down. Two restrictions: after the reference, the
violation changes from one period to the next by at most Mbar times its largest change before
(``relative_magnitudes``); or its slope changes by at most M (``smoothness``, where M = 0 is a
linear trend).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.result import Result
from analysis.effects.sensitivity.event_study import Target, event_study_of, target_weights
from analysis.effects.sensitivity.robust_interval import (
    Interval,
    Method,
    Question,
    Restriction,
    robust_interval,
)
from analysis.errors import DesignError, Problem

__all__ = [
    "HonestSensitivity",
    "breakdown_value",
    "honest_bounds",
    "honest_sensitivity",
    "original_interval",
]

FloatArray = NDArray[np.float64]

# A breakdown value is found to this share of itself, and looked for up to this many units.
BREAKDOWN_PRECISION = 1e-3
BREAKDOWN_LIMIT = 1000.0


@dataclass(frozen=True, slots=True, eq=False)
class HonestSensitivity:
    """How one effect of an event study fares under growing violations of parallel trends.

    Attributes
    ----------
    restriction, method, level
        See `honest_bounds`.
    target
        Which effect, in words.
    value, lower, upper
        Its estimate and the interval if trends are parallel.
    bounds
        See `honest_bounds`.
    breakdown
        See `breakdown_value`.
    """

    restriction: Restriction
    method: Method
    level: float
    target: str
    value: float
    lower: float
    upper: float
    bounds: pd.DataFrame
    breakdown: float


def honest_sensitivity(
    result: Result,
    *,
    parameters: Sequence[float],
    restriction: Restriction = "relative_magnitudes",
    target: Target = "average",
    method: Method | None = None,
    level: float = 0.95,
) -> HonestSensitivity:
    """Bound an effect of an event study, and find where its finding breaks down.

    Parameters
    ----------
    result
        Of an estimator with effects by event time, all measured from the design's reference.
        Periods of anticipation count as periods after it, without weight in the targets
        ``first`` and ``average``.
    parameters, restriction, method, level
        See `honest_bounds`.
    target
        See `analysis.effects.sensitivity.event_study.target_weights`.

    Raises
    ------
    DesignError
        If the result holds no event study, an event time is missing, or as in `honest_bounds`.
    """
    study = event_study_of(result)
    weights = target_weights(study, target)
    question = _ask(
        study.estimates, study.vcov, study.leads, study.lags, restriction, weights, method, level
    )
    words = {"first": "effect at adoption", "average": "mean effect from adoption on"}
    return HonestSensitivity(
        restriction=restriction,
        method=question.method,
        level=level,
        target=words.get(str(target), f"effect at event time {target}"),
        value=question.value,
        lower=question.original.lower,
        upper=question.original.upper,
        bounds=_bounds(question, parameters),
        breakdown=_breakdown(question),
    )


def honest_bounds(
    values: FloatArray,
    vcov: FloatArray,
    leads: int,
    lags: int,
    *,
    parameters: Sequence[float],
    restriction: Restriction = "relative_magnitudes",
    weights: FloatArray | None = None,
    method: Method | None = None,
    level: float = 0.95,
    authors_grid: bool = False,
) -> pd.DataFrame:
    """Compute robust intervals under growing violations of parallel trends.

    Parameters
    ----------
    values, vcov
        Estimates of consecutive event times, the reference left out, shape (leads + lags,), and
        their covariance. A matrix that is not positive semidefinite is refused.
    leads, lags
        How many are before and after the reference.
    parameters
        Values of Mbar or M, zero or more; M in the unit of the estimates.
    restriction
        ``relative_magnitudes`` or ``smoothness``.
    weights
        Of the effects after the reference, shape (lags,); None for the first one.
    method
        ``C-LF``, the conditional test with a least favourable first stage, or ``FLCI``, the
        interval of fixed length, for smoothness only and usual there.
    level
        Of the intervals.
    authors_grid
        For C-LF: whether to stop at the grid of the authors' R package, as it does.

    Returns
    -------
    pandas.DataFrame
        One row for each parameter, in the given order: `restriction`, `method`, `parameter`,
        `lower`, `upper`, `contains_zero`, and `note`, empty if there is nothing to say.

        C-LF tests 1,000 values on a grid of 20 standard errors on either side of zero, with the
        draws of the authors' R package, and so returns its numbers. Where that grid cuts an
        interval off it is doubled, up to three times; an end that is still open is infinite, and
        the note says how far the search went. FLCI is exact, where R simulates. A parameter takes
        milliseconds.

    Raises
    ------
    DesignError
        With all problems together: no lead or lag, shapes that do not fit, a matrix that is no
        covariance, weights that are all zero, an unknown or unfit method, or a covariance of too
        low a rank for FLCI; or a negative parameter.

    Examples
    --------
    >>> values, vcov = np.array([0.1, 0.0, 1.0, 1.2]), 0.01 * np.eye(4)
    >>> bounds = honest_bounds(values, vcov, 2, 2, parameters=[0, 1, 10])
    >>> bounds["contains_zero"].tolist()
    [False, False, True]
    """
    question = _ask(values, vcov, leads, lags, restriction, weights, method, level)
    return _bounds(question, parameters, authors_grid=authors_grid)


def breakdown_value(
    values: FloatArray,
    vcov: FloatArray,
    leads: int,
    lags: int,
    *,
    restriction: Restriction = "relative_magnitudes",
    weights: FloatArray | None = None,
    method: Method | None = None,
    level: float = 0.95,
) -> float:
    """Find the largest parameter at which the robust interval still excludes zero.

    Parameters
    ----------
    values, vcov, leads, lags, restriction, weights, method, level
        See `honest_bounds`, whose intervals are searched for zero.

    Returns
    -------
    float
        By bisection, to a thousandth of itself, from below. NaN if the interval holds zero without
        any violation; infinity if it does not at Mbar = 1,000, or at an M of 1,000 standard
        errors of the estimate.

    Examples
    --------
    >>> values, vcov = np.array([0.1, 0.0, 1.0, 1.2]), 0.01 * np.eye(4)
    >>> 1 < breakdown_value(values, vcov, 2, 2) < 10
    True
    """
    return _breakdown(_ask(values, vcov, leads, lags, restriction, weights, method, level))


def original_interval(
    values: FloatArray,
    vcov: FloatArray,
    leads: int,
    lags: int,
    *,
    weights: FloatArray | None = None,
    level: float = 0.95,
) -> Interval:
    """Give the normal interval of the effect if trends are parallel; see `honest_bounds`."""
    restriction: Restriction = "relative_magnitudes"
    return _ask(values, vcov, leads, lags, restriction, weights, None, level).original


def _ask(
    values: FloatArray,
    vcov: FloatArray,
    leads: int,
    lags: int,
    restriction: Restriction,
    weights: FloatArray | None,
    method: Method | None,
    level: float,
) -> Question:
    usual: Method = "FLCI" if restriction == "smoothness" else "C-LF"
    first = np.eye(1, max(lags, 0))[0]
    return Question(
        values=np.asarray(values, dtype="float64"),
        vcov=np.asarray(vcov, dtype="float64"),
        leads=leads,
        lags=lags,
        restriction=restriction,
        weights=first if weights is None else np.asarray(weights, dtype="float64"),
        method=method or usual,
        level=level,
    )


def _bounds(
    question: Question, parameters: Sequence[float], *, authors_grid: bool = False
) -> pd.DataFrame:
    wrong = [given for given in parameters if not (np.isfinite(given) and given >= 0)]
    if wrong:
        problems = [
            Problem(f"{given} bounds nothing", "parameters", "0 or more") for given in wrong
        ]
        raise DesignError("robust bounds cannot be computed", problems)
    found = [
        robust_interval(question, float(given), authors_grid=authors_grid) for given in parameters
    ]
    return pd.DataFrame(
        {
            "restriction": question.restriction,
            "method": question.method,
            "parameter": np.asarray(parameters, dtype="float64"),
            "lower": [interval.lower for interval in found],
            "upper": [interval.upper for interval in found],
            "contains_zero": [interval.contains_zero for interval in found],
            "note": [interval.note for interval in found],
        }
    )


def _breakdown(question: Question) -> float:
    unit = question.standard_error if question.restriction == "smoothness" else 1.0
    return unit * _last_false(lambda units: robust_interval(question, unit * units).contains_zero)


def _last_false(holds: Callable[[float], bool]) -> float:
    if holds(0.0):
        return float("nan")
    low, high = 0.0, 1.0
    while not holds(high):
        if high >= BREAKDOWN_LIMIT:
            return float("inf")
        low, high = high, 2 * high
    while high - low > BREAKDOWN_PRECISION * high:
        middle = (low + high) / 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return low
