"""A result: what any estimator hands back, whatever computed it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray

from analysis.effects.design import Design
from analysis.effects.evidence import Averaging
from analysis.ledger.flow import Dropped, RowFlow, write_rows

__all__ = ["Estimate", "Result"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

NUMBERS = ["value", "standard_error", "lower", "upper", "p_value"]
BANDS = ["band_lower", "band_upper"]


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


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """What an estimator found, and how sure that is.

    Attributes
    ----------
    design
        The design that was estimated.
    estimator
        Name in the registry.
    estimand
        What the overall effect is an estimate of, in words.
    averaging
        What the overall effect averages over; see `analysis.effects.evidence.Averaging`.
    estimates
        Every estimated quantity, one row each: `kind` (``overall``, ``event_time``, ``cohort``,
        ``calendar`` or ``group_time``), `averaging` (of an overall effect), `cohort` and `period`
        (as the panel names its periods), `event_time`, `value`, `standard_error`, `lower`,
        `upper`, `p_value`, and for event times `band_lower` and `band_upper`, which hold for all
        of them at once. What does not apply is missing.
    event_time_vcov
        Covariance of the event-time estimates without the reference, in the order of
        `event_time`, shape (k, k); None if there are none, or no inference was made.
    inference
        How uncertainty was computed and why so, in words.
    inference_name
        The method's name.
    observations, units, clusters, treated_clusters
        Used in the estimation.
    library
        The library that computed the estimate, and its version.
    dropped
        Rows that were not used -> how many, by reason.
    left_out
        The same rows -> their places in the panel, from 0.
    repeated
        Observations that are a second or later use of a row, as in a stack.
    cohort_weights
        Weight of each cohort in the overall effect, adding up to one; None for a dose.
    notes
        What a reader must know besides.
    details
        What only this estimator has, such as the weights of a synthetic control.
    """

    design: Design
    estimator: str
    estimand: str
    averaging: Averaging
    estimates: pd.DataFrame
    inference: str
    inference_name: str
    observations: int
    units: int
    clusters: int
    treated_clusters: int
    library: str
    dropped: Mapping[str, int] = field(default_factory=dict)
    left_out: Mapping[str, IntArray] = field(default_factory=dict)
    repeated: int = 0
    event_time_vcov: FloatArray | None = None
    cohort_weights: pd.Series | None = None
    notes: tuple[str, ...] = ()
    details: Mapping[str, object] = field(default_factory=dict)

    @property
    def flow(self) -> RowFlow:
        """The flow of rows from the panel into the result."""
        dropped = tuple(
            Dropped(reason, count, write_rows(self.left_out.get(reason, ())))
            for reason, count in self.dropped.items()
        )
        return RowFlow(
            rows_in=self.observations - self.repeated + sum(self.dropped.values()),
            dropped=dropped,
            repeated=self.repeated,
            observations=self.observations,
            units=self.units,
            clusters=self.clusters,
        )

    @property
    def overall(self) -> Estimate:
        """The overall effect that the design asks for, or that the estimator usually reports."""
        chosen = self.overalls[self.overalls.index == self.averaging]
        return Estimate(*(float(number) for number in chosen.to_numpy(dtype="float64")[0]))

    @property
    def overalls(self) -> pd.DataFrame:
        """The overall effects, one row for each way to average, indexed by `averaging`."""
        return self._of_kind("overall").set_index("averaging")[NUMBERS]

    @property
    def event_time(self) -> pd.DataFrame | None:
        """Effects by event time (the index, whole numbers), the reference included with zeros."""
        found = self._of_kind("event_time")
        if found.empty:
            return None
        found = found.astype({"event_time": "int64"}).set_index("event_time")
        return found[[*NUMBERS, *BANDS]].sort_index()

    @property
    def cohort(self) -> pd.DataFrame | None:
        """Effects by cohort (the index, its first treated period)."""
        return self._indexed("cohort", "cohort")

    @property
    def calendar(self) -> pd.DataFrame | None:
        """Effects by calendar period (the index)."""
        return self._indexed("calendar", "period")

    @property
    def group_time(self) -> pd.DataFrame | None:
        """Effects by cohort and period: columns `cohort`, `period`, `event_time` and numbers."""
        found = self._of_kind("group_time")
        if found.empty:
            return None
        found = found[["cohort", "period", "event_time", *NUMBERS]]
        return found.astype({"event_time": "int64"}).reset_index(drop=True)

    def tidy(self) -> pd.DataFrame:
        """Return every estimated quantity as one row of a frame; see `estimates`."""
        return self.estimates.copy()

    def glance(self) -> pd.Series:
        """Return the result as one row: estimate, error, interval, p-value and sample."""
        overall = self.overall
        return pd.Series(
            {
                "estimator": self.estimator,
                "outcome": self.design.outcome,
                "value": overall.value,
                "standard_error": overall.standard_error,
                "lower": overall.lower,
                "upper": overall.upper,
                "p_value": overall.p_value,
                "observations": self.observations,
                "units": self.units,
                "clusters": self.clusters,
                "treated_clusters": self.treated_clusters,
                "dropped": sum(self.dropped.values()),
                "inference": self.inference,
                "library": self.library,
            }
        )

    def plot(self) -> Figure:
        """Draw the effects by event time if there are any, else the overall effects."""
        # Figures know results, not the other way round; only who draws pays for the import.
        from analysis.figures.result import draw_result

        return draw_result(self)

    def _of_kind(self, kind: str) -> pd.DataFrame:
        return self.estimates[self.estimates["kind"] == kind]

    def _indexed(self, kind: str, index: str) -> pd.DataFrame | None:
        found = self._of_kind(kind)
        return None if found.empty else found.set_index(index)[NUMBERS]
