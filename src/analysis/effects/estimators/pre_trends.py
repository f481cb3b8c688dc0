"""A test of parallel trends that uses untreated rows only (Borusyak, Jaravel and Spiess 2024)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.effects.columns import recode
from analysis.effects.design import Design
from analysis.effects.estimators.first_stage import FirstStage
from analysis.effects.fixed_effects import FixedEffects, parameters_used
from analysis.effects.inference.clustered import small_sample_factor
from analysis.effects.untreated_outcome import indicators

__all__ = ["PreTrends", "estimate_pre_trends"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# A lead of which a smaller share of the variation is left by the others and by the fixed effects
# is one of their combinations.
EXPLAINED = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class PreTrends:
    """Coefficients of periods before adoption.

    Attributes
    ----------
    event_times
        In order, shape (L,).
    coefficients
        Shape (L,).
    contributions
        What units contribute to their error, shape (m, L).
    notes
        Leads of the design's window that have no coefficient.
    """

    event_times: FloatArray
    coefficients: FloatArray
    contributions: FloatArray
    notes: tuple[str, ...]


def estimate_pre_trends(first: FirstStage, design: Design) -> PreTrends:
    """Regress the untreated outcome on leads of the treatment, beside the first stage's model.

    The leads begin where the design's event window does; without a window there are as many as
    leave every cohort one earlier untreated period to be measured from, so that all cohorts enter
    each, but one at least. All earlier rows, and units that never adopt, are the reference. Leads
    that the model and later leads explain are left out, the earliest first.

    The contributions carry the root of the factor G / (G - 1) * (N - 1) / (N - K) of a regression
    with fixed effects: their sandwich within clusters is then what R's ``didimputation`` reports.

    Parameters
    ----------
    first
        The first stage.
    design
        Gives the event window and the anticipation.
    """
    sample, weights = first.sample, np.where(first.untreated, first.sample.weights, 0.0)
    # The latest lead first, for the earliest to be left out.
    times = _lead_times(first, design)[::-1]
    leads = indicators(_places(sample.event_time, times))
    gram = first.model.gram_left(leads)
    kept = _identified(gram, leads.T @ weights)
    factor = _factor(first, kept)
    if factor is None:
        nothing = np.empty(0)
        why = "no pre-trend can be tested: the untreated rows are too few for a lead"
        return PreTrends(nothing, nothing, np.empty((sample.unit_count, 0)), (why,))
    notes = _notes(times, kept)
    times, leads, gram = times[:kept], leads[:, :kept], gram[:kept, :kept]
    loads = leads.multiply(weights[:, None]).tocsr()
    coefficients = np.linalg.solve(gram, loads.T @ first.effects)
    residuals = first.model.residualise(sample.outcome - leads @ coefficients)
    scores = (indicators(sample.units).T @ loads.multiply(residuals[:, None])).toarray()
    scores -= first.model.error_shares(residuals, loads, sample.units)
    contributions = np.sqrt(factor) * np.linalg.solve(gram, scores.T).T
    return PreTrends(times[::-1], coefficients[::-1], contributions[:, ::-1], notes)


def _lead_times(first: FirstStage, design: Design) -> FloatArray:
    sample = first.sample
    # The comparison is false for units that never adopt, whose event time is missing.
    before = sample.event_time <= design.reference
    observed = np.unique(sample.event_time[before])
    if design.event_window is not None:
        return observed[observed >= design.event_window[0]]
    cohorts = np.unique(sample.adoption[before])
    periods = [len(np.unique(sample.period[before & (sample.adoption == one)])) for one in cohorts]
    return observed[-max(1, min(periods, default=1) - 1) :]


def _places(event_time: FloatArray, times: FloatArray) -> IntArray:
    codes = np.full(len(event_time), -1, dtype=np.int64)
    for place, time in enumerate(times):
        codes[event_time == time] = place
    return codes


def _identified(gram: FloatArray, weights: FloatArray) -> int:
    """Count the leads, from the first on, of which the model and the leads before leave some."""
    scale = np.sqrt(weights)
    scaled = gram / np.outer(scale, scale)
    count = 0
    while count < len(scaled):
        solved = np.linalg.lstsq(scaled[:count, :count], scaled[:count, count], rcond=None)[0]
        if scaled[count, count] - scaled[count, :count] @ solved <= EXPLAINED:
            break
        count += 1
    return count


def _factor(first: FirstStage, leads: int) -> float | None:
    """Return the factor of the regression on untreated rows; None if it cannot be estimated."""
    untreated = first.untreated
    clusters = recode(first.sample.clusters[untreated])
    effects = [recode(codes[untreated]) for codes in first.sample.effects]
    used = parameters_used(leads + first.controls, effects, FixedEffects(effects), clusters)
    if leads == 0 or untreated.sum() <= used:
        return None
    return small_sample_factor(int(clusters.max()) + 1, int(untreated.sum()), used)


def _notes(times: FloatArray, kept: int) -> tuple[str, ...]:
    if kept == len(times):
        return ()
    earliest = f"{times[kept - 1]:g}"
    return (f"pre-trends are tested from event time {earliest} on: none earlier is identified",)
