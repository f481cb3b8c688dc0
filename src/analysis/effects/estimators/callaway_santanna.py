"""Callaway and Sant'Anna's effects by cohort and period, and their averages."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from analysis.effects.cell_averages import CellAverages, average_cells
from analysis.effects.columns import period_labels
from analysis.effects.design import Design, Estimand
from analysis.effects.estimators.degrees_left import degrees_left
from analysis.effects.evidence import Effects, Influence, target_frame
from analysis.effects.group_time.attgt import GroupTime, LeftOut, estimate_group_time
from analysis.effects.group_time.averages import Averages, average, weights_of_cells
from analysis.effects.group_time.pretest import wald_test
from analysis.effects.group_time.wide import WidePanel, widen
from analysis.effects.sample import Sample, draw_sample
from analysis.errors import DesignError, Problem

__all__ = ["NAME", "estimate_callaway_santanna"]

FloatArray = NDArray[np.float64]

NAME = "callaway_santanna"
LIBRARY = "analysis.effects.group_time"
ESTIMAND = "average effect on the treated over all treated units and periods"

# The errors of single cells are handed on up to this many numbers (1.6 GB), averages always.
LARGEST_TABLE = 200_000_000
# More effects before adoption than this are not tested together: the test would have no power.
MOST_TESTED = 200


def estimate_callaway_santanna(panel: pd.DataFrame, design: Design) -> Effects:
    r"""Estimate the effect on each cohort in each period, and average.

    .. math:: ATT(g, t) = E[Y_t - Y_b \mid G = g] - E[Y_t - Y_b \mid \text{not treated by } t],
              \qquad b = g - 1 - \text{anticipation}

    Counts enter in logarithms, rates as they are. Nothing is assumed about how effects differ
    between cohorts or build up; trends without the treatment must be parallel between a cohort and
    those it is compared with, given the controls if there are any, from the base period on
    (Callaway and Sant'Anna 2021).

    The base period, the units compared with and how gaps in the panel are treated are described at
    `analysis.effects.group_time.attgt.estimate_group_time`, how weights are at
    `analysis.effects.group_time.wide.widen`. Averages by event time are those in the design's
    event window. Averages leave out cells that could not be estimated, which the notes name.

    Parameters
    ----------
    panel
        One row for each unit and period.
    design
        What is estimated; its treatment is an adoption period.

    Raises
    ------
    DesignError
        If the design cannot be estimated on the panel, or no effect after adoption can.

    Examples
    --------
    >>> rows = [(u, t, 3 if u == "a" else None, 10 + t) for u in "abc" for t in (1, 2, 3, 4)]
    >>> names = ["unit", "period", "adoption_period", "complaints"]
    >>> panel = pd.DataFrame(rows, columns=names)
    >>> panel.loc[panel["period"] >= panel["adoption_period"], "complaints"] *= 2
    >>> design = Design("complaints", "count", "adoption", "adoption_period", cluster="unit")
    >>> found = estimate_callaway_santanna(panel, design)
    >>> found.targets.loc[found.targets["averaging"] == "cells", "value"].round(3).tolist()
    [0.693]
    """
    sample = draw_sample(panel, design, design.linear_form)
    wide = widen(sample)
    effects = estimate_group_time(
        wide,
        comparison=design.comparison,
        base=design.base,
        anticipation=design.anticipation,
        adjustment=design.adjustment,
    )
    period = panel[design.period]
    window = design.event_window or (-np.inf, np.inf)
    _need_treated_cells(effects, design, window, period)
    averages = average(effects, window)
    targets, contributions, too_many = _targets(effects, averages)
    cells = _cells(effects, averages, listed=not too_many)
    return Effects(
        targets,
        headline="cells",
        estimand=ESTIMAND,
        evidence=Influence(contributions, wide.clusters, _degrees_left(sample, design)),
        sample=sample,
        library=LIBRARY,
        cohort_weights=_cohort_weights(effects, design.estimand or "cells", window),
        cells=lambda: cells,
        notes=(*_notes(effects, wide, sample, design, period), *too_many),
        details=_pretest(effects, wide, design),
    )


def _degrees_left(sample: Sample, design: Design) -> int:
    # Compared with those who never adopt, a cohort has effects before it adopts, too.
    since = -design.anticipation if design.comparison == "notyet" else -np.inf
    return degrees_left(sample, sample.event_time >= since, controls=len(design.controls))


def _pretest(effects: GroupTime, wide: WidePanel, design: Design) -> dict[str, object]:
    """Test all effects before adoption and its anticipation, unless they are too many to test."""
    before = effects.period - effects.cohort <= design.reference
    if not 0 < before.sum() < min(MOST_TESTED, wide.clusters.max() + 1):
        return {}
    found = wald_test(effects.att[before], effects.contributions[:, before], wide.clusters)
    if np.isnan(found.statistic):
        return {}
    return {"test of effects before adoption": dataclasses.asdict(found)}


def _need_treated_cells(
    effects: GroupTime, design: Design, window: tuple[float, float], period: pd.Series
) -> None:
    after = effects.treated & (effects.period - effects.cohort <= window[1])
    if not after.any():
        hint = "look at the periods, the comparison, the anticipation and the controls"
        problems = [
            Problem(_words(left, period), design.treatment_column, hint)
            for left in effects.left_out
        ]
        nothing = Problem("no cohort is observed after adoption", design.treatment_column, hint)
        raise DesignError("no effect after adoption can be estimated", problems or [nothing])


def _targets(
    effects: GroupTime, averages: Averages
) -> tuple[pd.DataFrame, FloatArray, tuple[str, ...]]:
    """Put all targets below each other, and the contributions to them side by side."""
    overall = [(name, averages.overall[name]) for name in get_args(Estimand)]
    frames = [target_frame("overall", one.value, averaging=name) for name, one in overall]
    columns = [one.contributions for _, one in overall]
    by_time, by_cohort, by_period = averages.event_time, averages.cohort, averages.calendar
    frames += [
        target_frame("event_time", by_time.value, event_time=by_time.key),
        target_frame("cohort", by_cohort.value, cohort=by_cohort.key),
        target_frame("calendar", by_period.value, period=by_period.key),
    ]
    columns += [by_time.contributions, by_cohort.contributions, by_period.contributions]
    notes: tuple[str, ...] = ()
    if effects.contributions.size <= LARGEST_TABLE:
        event_time = effects.period - effects.cohort
        frames.append(
            target_frame(
                "group_time",
                effects.att,
                cohort=effects.cohort,
                period=effects.period,
                event_time=event_time,
            )
        )
        columns.append(effects.contributions)
    else:
        notes = ("effects by cohort and period are too many to be listed with their errors",)
    return pd.concat(frames, ignore_index=True), np.concatenate([one.T for one in columns]).T, notes


def _cohort_weights(
    effects: GroupTime, estimand: Estimand, window: tuple[float, float]
) -> pd.Series:
    weights = weights_of_cells(effects, estimand, window)
    return (
        pd.Series(weights[effects.treated], index=effects.cohort[effects.treated])
        .groupby(level=0)
        .sum()
    )


def _cells(effects: GroupTime, averages: Averages, *, listed: bool) -> CellAverages:
    """Say how the targets, in the order of `_targets`, are made of effects by cohort and period."""
    parts = averages.event_time, averages.cohort, averages.calendar
    overall = [averages.overall[name] for name in get_args(Estimand)]
    count = len(effects.att) if listed else 0
    weights = [overall[0], *parts]
    # Besides the one over cells, an overall effect is a mean of one part; then come the parts.
    shares = [sparse.eye_array(1), *(one.weights.T for one in overall[1:])]
    means = sparse.block_diag([*shares, sparse.csr_array((count, 0))])
    return average_cells(
        effects.cohort,
        effects.period,
        effects.att,
        sparse.vstack(
            [*(one.weights for one in weights), sparse.eye_array(count, len(effects.att))]
        ),
        sparse.hstack([means, sparse.eye_array(means.shape[0], format="csr")[:, 1:]]),
    )


def _notes(
    effects: GroupTime, wide: WidePanel, sample: Sample, design: Design, period: pd.Series
) -> Iterator[str]:
    yield from (_words(left, period) for left in effects.left_out)
    cohorts = np.unique(effects.cohort)
    alone = [one for one in cohorts if (effects.adoption == one).sum() == 1]
    if alone:
        names = ", ".join(map(str, period_labels(alone, period)))
        yield (
            f"cohorts of a single unit: {names}; how its outcome varies by chance cannot be told "
            "from one unit, so that errors of their effects are too small"
        )
    if (sample.weights != wide.weights[sample.units]).any():
        yield "weights change over time; each unit has that of its first period throughout"
    if np.isnan(wide.outcome).any():
        yield (
            "units are not observed in all periods; each comparison uses those observed in both "
            "of its periods"
        )
    if design.absorb:
        names = "; ".join(" x ".join(one) for one in design.absorb)
        yield f"fixed effects besides unit and period play no part here: {names}"


def _words(left: LeftOut, period: pd.Series) -> str:
    cohort = period_labels([left.cohort], period)[0]
    if not left.periods:
        return f"cohort {cohort} has no effect of its own: {left.reason}"
    labels = [str(one) for one in period_labels(left.periods, period)]
    if len(labels) > 3:
        labels = [labels[0], "...", labels[-1], f"({len(labels)} periods)"]
    return f"cohort {cohort} has no effect in {' '.join(labels)}: {left.reason}"
