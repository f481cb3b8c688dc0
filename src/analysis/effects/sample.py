"""From a panel and a design to the rows that are estimated on, each dropped row with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.checks import OutcomeForm, check_panel, refuse
from analysis.effects.design import Design
from analysis.effects.fixed_effects import is_nested
from analysis.errors import Problem

__all__ = ["OutcomeForm", "Sample", "draw_sample", "period_numbers"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Sample:
    """The rows that an estimator uses, as arrays of length n.

    Attributes
    ----------
    rows
        Their places in the panel, counted from 0.
    outcome
        The outcome, or its logarithm if the form is ``log``.
    treatment
        1 from a unit's adoption on and 0 before, or the dose.
    event_time
        Periods since adoption; missing for units that never adopt, and for a dose.
    weights
        Analytic weights; ones if the design has none.
    effects
        Integer codes of each fixed effect; an effect that another implies is left out.
    units, clusters
        Integer codes of the unit and of the cluster.
    dropped
        Reason -> number of rows of the panel that are not used; only reasons that occurred.
    """

    rows: IntArray
    outcome: FloatArray
    treatment: FloatArray
    event_time: FloatArray
    weights: FloatArray
    effects: tuple[IntArray, ...]
    units: IntArray
    clusters: IntArray
    dropped: dict[str, int]

    def take(self, keep: BoolArray, reason: str) -> Sample:
        """Return the sample of the rows to keep, the others counted under the reason."""
        return Sample(
            rows=self.rows[keep],
            outcome=self.outcome[keep],
            treatment=self.treatment[keep],
            event_time=self.event_time[keep],
            weights=self.weights[keep],
            effects=tuple(_recode(codes[keep]) for codes in self.effects),
            units=_recode(self.units[keep]),
            clusters=_recode(self.clusters[keep]),
            dropped=self.dropped | {reason: int((~keep).sum())},
        )

    @property
    def observations(self) -> int:
        """How many rows are used."""
        return len(self.outcome)

    @property
    def unit_count(self) -> int:
        """How many units are used."""
        return len(np.unique(self.units))

    @property
    def cluster_count(self) -> int:
        """How many clusters are used."""
        return len(np.unique(self.clusters))


def draw_sample(panel: pd.DataFrame, design: Design, form: OutcomeForm) -> Sample:
    """Check that a design can be estimated on a panel, and take the rows it can use.

    Parameters
    ----------
    panel
        One row for each unit and period, in any order.
    design
        What is to be estimated.
    form
        How the estimator uses the outcome.

    Raises
    ------
    DesignError
        If a column is missing or there are no rows, a unit or period is missing or stands twice,
        an outcome or dose is not a number, a unit's adoption or cluster changes over time, or what
        is left after dropping rows has no variation or fewer than two clusters. All problems that
        can be seen at the same stage are reported together.

    Examples
    --------
    >>> panel = pd.DataFrame(
    ...     {
    ...         "unit": ["a", "a", "b", "b"],
    ...         "period": [1, 2, 1, 2],
    ...         "adoption_period": [2, 2, None, None],
    ...         "complaints": [5, 4, 3, 3],
    ...     }
    ... )
    >>> design = Design("complaints", "count", "adoption", "adoption_period", cluster="unit")
    >>> draw_sample(panel, design, "count").treatment.tolist()
    [0.0, 1.0, 0.0, 0.0]
    """
    check_panel(panel, design, form)
    columns = _read_columns(panel, design)
    keep, dropped = _choose_rows(columns, design, form)
    sample = _take(columns, keep, dropped, form)
    refuse(design, _remaining_problems(sample, design))
    return sample


def period_numbers(periods: pd.Series) -> FloatArray:
    """Give consecutive periods consecutive numbers; missing stays missing.

    Timestamps count as calendar months.

    Examples
    --------
    >>> months = pd.Series(pd.PeriodIndex(["2024-12", "2025-01", None], freq="M"))
    >>> numbers = period_numbers(months)
    >>> float(numbers[1] - numbers[0]), bool(np.isnan(numbers[2]))
    (1.0, True)
    """
    if isinstance(periods.dtype, pd.DatetimeTZDtype) or periods.dtype.kind == "M":
        periods = periods.dt.to_period("M")
    if isinstance(periods.dtype, pd.PeriodDtype):
        missing = periods.isna().to_numpy()
        return np.where(missing, np.nan, pd.PeriodIndex(periods).asi8.astype("float64"))
    return _numbers(periods)


@dataclass(frozen=True, slots=True)
class _Columns:
    """The design's columns of the whole panel, as arrays."""

    outcome: FloatArray
    treatment: FloatArray
    period: FloatArray
    adoption: FloatArray
    weights: FloatArray
    effects: tuple[IntArray, ...]
    units: IntArray
    clusters: IntArray


def _read_columns(panel: pd.DataFrame, design: Design) -> _Columns:
    period = period_numbers(panel[design.period])
    adoption = np.full(len(panel), np.nan)
    if design.treatment == "adoption":
        adoption = period_numbers(panel[design.treatment_column])
        treatment = (period >= adoption).astype("float64")
    else:
        treatment = _numbers(panel[design.treatment_column])
    given = _numbers(panel[design.weights]) if design.weights else np.ones(len(panel))
    return _Columns(
        outcome=_numbers(panel[design.outcome]),
        treatment=treatment,
        period=period,
        adoption=adoption,
        weights=given,
        effects=_effect_codes(panel, design),
        units=_codes(panel, design.unit),
        clusters=_codes(panel, (design.cluster,)),
    )


def _effect_codes(panel: pd.DataFrame, design: Design) -> tuple[IntArray, ...]:
    """Code the unit, the period and what else is absorbed, without effects others imply."""
    sets = dict.fromkeys([design.unit, (design.period,), *design.absorb])
    codes = [_codes(panel, names) for names in sets]
    return tuple(
        given
        for place, given in enumerate(codes)
        if not any(
            is_nested(other, given) and (place > rival or not is_nested(given, other))
            for rival, other in enumerate(codes)
            if rival != place
        )
    )


def _choose_rows(
    columns: _Columns, design: Design, form: OutcomeForm
) -> tuple[BoolArray, dict[str, int]]:
    keep = np.ones(len(columns.outcome), dtype=np.bool_)
    dropped: dict[str, int] = {}

    def drop(reason: str, rows: BoolArray) -> bool:
        count = int((keep & rows).sum())
        if count:
            dropped[reason] = dropped.get(reason, 0) + count
            keep[rows] = False
        return count > 0

    drop("outcome missing", np.isnan(columns.outcome))
    drop("treatment missing", np.isnan(columns.treatment))
    drop("weight zero or missing", ~(columns.weights > 0))
    if form == "log":
        drop("zero outcome, which has no logarithm", columns.outcome <= 0)
    if design.treatment == "adoption":
        drop("unit adopted before the panel begins", columns.adoption < np.min(columns.period))
        treated = _each(columns.units, columns.treatment, np.minimum, keep) > 0
        drop("unit treated in every observed period", treated)
    # Each of the two can make room for the other, until nothing is left to drop.
    while True:
        found = [
            drop("only observation of a fixed effect", _lonely(codes, keep))
            for codes in columns.effects
        ]
        if form == "count":
            found += [
                drop(
                    "only zeros within a fixed effect, so its Poisson effect is minus infinity",
                    _each(codes, columns.outcome, np.maximum, keep) <= 0,
                )
                for codes in columns.effects
            ]
        if not any(found):
            return keep, dropped


def _each(codes: IntArray, values: FloatArray, extreme: np.ufunc, keep: BoolArray) -> FloatArray:
    """Give each row the least or greatest value among the kept rows of its group."""
    worst = np.inf if extreme is np.minimum else -np.inf
    groups = np.full(codes.max() + 1, worst)
    extreme.at(groups, codes[keep], values[keep])
    return groups[codes]


def _lonely(codes: IntArray, keep: BoolArray) -> BoolArray:
    sizes = np.bincount(codes[keep], minlength=codes.max() + 1)
    return np.asarray(sizes[codes] == 1)


def _take(columns: _Columns, keep: BoolArray, dropped: dict[str, int], form: OutcomeForm) -> Sample:
    outcome = columns.outcome[keep]
    return Sample(
        rows=np.flatnonzero(keep),
        outcome=np.log(outcome) if form == "log" else outcome,
        treatment=columns.treatment[keep],
        event_time=(columns.period - columns.adoption)[keep],
        weights=columns.weights[keep],
        effects=tuple(_recode(codes[keep]) for codes in columns.effects),
        units=_recode(columns.units[keep]),
        clusters=_recode(columns.clusters[keep]),
        dropped=dropped,
    )


def _remaining_problems(sample: Sample, design: Design) -> Iterator[Problem]:
    reasons = "; ".join(f"{count} rows: {reason}" for reason, count in sample.dropped.items())
    left = f"dropped were {reasons}" if reasons else "no row was dropped"
    if sample.observations == 0:
        yield Problem("no rows are left", design.outcome, left)
        return
    if np.ptp(sample.outcome) == 0:
        yield Problem("it has the same value in every row that is left", design.outcome, left)
    if np.ptp(sample.treatment) == 0:
        value = sample.treatment[0]
        what = f"the treatment is {value:g} in every row that is left"
        yield Problem(what, design.treatment_column, left)
    if sample.cluster_count < 2:
        what = "fewer than two clusters are left"
        yield Problem(what, design.cluster, f"errors need several clusters; {left}")


def _numbers(values: pd.Series) -> FloatArray:
    return values.to_numpy(dtype="float64", na_value=np.nan)


def _codes(panel: pd.DataFrame, names: tuple[str, ...]) -> IntArray:
    # Sorted, so that the codes do not depend on the order of the rows.
    groups = panel.groupby(list(names), observed=True, sort=True).ngroup()
    return np.asarray(groups, dtype=np.int64)


def _recode(codes: IntArray) -> IntArray:
    _, places = np.unique(codes, return_inverse=True)
    return np.asarray(places, dtype=np.int64)
