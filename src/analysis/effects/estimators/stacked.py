"""The stacked event study, with the weights that make it an average of effects on the treated."""

from __future__ import annotations

import dataclasses
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from analysis.effects.cell_averages import CellAverages, average_cells
from analysis.effects.columns import recode
from analysis.effects.design import Design
from analysis.effects.estimators.controls import with_controls
from analysis.effects.estimators.linear import OWN_LIBRARY, fit_linear
from analysis.effects.estimators.sub_experiments import (
    Window,
    clean_controls,
    cohorts_of,
    window_of,
)
from analysis.effects.estimators.weights import cohort_weights
from analysis.effects.evidence import Effects, target_frame
from analysis.effects.sample import Sample, draw_sample
from analysis.effects.untreated_outcome import indicators
from analysis.errors import DesignError, Problem

__all__ = ["NAME", "estimate_stacked"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

NAME = "stacked"


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class _Stack:
    """Rows of all sub-experiments, one below the other; rows of controls stand in several.

    Attributes
    ----------
    sample
        The rows, their weights corrected.
    event_time
        Periods since the adoption of the sub-experiment's cohort; NaN for its controls, (n,).
    """

    sample: Sample
    event_time: FloatArray


def estimate_stacked(panel: pd.DataFrame, design: Design) -> Effects:
    r"""Stack a sub-experiment for each cohort, and estimate one event study on all of them.

    Sub-experiment a holds the cohort a and its clean controls, in the event window around the
    cohort's adoption; only cohorts observed throughout the window have one (Cengiz, Dube, Lindner
    and Zipperer 2019). Clean controls do not adopt within the window.

    .. math:: y_{iat} = \alpha_{ia} + \lambda_{at}
              + \sum_{k \neq r} \beta_k 1\{i \in a, t - a = k\} + \varepsilon_{iat}

    Without weights the :math:`\beta_k` weigh cohorts by their sizes and by the variance of
    treatment in their sub-experiments. So controls get the weight
    :math:`(N^D_a / N^D) / (N^C_a / N^C)` of Wing, Freedman and Hollingsworth (2024), with N the
    treated (D) and control (C) rows, by the design's weights: each :math:`\beta_k` is then the
    average effect k periods after adoption, cohorts counting by their sizes, the same cohorts at
    every k. The overall effect is the mean over the window from adoption on. A unit's rows in
    several sub-experiments lie in the same cluster.

    Parameters
    ----------
    panel
        One row for each unit and period.
    design
        What is estimated; its treatment is an adoption period. Without an event window, the widest
        in which every cohort is observed is taken.

    Raises
    ------
    DesignError
        If the design cannot be estimated on the panel, or no cohort is observed throughout the
        window and has clean controls.

    Examples
    --------
    >>> rows = [(u, t, 3 if u == "a" else None, len(u) + t) for u in ("a", "bb") for t in range(6)]
    >>> panel = pd.DataFrame(rows, columns=["unit", "period", "adoption", "y"])
    >>> panel.loc[panel["period"] >= panel["adoption"], "y"] += 2
    >>> design = Design("y", "share", "adoption", "adoption", cluster="unit")
    >>> float(estimate_stacked(panel, design).targets["value"].iloc[0].round(9))
    2.0
    """
    sample = draw_sample(panel, design, design.linear_form)
    window = window_of(sample, design)
    stack, notes = _stack(sample, design, window)
    times = np.unique(stack.event_time[~np.isnan(stack.event_time)])
    times = times[times != design.reference]
    dummies = (stack.event_time[:, None] == times).astype("float64")
    names = [f"event time {time:g}" for time in times]
    regression = fit_linear(stack.sample, *with_controls(stack.sample, design, dummies, names))
    rows = np.eye(len(times), regression.regressors.shape[1])
    after = (times >= 0) / (times >= 0).sum()
    gradient = np.vstack([after @ rows, 0 * rows[:1], rows])
    values = gradient @ regression.fit.coefficients
    return Effects(
        pd.concat(
            [
                target_frame("overall", values[:1], averaging="event_time"),
                target_frame("event_time", values[1:], event_time=[design.reference, *times]),
            ],
            ignore_index=True,
        ),
        headline="event_time",
        estimand=f"average effect on the treated, 0 to {window[1]} periods after adoption, "
        "of cohorts observed throughout the window",
        evidence=dataclasses.replace(regression, gradient=gradient),
        sample=stack.sample,
        library=OWN_LIBRARY,
        cohort_weights=cohort_weights(stack.sample, regression, gradient[0]),
        cells=partial(_cells, stack, design),
        notes=notes,
    )


def _stack(sample: Sample, design: Design, window: Window) -> tuple[_Stack, tuple[str, ...]]:
    first, last = window
    rows: list[IntArray] = []
    stack: list[IntArray] = []
    event_time: list[FloatArray] = []
    cohorts = cohorts_of(sample)
    for place, cohort in enumerate(cohorts):
        start, end = cohort + first, cohort + last
        inside = (sample.period >= start) & (sample.period <= end)
        treated = inside & (sample.adoption == cohort)
        controls = inside & clean_controls(sample, design, cohort, end)
        whole = start >= sample.period.min() and end <= sample.period.max()
        at_reference = sample.event_time == design.reference
        if not (whole and controls.any() and (treated & at_reference).any()):
            continue
        both = np.flatnonzero(treated | controls)
        rows.append(both)
        stack.append(np.full(len(both), place))
        event_time.append(np.where(treated[both], sample.period[both] - cohort, np.nan))
    if not rows:
        what = f"no cohort is observed from {first} to {last} periods after adoption with controls"
        problem = Problem(what, design.treatment_column, "choose a shorter event window")
        raise DesignError(f"the effect on {design.outcome!r} cannot be estimated", [problem])
    notes = []
    if len(rows) < len(cohorts):
        lost = len(cohorts) - len(rows)
        notes.append(f"{lost} of {len(cohorts)} cohorts do not fit the window or lack controls")
    chosen = _rows(sample, np.concatenate(rows), np.concatenate(stack))
    return _Stack(
        _corrected(chosen, np.concatenate(event_time), np.concatenate(stack)),
        np.concatenate(event_time),
    ), tuple(notes)


def _cells(stack: _Stack, design: Design) -> CellAverages:
    """Estimate the effects on each cohort apart, and weigh them by its rows.

    In a balanced panel without controls their averages are the coefficients of the regression.
    """
    sample, time = stack.sample, stack.event_time
    inside = ~np.isnan(time) & (time != design.reference)
    pairs, places = np.unique(
        np.stack([sample.adoption[inside], time[inside]], axis=1), axis=0, return_inverse=True
    )
    codes = np.full(len(time), -1, dtype=np.int64)
    codes[inside] = places.reshape(-1)
    cohort, elapsed = pairs.T
    names = [f"cohort {one:g} at event time {k:g}" for one, k in pairs]
    dummies = indicators(codes).toarray()
    regression = fit_linear(sample, *with_controls(sample, design, dummies, names))
    times = np.unique(elapsed)
    weights = (elapsed == times[:, None]) * np.bincount(codes[inside], sample.weights[inside])
    after = np.where(times >= 0, 1.0, 0.0)
    return average_cells(
        cohort,
        cohort + elapsed,
        regression.fit.coefficients[: len(pairs)],
        sparse.csr_array(weights / weights.sum(axis=1, keepdims=True)),
        sparse.csr_array(np.column_stack([after / after.sum(), 0 * after, np.eye(len(times))])),
    )


def _rows(sample: Sample, rows: IntArray, stack: IntArray) -> Sample:
    """Repeat rows of a sample; fixed effects are apart in each sub-experiment."""
    unused = np.delete(sample.rows, np.unique(rows))
    reason = "in no cohort's window as treated or clean control"
    return dataclasses.replace(
        sample,
        rows=sample.rows[rows],
        outcome=sample.outcome[rows],
        treatment=sample.treatment[rows],
        period=sample.period[rows],
        adoption=sample.adoption[rows],
        event_time=sample.event_time[rows],
        weights=sample.weights[rows],
        log_exposure=sample.log_exposure[rows],
        controls=sample.controls[rows],
        effects=tuple(
            recode(codes[rows] * (int(stack.max()) + 1) + stack) for codes in sample.effects
        ),
        units=recode(sample.units[rows]),
        clusters=recode(sample.clusters[rows]),
        left_out=sample.left_out | ({reason: unused} if len(unused) else {}),
    )


def _corrected(sample: Sample, event_time: FloatArray, stack: IntArray) -> Sample:
    """Weigh controls so that they are to the treated in each sub-experiment as they are in all."""
    control = np.isnan(event_time)
    of_controls = np.bincount(stack, sample.weights * control)
    of_treated = np.bincount(stack, sample.weights * ~control)
    used = of_treated > 0
    share = np.zeros(len(used))
    share[used] = (of_treated[used] / of_treated.sum()) / (of_controls[used] / of_controls.sum())
    weights = sample.weights * np.where(control, share[stack], 1.0)
    return dataclasses.replace(sample, weights=weights)
