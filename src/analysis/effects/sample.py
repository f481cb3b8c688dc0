"""From a panel and a design to the rows that are estimated on, each dropped row with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.checks import OutcomeForm, check_panel, refuse
from analysis.effects.columns import (
    Columns,
    count_different,
    period_numbers,
    read_columns,
    recode,
)
from analysis.effects.design import Design
from analysis.errors import Problem

__all__ = ["OutcomeForm", "Sample", "draw_sample", "period_numbers"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """The rows that an estimator uses, as arrays of length n.

    Attributes
    ----------
    rows
        Their places in the panel, counted from 0.
    outcome
        The outcome; if the form is ``log``, its logarithm less that of the exposure.
    treatment
        1 from a unit's adoption on and 0 before, or the dose.
    period, adoption
        Numbers of the period and of the unit's first treated period; adoption is NaN for units
        that never adopt, and for a dose.
    event_time
        Periods since adoption; NaN as above.
    weights
        Analytic weights; ones if the design has none.
    log_exposure
        Logarithm of the exposure; zeros if the design has none.
    controls
        Covariates, shape (n, k).
    effects
        Integer codes of each fixed effect; an effect that another implies is left out.
    units, clusters
        Integer codes of the unit and of the cluster.
    left_out
        Reason -> places in the panel of the rows that are not used, from 0 and in their order;
        only reasons that occurred.
    cautions
        What does not stop an estimate but should be known: a period without rows, and the like.
    """

    rows: IntArray
    outcome: FloatArray
    treatment: FloatArray
    period: FloatArray
    adoption: FloatArray
    event_time: FloatArray
    weights: FloatArray
    log_exposure: FloatArray
    controls: FloatArray
    effects: tuple[IntArray, ...]
    units: IntArray
    clusters: IntArray
    left_out: dict[str, IntArray]
    cautions: tuple[str, ...] = ()

    def take(self, keep: BoolArray, reason: str) -> Sample:
        """Return the sample of the rows to keep, the others counted under the reason."""
        if keep.all():
            return self
        before = self.left_out.get(reason, np.empty(0, dtype=np.int64))
        places = np.sort(np.concatenate([before, self.rows[~keep]]))
        return Sample(
            rows=self.rows[keep],
            outcome=self.outcome[keep],
            treatment=self.treatment[keep],
            period=self.period[keep],
            adoption=self.adoption[keep],
            event_time=self.event_time[keep],
            weights=self.weights[keep],
            log_exposure=self.log_exposure[keep],
            controls=self.controls[keep],
            effects=tuple(recode(codes[keep]) for codes in self.effects),
            units=recode(self.units[keep]),
            clusters=recode(self.clusters[keep]),
            left_out=self.left_out | {reason: places},
            cautions=self.cautions,
        )

    @property
    def dropped(self) -> dict[str, int]:
        """Reason -> number of rows of the panel that are not used."""
        return {reason: len(places) for reason, places in self.left_out.items()}

    @property
    def observations(self) -> int:
        """How many rows are used."""
        return len(self.outcome)

    @property
    def unit_count(self) -> int:
        """How many units are used."""
        return count_different(self.units)

    @property
    def cluster_count(self) -> int:
        """How many clusters are used."""
        return count_different(self.clusters)

    @property
    def treated_cluster_count(self) -> int:
        """In how many clusters the treatment differs from zero at some time."""
        return count_different(self.clusters[self.treatment != 0])


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
    cautions = check_panel(panel, design, form)
    columns = read_columns(panel, design)
    keep, left_out = _choose_rows(columns, design, form)
    sample = _take(columns, keep, left_out, form, cautions)
    refuse(design, _remaining_problems(sample, design))
    return sample


def _choose_rows(
    columns: Columns, design: Design, form: OutcomeForm
) -> tuple[BoolArray, dict[str, IntArray]]:
    keep = np.ones(len(columns.outcome), dtype=np.bool_)
    left_out: dict[str, IntArray] = {}

    def drop(reason: str, rows: BoolArray) -> bool:
        found = np.flatnonzero(keep & rows)
        if len(found) == 0:
            return False
        before = left_out.get(reason, np.empty(0, dtype=np.int64))
        left_out[reason] = np.sort(np.concatenate([before, found]))
        keep[rows] = False
        return True

    # The logarithm was taken before, so that a zero cannot be told from what is not known.
    zero = ", or zero, which has no logarithm" if design.scale == "log" else ""
    drop(f"outcome missing{zero}", np.isnan(columns.outcome))
    drop("treatment missing", np.isnan(columns.treatment))
    drop("weight zero or missing", ~(columns.weights > 0))
    drop("exposure zero or missing", np.isnan(columns.log_exposure))
    drop("control missing", np.asarray(np.isnan(columns.controls).any(axis=1)))
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
            return keep, left_out


def _each(codes: IntArray, values: FloatArray, extreme: np.ufunc, keep: BoolArray) -> FloatArray:
    """Give each row the least or greatest value among the kept rows of its group."""
    worst = np.inf if extreme is np.minimum else -np.inf
    groups = np.full(codes.max() + 1, worst)
    extreme.at(groups, codes[keep], values[keep])
    return groups[codes]


def _lonely(codes: IntArray, keep: BoolArray) -> BoolArray:
    sizes = np.bincount(codes[keep], minlength=codes.max() + 1)
    return np.asarray(sizes[codes] == 1)


def _take(
    columns: Columns,
    keep: BoolArray,
    left_out: dict[str, IntArray],
    form: OutcomeForm,
    cautions: tuple[str, ...],
) -> Sample:
    outcome = columns.outcome[keep]
    log_exposure = columns.log_exposure[keep]
    left = recode if left_out else _as_they_are
    return Sample(
        rows=np.flatnonzero(keep),
        outcome=np.log(outcome) - log_exposure if form == "log" else outcome,
        treatment=columns.treatment[keep],
        period=columns.period[keep],
        adoption=columns.adoption[keep],
        event_time=(columns.period - columns.adoption)[keep],
        weights=columns.weights[keep],
        log_exposure=log_exposure,
        controls=columns.controls[keep],
        effects=tuple(left(codes[keep]) for codes in columns.effects),
        units=left(columns.units[keep]),
        clusters=left(columns.clusters[keep]),
        left_out=left_out,
        cautions=cautions,
    )


def _as_they_are(codes: IntArray) -> IntArray:
    return codes


def _remaining_problems(sample: Sample, design: Design) -> Iterator[Problem]:
    reasons = "; ".join(f"{count} rows: {reason}" for reason, count in sample.dropped.items())
    left = f"dropped were {reasons}" if reasons else "no row was dropped"
    if sample.observations == 0:
        yield Problem("no rows are left", design.outcome, left)
        return
    if np.ptp(sample.outcome) == 0:
        yield Problem("it has the same value in every row that is left", design.outcome, left)
    elif not _varies_within(sample.units, sample.outcome):
        hint = f"an effect is seen in changes over time; {left}"
        yield Problem("it is constant within every unit that is left", design.outcome, hint)
    if np.ptp(sample.treatment) == 0:
        value = sample.treatment[0]
        what = f"the treatment is {value:g} in every row that is left"
        yield Problem(what, design.treatment_column, left)
    if sample.cluster_count < 2:
        what = "fewer than two clusters are left"
        yield Problem(what, design.cluster, f"errors need several clusters; {left}")


def _varies_within(units: IntArray, values: FloatArray) -> bool:
    lowest, highest = np.full(units.max() + 1, np.inf), np.full(units.max() + 1, -np.inf)
    np.minimum.at(lowest, units, values)
    np.maximum.at(highest, units, values)
    return bool((highest > lowest).any())
