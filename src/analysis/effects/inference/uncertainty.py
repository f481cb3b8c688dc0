"""What a method of inference works on, and what it hands back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from analysis.effects.design import Design
from analysis.effects.evidence import Effects
from analysis.effects.inference.clustered import Factor
from analysis.effects.inference.multipliers import MultiplierKind
from analysis.errors import ParameterError, Problem, did_you_mean

__all__ = ["LEVEL", "Case", "Choices", "Uncertainty", "by_t"]

FloatArray = NDArray[np.float64]

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Choices:
    """A method of inference and its settings.

    Attributes
    ----------
    method
        A name in `analysis.effects.inference.registry`; ``auto`` lets the numbers of clusters and
        of treated clusters decide.
    factor
        Small-sample factor of ``CR1``; see `analysis.effects.inference.clustered`.
    multipliers
        What bootstrap draws multiply by; ``auto`` lets the number of clusters decide.
    draws
        How many draws; None for the method's own number.
    impose_null
        Whether the wild bootstrap draws from the model in which the null holds.
    """

    method: str = "auto"
    factor: Factor = "nonnested"
    multipliers: MultiplierKind = "auto"
    draws: int | None = None
    impose_null: bool = True

    def __post_init__(self) -> None:
        words = (
            ("factor", self.factor, get_args(Factor)),
            ("multipliers", self.multipliers, get_args(MultiplierKind)),
        )
        problems = [
            Problem(f"there is no {role} {given!r}", role, did_you_mean(given, known))
            for role, given, known in words
            if given not in known
        ]
        if problems:
            raise ParameterError("these are not settings of a method of inference", problems)


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """What inference is about.

    Attributes
    ----------
    effects
        The estimates and their evidence.
    panel, design
        What they were made from.
    estimator
        Makes them anew on another panel, for methods that estimate again.
    choices
        The method's settings.
    """

    effects: Effects
    panel: pd.DataFrame
    design: Design
    estimator: Callable[[pd.DataFrame, Design], Effects]
    choices: Choices

    @property
    def values(self) -> FloatArray:
        """The targets, shape (T,)."""
        return self.effects.targets["value"].to_numpy(dtype="float64")

    @property
    def clusters(self) -> int:
        """How many clusters there are."""
        return self.effects.sample.cluster_count


@dataclass(frozen=True, slots=True, eq=False)
class Uncertainty:
    """Standard errors, intervals and tests of all targets, in their order.

    Attributes
    ----------
    standard_error, lower, upper, p_value
        Shape (T,).
    event_time_vcov
        Covariance of the targets of kind ``event_time``, references included; None if unknown.
    degrees
        Degrees of freedom of the t distribution behind a simultaneous band; infinite for normal.
    words
        How it was computed.
    critical_value
        Of a simultaneous band over event times, if the method has one of its own.
    """

    standard_error: FloatArray
    lower: FloatArray
    upper: FloatArray
    p_value: FloatArray
    event_time_vcov: FloatArray | None
    degrees: float
    words: str
    critical_value: float | None = None


def by_t(
    values: FloatArray, standard_error: FloatArray, degrees: FloatArray | float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Test each value against zero and give its interval, by Student's t.

    Parameters
    ----------
    values, standard_error
        Shape (T,).
    degrees
        Of freedom, one for all or shape (T,); infinite for the normal distribution.

    Returns
    -------
    tuple
        Lower and upper end and p-value, each of shape (T,). A target without variance, such as the
        period of reference, has an interval of length zero and no p-value.

    Examples
    --------
    >>> lower, upper, p_value = by_t(np.array([1.0]), np.array([0.5]), 30)
    >>> p_value.round(4).tolist()
    [0.0546]
    """
    freedom = np.broadcast_to(np.asarray(degrees, dtype="float64"), values.shape)
    margin = stats.t.ppf((1 + LEVEL) / 2, freedom) * standard_error
    known = standard_error > 0
    ratio = np.divide(np.abs(values), standard_error, out=np.full_like(values, np.nan), where=known)
    p_value = 2 * stats.t.sf(ratio, freedom)
    return values - margin, values + margin, p_value
