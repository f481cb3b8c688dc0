"""One robust interval: an effect, a restriction on violations of parallel trends, a bound on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from analysis.effects.sensitivity.conditional import accepted
from analysis.effects.sensitivity.event_study import covariance_problems, vcov_rank
from analysis.effects.sensitivity.fixed_length import fixed_length_interval
from analysis.effects.sensitivity.restrictions import (
    difference_rows,
    relative_magnitudes,
    smoothness,
)
from analysis.errors import DesignError, Problem, did_you_mean

__all__ = ["Interval", "Method", "Question", "Restriction", "robust_interval"]

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

Restriction = Literal["relative_magnitudes", "smoothness"]
Method = Literal["C-LF", "FLCI"]

# The grid of the authors' R package.
REACH = 20.0
GRID_POINTS = 1000
# How many times a grid is doubled before an interval is called open.
DOUBLINGS = 3


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """Which effect is to be bounded, and how.

    Attributes
    ----------
    values, vcov, leads, lags, restriction, method, level
        See `analysis.effects.sensitivity.honest.honest_bounds`.
    weights
        Of the effects after the reference, shape (lags,).

    Raises
    ------
    DesignError
        With all problems together.
    """

    values: FloatArray
    vcov: FloatArray
    leads: int
    lags: int
    restriction: Restriction
    weights: FloatArray
    method: Method
    level: float

    def __post_init__(self) -> None:
        problems = [*_study_problems(self), *_option_problems(self)]
        if problems:
            raise DesignError("robust bounds cannot be computed", problems)

    @property
    def value(self) -> float:
        """The estimate."""
        return float(self.weights @ self.values[self.leads :])

    @property
    def standard_error(self) -> float:
        """Of the estimate."""
        after = self.vcov[self.leads :, self.leads :]
        return float(np.sqrt(self.weights @ after @ self.weights))

    @property
    def original(self) -> Interval:
        """The normal interval if trends are parallel."""
        half = float(stats.norm.isf((1 - self.level) / 2)) * self.standard_error
        return Interval(self.value - half, self.value + half)


@dataclass(frozen=True, slots=True)
class Interval:
    """The ends of an interval, missing if it is empty; and what must be known of it."""

    lower: float
    upper: float
    note: str = ""

    @property
    def contains_zero(self) -> bool:
        """Whether zero is one of its values."""
        return bool(self.lower <= 0 <= self.upper)


def robust_interval(
    question: Question, parameter: float, *, authors_grid: bool = False
) -> Interval:
    """Compute the interval if violations are restricted by a bound, M or Mbar.

    Parameters
    ----------
    question
        Which effect is bounded, and how.
    parameter
        M or Mbar.
    authors_grid
        Whether to search no further than the grid of the authors' R package, and give its end as
        that of an interval which reaches it, as the package does.

    Examples
    --------
    >>> values, vcov, first = np.array([0.0, 1.0]), 0.01 * np.eye(2), np.ones(1)
    >>> asked = Question(values, vcov, 1, 1, "smoothness", first, "FLCI", 0.95)
    >>> robust_interval(asked, 0.0).contains_zero
    False
    """
    size = 1 - question.level
    values, vcov, leads, weights = question.values, question.vcov, question.leads, question.weights
    if question.method == "FLCI":
        found = fixed_length_interval(values, vcov, leads, weights, parameter, size)
        return Interval(found.lower, found.upper)
    half = REACH * question.standard_error
    union = relative_magnitudes(leads, question.lags, parameter)
    if question.restriction == "smoothness":
        union = [smoothness(leads, question.lags, parameter)]
        # What changes of slope can add up to if the leads are zero.
        after = difference_rows(leads, question.lags, order=2)[-question.lags :, leads:]
        half += parameter * float(np.abs(np.linalg.solve(after.T, weights)).sum())

    def inside(thetas: FloatArray) -> BoolArray:
        tests = [accepted(thetas, values, vcov, part, weights, size) for part in union]
        return np.asarray(np.any(tests, axis=0))

    found_by_search = _search(inside, half, authors_grid=authors_grid)
    rank = vcov_rank(vcov)
    notes = [f"the covariance has rank {rank} of {len(vcov)}"] if rank < len(vcov) else []
    notes += [found_by_search.note] if found_by_search.note else []
    return Interval(found_by_search.lower, found_by_search.upper, "; ".join(notes))


def _search(
    inside: Callable[[FloatArray], BoolArray], half: float, *, authors_grid: bool
) -> Interval:
    """Find the first and last point of a grid that are inside, doubling it while an end is open."""
    thetas, kept = np.empty(0), np.empty(0, dtype=np.bool_)
    step = 2 * half / (GRID_POINTS - 1)
    for doubling in range(1 if authors_grid else DOUBLINGS + 1):
        more = GRID_POINTS * (2**doubling - 1) // 2
        thetas = -half + step * np.arange(-more, GRID_POINTS + more)
        kept = inside(thetas)
        if kept.any() and not (kept[0] or kept[-1]):
            break
    if not kept.any():
        note = f"every value from {thetas[0]:.4g} to {thetas[-1]:.4g} is rejected"
        return Interval(np.nan, np.nan, note)
    notes = [f"the lower end is below {thetas[0]:.4g}"] if kept[0] else []
    notes += [f"the upper end is above {thetas[-1]:.4g}"] if kept[-1] else []
    lower, upper = float(thetas[kept][0]), float(thetas[kept][-1])
    if authors_grid:
        return Interval(lower, upper, "; ".join(notes))
    return Interval(-np.inf if kept[0] else lower, np.inf if kept[-1] else upper, "; ".join(notes))


def _study_problems(question: Question) -> Iterator[Problem]:
    leads, lags = question.leads, question.lags
    if leads < 1:
        hint = "without estimates before the reference nothing is known of trends"
        yield Problem(f"there are {leads} leads", "leads", hint)
    if lags < 1:
        yield Problem(f"there are {lags} lags", "lags", "there is no effect to bound")
    if question.values.shape != (leads + lags,):
        what = f"their shape is {question.values.shape}"
        yield Problem(what, "values", f"expected ({leads + lags},): leads and lags, no reference")
        return
    if question.weights.shape != (lags,) or not question.weights.any():
        what = f"they are {question.weights.tolist()}"
        yield Problem(what, "weights", f"give {lags} numbers, not all of them zero")
    problems = list(covariance_problems(question.values, question.vcov))
    yield from problems
    if question.method == "FLCI" and not problems:
        rank = vcov_rank(question.vcov)
        if rank < leads + lags:
            hint = "there are too few clusters: shorten the event window, or take method 'C-LF'"
            yield Problem(f"its rank is {rank} for {leads + lags} estimates", "vcov", hint)


def _option_problems(question: Question) -> Iterator[Problem]:
    options = {"restriction": get_args(Restriction), "method": get_args(Method)}
    for role, known in options.items():
        given = getattr(question, role)
        if given not in known:
            yield Problem(f"there is no {role} {given!r}", role, did_you_mean(given, known))
    if question.method == "FLCI" and question.restriction == "relative_magnitudes":
        hint = "take 'C-LF': there no linear estimator has a bounded bias"
        yield Problem("'FLCI' is for smoothness only", "method", hint)
    if not 0.5 <= question.level < 1:
        yield Problem(f"it is {question.level}", "level", "give a share, such as 0.95")
