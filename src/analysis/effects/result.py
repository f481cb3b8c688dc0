"""A result: what any estimator hands back, whatever computed it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analysis.effects.design import Design
from analysis.effects.sample import Sample

__all__ = ["Estimate", "Result", "result_on"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """One estimated quantity.

    Attributes
    ----------
    value
        The point estimate, in log points for counts and in the outcome's unit for rates.
    standard_error
        Its standard error.
    lower, upper
        The 95 per cent confidence interval, by the method that `Result.inference` names.
    p_value
        Of the two-sided test that the quantity is zero.
    """

    value: float
    standard_error: float
    lower: float
    upper: float
    p_value: float


@dataclass(frozen=True, slots=True)
class Result:
    """What an estimator found.

    Attributes
    ----------
    design
        The design that was estimated.
    estimator
        Name in the registry.
    estimand
        What the overall effect is an estimate of, in words.
    overall
        The overall effect.
    event_time
        For event studies: a frame indexed by `event_time` (int, the reference included with
        zeros) with `value`, `standard_error`, `lower`, `upper`; else None.
    event_time_vcov
        Covariance of the event-time estimates without the reference, in the order of
        `event_time`, shape (k, k); else None.
    inference
        How uncertainty was computed, in words.
    observations, units, clusters
        Used in the estimation.
    dropped
        Rows that were not used -> how many, by reason.
    library
        The library that computed the estimate, and its version.
    """

    design: Design
    estimator: str
    estimand: str
    overall: Estimate
    inference: str
    observations: int
    units: int
    clusters: int
    library: str
    dropped: Mapping[str, int] = field(default_factory=dict)
    event_time: pd.DataFrame | None = None
    event_time_vcov: np.ndarray | None = None

    def glance(self) -> pd.Series:
        """Return the result as one row: estimate, error, interval, p-value and sample."""
        return pd.Series(
            {
                "estimator": self.estimator,
                "outcome": self.design.outcome,
                "value": self.overall.value,
                "standard_error": self.overall.standard_error,
                "lower": self.overall.lower,
                "upper": self.overall.upper,
                "p_value": self.overall.p_value,
                "observations": self.observations,
                "units": self.units,
                "clusters": self.clusters,
                "dropped": sum(self.dropped.values()),
                "inference": self.inference,
                "library": self.library,
            }
        )


def result_on(
    sample: Sample,
    design: Design,
    *,
    estimator: str,
    estimand: str,
    overall: Estimate,
    inference: str,
    library: str,
    event_time: pd.DataFrame | None = None,
    event_time_vcov: np.ndarray | None = None,
) -> Result:
    """Put together the result of an estimator, with what its sample says of itself.

    Parameters
    ----------
    sample
        The rows that were used: gives observations, units, clusters and rows dropped.
    design, estimator, estimand, overall, inference, library, event_time, event_time_vcov
        See `Result`.
    """
    return Result(
        design=design,
        estimator=estimator,
        estimand=estimand,
        overall=overall,
        inference=inference,
        observations=sample.observations,
        units=sample.unit_count,
        clusters=sample.cluster_count,
        library=library,
        dropped=sample.dropped,
        event_time=event_time,
        event_time_vcov=event_time_vcov,
    )
