"""A coefficient for each cohort in each period, and its averages: what several estimators share.

A regression in which each cohort has an effect of its own in each period compares nothing that is
already treated with anything else, so no effect enters another with a negative weight (Sun and
Abraham 2021; Wooldridge 2021). What is reported are averages of these effects; the shares of the
cohorts and periods in them are taken as fixed.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from analysis.effects.cell_averages import cells_of_rows
from analysis.effects.design import Comparison, Design
from analysis.effects.estimators.row_averages import average_rows
from analysis.effects.evidence import Effects, Regression, target_frame
from analysis.effects.sample import Sample
from analysis.effects.untreated_outcome import indicators
from analysis.errors import DesignError, Problem

__all__ = ["ESTIMAND", "Cells", "effects_from_cells", "form_cells"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

ESTIMAND = "average effect on the treated over all treated units and periods"


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The pairs of cohort and period that have an effect of their own.

    Attributes
    ----------
    sample
        The rows that can be used. Adoption and event time are missing also for units that adopt
        after the sample ends, which serve as controls.
    codes
        The cell of each row, -1 for rows that are controls, shape (n,).
    cohort, period
        Of the cells, shape (C,).
    names
        What to call the cells, C of them.
    before
        Whether there are cells before adoption.
    notes
        What a reader must know of cohorts that cannot be compared.
    """

    sample: Sample
    codes: IntArray
    cohort: FloatArray
    period: FloatArray
    names: list[str]
    before: bool
    notes: tuple[str, ...]

    @property
    def dummies(self) -> FloatArray:
        """One column for each cell, shape (n, C)."""
        return np.asarray(indicators(self.codes).toarray())


def form_cells(sample: Sample, design: Design, comparison: Comparison) -> Cells:
    """Divide the rows into cells and controls.

    With ``notyet`` as comparison, rows before adoption (and its anticipation) are controls. With
    ``never``, only units that never adopt and each cohort's period of reference are; every other
    period has a cell. If every unit adopts, the last cohort takes the place of those that never
    do, and the periods from its adoption (and its anticipation) on are dropped.

    Raises
    ------
    DesignError
        If nothing is left to compare with, or no treated row is left.
    """
    sample = _without_late_adopters(sample, design)
    notes: list[str] = []
    if comparison == "never" and not np.isnan(sample.event_time).any():
        last = sample.adoption.max()
        notes.append(f"no unit never adopts; the last cohort, of {last:g}, is the comparison")
        keep = sample.period < last - design.anticipation
        sample = sample.take(keep, "last cohort adopts, which the others are compared with")
        sample = _without_late_adopters(sample, design)
    while True:
        inside = _inside(sample, design, comparison)
        # A period without controls, or a cohort without its reference, cannot be compared.
        period_seen = np.isin(sample.period, sample.period[~inside])
        cohort_seen = np.isin(sample.adoption, sample.adoption[~inside]) | ~inside
        if (period_seen & cohort_seen).all():
            break
        before = np.unique(sample.adoption[sample.event_time >= 0])
        sample = sample.take(period_seen, "no control is observed in the period")
        kept = cohort_seen[period_seen]
        sample = sample.take(kept, "cohort is not observed before adoption and anticipation")
        gone = np.setdiff1d(before, np.unique(sample.adoption[sample.event_time >= 0]))
        if len(gone):
            notes.append(f"{len(gone)} of {len(before)} cohorts have no clean comparison")
    if not (sample.event_time >= 0).any():
        dropped = "; ".join(f"{count} rows: {reason}" for reason, count in sample.dropped.items())
        what = "no row under treatment has a control to be compared with"
        problem = Problem(what, design.treatment_column, f"dropped were {dropped or 'no rows'}")
        raise DesignError(f"the effect on {design.outcome!r} cannot be estimated", [problem])
    pairs = np.stack([sample.adoption[inside], sample.period[inside]], axis=1)
    known, places = np.unique(pairs, axis=0, return_inverse=True)
    codes = np.full(sample.observations, -1, dtype=np.int64)
    codes[inside] = places.reshape(-1)
    names = [f"cohort {cohort:g} in period {period:g}" for cohort, period in known]
    cohort, period = known[:, 0], known[:, 1]
    return Cells(sample, codes, cohort, period, names, comparison == "never", tuple(notes))


def effects_from_cells(
    cells: Cells, design: Design, regression: Regression, library: str
) -> Effects:
    """Average the effects of cells, which are the first coefficients of a linear regression.

    Effects before adoption are averaged by event time only. Event times outside the design's
    window are not reported, but take part in the averages over cells, cohorts and periods.
    """
    sample = cells.sample
    averages = average_rows(sample, design, before=cells.before)
    gradient = (indicators(cells.codes).T @ (averages.loads @ averages.mix)).toarray().T
    frames = [averages.targets]
    if cells.before:
        # The averages hold the cells after adoption; those before it, and the reference, follow.
        times = cells.period - cells.cohort
        early = np.flatnonzero(times < design.reference)
        one_each = np.eye(len(times))[early]
        gradient = np.vstack([gradient, one_each, np.zeros((1, len(times)))])
        frames.append(
            target_frame(
                "group_time",
                np.zeros(len(early)),
                cohort=cells.cohort[early],
                period=cells.period[early],
                event_time=times[early],
            )
        )
        frames.append(target_frame("event_time", [0.0], event_time=[design.reference]))
    rest = regression.regressors.shape[1] - len(cells.names)
    gradient = np.hstack([gradient, np.zeros((len(gradient), rest))])
    values = gradient @ regression.fit.coefficients
    targets = pd.concat(frames, ignore_index=True).assign(value=values)
    # Effects of single cells before adoption, and the reference, are not averages.
    others = sparse.csr_array((averages.mix.shape[0], len(targets) - len(averages.targets)))
    mix = sparse.hstack([averages.mix, others], format="csr")
    effects = np.append(regression.fit.coefficients[: len(cells.names)], np.nan)[cells.codes]
    return Effects(
        targets,
        headline="cells",
        estimand=ESTIMAND,
        evidence=dataclasses.replace(regression, gradient=gradient),
        sample=sample,
        library=library,
        cohort_weights=averages.cohort_weights(sample, design.estimand or "cells"),
        cells=partial(cells_of_rows, sample.adoption, sample.period, effects, averages.loads, mix),
        notes=cells.notes,
    )


def _without_late_adopters(sample: Sample, design: Design) -> Sample:
    """Count units as never adopting that do so only after the sample ends."""
    late = sample.adoption - design.anticipation > sample.period.max()
    missing = np.where(late, np.nan, sample.adoption)
    return dataclasses.replace(sample, adoption=missing, event_time=sample.period - missing)


def _inside(sample: Sample, design: Design, comparison: Comparison) -> NDArray[np.bool_]:
    # Comparisons are false for units that never adopt, whose event time is missing.
    if comparison == "notyet":
        return np.asarray(sample.event_time >= -design.anticipation)
    return np.asarray((sample.event_time != design.reference) & ~np.isnan(sample.event_time))
