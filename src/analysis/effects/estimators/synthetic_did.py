"""Synthetic difference-in-differences, one fit for each cohort."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.checks import refuse
from analysis.effects.columns import period_labels
from analysis.effects.design import Design
from analysis.effects.estimators.cohort_averages import CohortAverages
from analysis.effects.estimators.controls import control_columns
from analysis.effects.estimators.degrees_left import degrees_left
from analysis.effects.estimators.identification import refuse_absorbed
from analysis.effects.evidence import Effects, Own
from analysis.effects.fixed_effects import FixedEffects, is_nested
from analysis.effects.group_time.wide import WidePanel, widen
from analysis.effects.sample import Sample, draw_sample
from analysis.effects.synthetic import CohortFit, fit_cohorts, jackknife, placebo
from analysis.errors import Problem

__all__ = ["NAME", "estimate_synthetic_did"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

NAME = "synthetic_did"
LIBRARY = f"diff-diff {version('diff-diff')}"
ESTIMAND = "average effect on the treated over all treated units and periods"

# As many as R's synthdid takes.
PLACEBO_DRAWS = 200
UNITS_SHOWN = 5
PERIODS_SHOWN = 3


def estimate_synthetic_did(panel: pd.DataFrame, design: Design) -> Effects:
    """Compare each cohort with a weighted mean of units that never adopt.

    Weights of units and of periods are such that the two are parallel before adoption; see
    `analysis.effects.synthetic.fit_cohort` (Arkhangelsky et al. 2021). Each cohort has weights of
    its own, and its effects are averaged with those of other cohorts by their number of units, so
    that each treated unit and period counts alike (ibid., appendix; Clarke et al. 2024). It is
    meant for few treated units.

    The panel must be balanced. Counts enter in logarithms, rates as they are, without weights.
    Controls are taken out first, with coefficients from a regression with unit and period effects
    on the rows before treatment, which are then taken as known. With anticipation, weights are
    found as if adoption came so much earlier, and the overall effect leaves out those periods.

    The covariance is that of placebo estimates, in which adoption dates are dealt out to controls:
    to clusters if adoption is constant within them, else to units. It takes noise to be alike among
    treated and controls, and is valid with a single treated one; tests use t with one degree less
    than there are controls, as their spread is what it is estimated from. If there are not more
    controls than treated, the jackknife with fixed weights takes its place. It needs two in each
    cohort and many of both: with sixteen districts its errors are far too small without an effect.

    Parameters
    ----------
    panel
        One row for each unit and period.
    design
        What is estimated; its treatment is an adoption period.

    Raises
    ------
    DesignError
        If the design cannot be estimated on the panel, has weights, the panel is not balanced, or
        no unit never adopts.

    Examples
    --------
    >>> rows = [(u, t, 4 if u == "a" else None, t * t % 3) for u in "abcd" for t in (1, 2, 3, 4, 5)]
    >>> panel = pd.DataFrame(rows, columns=["unit", "period", "adoption", "y"])
    >>> panel.loc[panel["period"] >= panel["adoption"], "y"] += 2
    >>> design = Design("y", "share", "adoption", "adoption", cluster="unit")
    >>> found = estimate_synthetic_did(panel, design)
    >>> found.targets.loc[found.targets["averaging"] == "cells", "value"].round(3).tolist()
    [2.0]
    """
    refuse(design, _unsupported(design))
    sample = draw_sample(panel, design, design.linear_form)
    sample = _usable_cohorts(sample, design)
    refuse(design, _problems(sample, panel, design))
    wide = widen(_without_controls(sample, design))
    start = _first_treated(wide, design)
    fits = fit_cohorts(wide.outcome, start)
    averages = CohortAverages(wide, start, design)
    effects = np.concatenate([fit.effects for fit in fits])[None, :]
    return Effects(
        averages.targets(averages.of(effects, averages.sizes[None, :])[0]),
        headline="cells",
        estimand=ESTIMAND,
        evidence=Own(
            lambda: _covariance(wide, start, averages, fits, design),
            valid_with_few=_adopters(wide, start, design).outnumbered,
            residual_degrees=degrees_left(
                sample, sample.event_time >= -design.anticipation, controls=len(design.controls)
            ),
        ),
        sample=sample,
        library=LIBRARY,
        cohort_weights=averages.cohort_weights(),
        cells=lambda: averages.cells(effects[0]),
        notes=tuple(_notes(design)),
    )


def _unsupported(design: Design) -> Iterator[Problem]:
    if design.weights is not None:
        hint = "leave them out; the method finds weights of its own"
        yield Problem("this estimator takes no weights", design.weights, hint)


def _usable_cohorts(sample: Sample, design: Design) -> Sample:
    """Leave out cohorts of which no change before, or no period after treatment can be seen."""
    end = sample.period.max()
    unseen = (sample.adoption > end) & (sample.adoption - design.anticipation <= end)
    sample = sample.take(~unseen, "cohort that adopts after the panel ends, but anticipates it")
    periods = np.unique(sample.period)
    acts = sample.adoption - design.anticipation
    early = np.searchsorted(periods, np.nan_to_num(acts, nan=np.inf)) < 2
    return sample.take(~early, "cohort with fewer than two periods before treatment")


def _problems(sample: Sample, panel: pd.DataFrame, design: Design) -> Iterator[Problem]:
    last = sample.period.max() if sample.observations else np.nan
    treated = sample.adoption - design.anticipation <= last
    if not treated.any():
        hint = "look at the adoption periods and at the rows that were dropped"
        yield Problem("no cohort has two periods before treatment", design.treatment_column, hint)
    if treated.all():
        hint = "a synthetic control is made of units that never adopt; take another estimator"
        yield Problem("every unit adopts", design.treatment_column, hint)
    periods, places = np.unique(sample.period, return_inverse=True)
    seen = np.zeros((sample.unit_count, len(periods)), dtype=np.bool_)
    seen[sample.units, places] = True
    lacking = np.flatnonzero(~seen.all(axis=1))
    if lacking.size:
        shown = [_gaps(int(unit), seen[unit], periods, sample, panel, design) for unit in lacking]
        listed = "; ".join(shown[:UNITS_SHOWN])
        more = f"; and {lacking.size - UNITS_SHOWN} more" if lacking.size > UNITS_SHOWN else ""
        reasons = ", ".join(f"{count} rows: {reason}" for reason, count in sample.dropped.items())
        what = f"{lacking.size} of {sample.unit_count} units lack periods: {listed}{more}"
        hint = "the panel must be balanced: keep the units or the periods that are complete"
        yield Problem(what, design.period, f"{hint} (dropped were {reasons})" if reasons else hint)


def _gaps(
    unit: int,
    seen: BoolArray,
    periods: FloatArray,
    sample: Sample,
    panel: pd.DataFrame,
    design: Design,
) -> str:
    row = sample.rows[np.flatnonzero(sample.units == unit)[0]]
    name = " ".join(str(panel[column].iloc[row]) for column in design.unit)
    missing = [str(label) for label in period_labels(periods[~seen], panel[design.period])]
    more = f" and {len(missing) - PERIODS_SHOWN} more" if len(missing) > PERIODS_SHOWN else ""
    return f"{name} lacks {', '.join(missing[:PERIODS_SHOWN])}{more}"


def _without_controls(sample: Sample, design: Design) -> Sample:
    """Subtract from the outcome what controls explain of it among rows before treatment."""
    if not design.controls:
        return sample
    columns, names = control_columns(sample, design)
    untreated = ~(sample.event_time >= -design.anticipation)
    codes = [np.unique(code[untreated], return_inverse=True)[1] for code in sample.effects]
    ones = np.ones(int(untreated.sum()))
    projection = FixedEffects(codes).project(ones)
    left = projection.residualise(columns[untreated])
    refuse_absorbed(columns[untreated], left, ones, names)
    outcome = projection.residualise(sample.outcome[untreated])
    coefficients = np.linalg.lstsq(left, outcome, rcond=None)[0]
    return dataclasses.replace(sample, outcome=sample.outcome - columns @ coefficients)


def _first_treated(wide: WidePanel, design: Design) -> IntArray:
    """Give the place of the first period in which each unit may be treated; T for never."""
    acts = np.nan_to_num(wide.adoption - design.anticipation, nan=np.inf)
    return np.searchsorted(wide.periods, acts).astype(np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class _Adopters:
    """What adopts together: clusters if each has one adoption date, else units."""

    groups: IntArray
    name: str
    controls: int
    treated: int

    @property
    def outnumbered(self) -> bool:
        """Whether there are controls enough to deal all adoption dates out to them."""
        return self.controls > self.treated


def _adopters(wide: WidePanel, start: IntArray, design: Design) -> _Adopters:
    groups, name = wide.clusters, f"clusters ({design.cluster})"
    if not is_nested(wide.clusters, start):
        groups, name = np.arange(len(start)), "units"
    never = start == len(wide.periods)
    controls, treated = (len(np.unique(groups[which])) for which in (never, ~never))
    return _Adopters(groups, name, controls, treated)


def _covariance(
    wide: WidePanel,
    start: IntArray,
    averages: CohortAverages,
    fits: list[CohortFit],
    design: Design,
) -> tuple[FloatArray, float, str]:
    adopters = _adopters(wide, start, design)
    if adopters.outnumbered:
        random = np.random.default_rng(design.seed)
        drawn = placebo(wide.outcome, start, adopters.groups, fits, PLACEBO_DRAWS, random)
        vcov = np.cov(averages.of(*drawn), rowvar=False, bias=True)
        degrees = adopters.controls - 1.0
        words = (
            f"{PLACEBO_DRAWS} placebo estimates among {adopters.controls} untreated "
            f"{adopters.name}, t with {adopters.controls - 1} degrees of freedom"
        )
        return np.atleast_2d(vcov), degrees, words
    # Who adopts when is given: cohorts count as with all clusters.
    without, _ = jackknife(wide.outcome, start, adopters.groups, fits)
    left_out = averages.of(without, averages.sizes[None, :])
    gaps = left_out - left_out.mean(axis=0)
    vcov = (len(gaps) - 1) / len(gaps) * gaps.T @ gaps
    words = (
        f"jackknife over {adopters.name} with fixed weights, as {adopters.treated} treated are no "
        f"fewer than the {adopters.controls} others, normal distribution"
    )
    return np.atleast_2d(vcov), np.inf, words


def _notes(design: Design) -> Iterator[str]:
    if design.comparison == "notyet":
        yield "cohorts are compared with units that never adopt only"
    if design.absorb:
        names = "; ".join(" x ".join(one) for one in design.absorb)
        yield f"fixed effects besides unit and period play no part here: {names}"
