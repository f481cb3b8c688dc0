"""What an estimator hands to inference: its effects, and what their uncertainty is made of.

An estimator ends with point estimates, the *targets*: the overall effect, and where they are
defined effects by event time, cohort, calendar period, and cohort and period. How uncertain they
are is worked out elsewhere, from one of three kinds of evidence, so that every method of inference
is written once and serves every estimator that has the evidence it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.cell_averages import CellAverages
from analysis.effects.fixed_effects import FixedEffects
from analysis.effects.inference.fit import WeightedFit
from analysis.effects.sample import Sample

__all__ = [
    "TARGET_COLUMNS",
    "Averaging",
    "Effects",
    "Evidence",
    "Influence",
    "Link",
    "Own",
    "Regression",
    "TargetKind",
    "target_frame",
]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# What an overall effect averages over: treated unit-periods, event times, cohorts (by their size)
# or calendar periods; or what a regression coefficient happens to weigh.
Averaging = Literal["cells", "event_time", "cohort", "calendar", "regression"]
TargetKind = Literal["overall", "event_time", "cohort", "calendar", "group_time"]
Link = Literal["identity", "log", "logit"]

TARGET_COLUMNS = ("kind", "averaging", "cohort", "period", "event_time", "value")


@dataclass(frozen=True, slots=True, eq=False)
class Regression:
    """Evidence of an estimator whose targets are functions of regression coefficients.

    Attributes
    ----------
    fit
        The fit as weighted least squares, fixed effects taken out.
    gradient
        Derivatives of the targets with respect to the coefficients, shape (T, k); zeros for a
        target that is zero by normalisation. If the targets are linear, they are
        ``gradient @ fit.coefficients``.
    effects
        The fixed effects.
    link
        ``identity`` for a linear model; ``log`` or ``logit`` for a likelihood, whose `fit` is the
        last step of iteratively weighted least squares.
    outcome
        The outcome as it entered the model, shape (n,).
    regressors
        The regressors as they entered the model, shape (n, k).
    predictor
        The fitted linear predictor, fixed effects included, shape (n,).
    linear
        Whether the targets are linear in the coefficients.
    """

    fit: WeightedFit
    gradient: FloatArray
    effects: FixedEffects
    link: Link
    outcome: FloatArray
    regressors: FloatArray
    predictor: FloatArray
    linear: bool = True

    @property
    def residual_degrees(self) -> int:
        """Rows less the rank of regressors and fixed effects; none if the fit is exact."""
        coefficients = len(self.fit.coefficients) - self.fit.directions
        return len(self.fit.residuals) - coefficients - self.effects.rank


@dataclass(frozen=True, slots=True, eq=False)
class Influence:
    """Evidence of an estimator that knows what each unit contributes to its error.

    Attributes
    ----------
    contributions
        Shape (m, T): up to terms of higher order, estimate minus truth is the sum of the column
        over m units. A factor 1/m is already in them.
    clusters
        Cluster codes 0 to G - 1 of the units, shape (m,).
    residual_degrees
        Rows less what is fitted to them, which the contributions are what is left of: zero if
        every row is fitted exactly, whatever its outcome.
    parameters
        K of the small-sample factor (N - 1) / (N - K), if the estimator is a regression whose
        parameters can be counted; None if it has no such factor.
    """

    contributions: FloatArray
    clusters: IntArray
    residual_degrees: int
    parameters: int | None = None


@dataclass(frozen=True, eq=False)
class Own:
    """Evidence of an estimator that comes with a covariance of its own.

    Attributes
    ----------
    work_out
        Gives `vcov`, `degrees` and `words`. It can take many draws, so it is called once, and only
        if a method of inference asks for them.
    valid_with_few
        Whether the covariance was made for few clusters, or relies on many.
    residual_degrees
        See `Influence`.
    """

    work_out: Callable[[], tuple[FloatArray, float, str]]
    valid_with_few: bool
    residual_degrees: int

    @property
    def vcov(self) -> FloatArray:
        """Covariance of the targets, shape (T, T); not a number where the method gives none."""
        return self._worked_out[0]

    @property
    def degrees(self) -> float:
        """Degrees of freedom of the t distribution that tests use; infinite for the normal."""
        return self._worked_out[1]

    @property
    def words(self) -> str:
        """How it was computed."""
        return self._worked_out[2]

    @cached_property
    def _worked_out(self) -> tuple[FloatArray, float, str]:
        return self.work_out()


Evidence = Regression | Influence | Own


@dataclass(frozen=True, slots=True, eq=False)
class Effects:
    """What an estimator found, before inference.

    Attributes
    ----------
    targets
        One row for each estimated quantity, with the columns of `TARGET_COLUMNS`: `kind`;
        `averaging` (an `Averaging`, for kind ``overall``, else None); `cohort` and `period` as
        period numbers and `event_time`, NaN where they do not apply; `value`. At least one row is
        of kind ``overall``.
    headline
        The averaging of the overall effect that the estimator reports as its effect.
    estimand
        What that overall effect is an estimate of, in words.
    evidence
        See `Regression`, `Influence` and `Own`; its order of targets is that of `targets`.
    sample
        The rows that were used.
    library
        What computed the estimates, and its version.
    cohort_weights
        Weight of each cohort (a period number) in the overall effect, adding up to one; a
        regression can give some of them a negative weight. None for a dose.
    cells
        Says how the targets are averages of effects on cohorts in periods. It takes some time, so
        it is called only by methods of inference that need it. None for coefficients that weigh
        cohorts and periods by themselves.
    notes
        What a reader must know: cohorts without a clean comparison, warnings.
    details
        What only this estimator has: the weights of a synthetic control, a joint test of its own.
        Numbers, text, and lists and mappings of them.
    """

    targets: pd.DataFrame
    headline: Averaging
    estimand: str
    evidence: Evidence
    sample: Sample
    library: str
    cohort_weights: pd.Series | None = None
    cells: Callable[[], CellAverages] | None = None
    notes: tuple[str, ...] = ()
    details: Mapping[str, object] = field(default_factory=dict)


def target_frame(
    kind: TargetKind,
    values: Sequence[float] | FloatArray,
    *,
    averaging: Averaging | None = None,
    cohort: Sequence[float] | FloatArray | None = None,
    period: Sequence[float] | FloatArray | None = None,
    event_time: Sequence[float] | FloatArray | None = None,
) -> pd.DataFrame:
    """Write targets of one kind as a frame that `Effects` takes, to be put below others.

    Examples
    --------
    >>> target_frame("event_time", [0.0, 0.3], event_time=[-1, 0])[["event_time", "value"]]
       event_time  value
    0        -1.0    0.0
    1         0.0    0.3
    """
    count = len(values)
    empty = np.full(count, np.nan)

    def column(given: Sequence[float] | FloatArray | None) -> FloatArray:
        return empty if given is None else np.asarray(given, dtype="float64")

    return pd.DataFrame(
        {
            "kind": pd.Series([kind] * count, dtype="object"),
            "averaging": pd.Series([averaging] * count, dtype="object"),
            "cohort": column(cohort),
            "period": column(period),
            "event_time": column(event_time),
            "value": np.asarray(values, dtype="float64"),
        }
    )
