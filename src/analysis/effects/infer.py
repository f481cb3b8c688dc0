"""From an estimator's effects to a result: choose a method of inference, and apply it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.columns import count_different, period_labels
from analysis.effects.evidence import Averaging, Effects
from analysis.effects.inference.choose import choose
from analysis.effects.inference.degrees import refuse_exact_fit
from analysis.effects.inference.registry import get_method
from analysis.effects.inference.simultaneous import sup_t_from_vcov
from analysis.effects.inference.uncertainty import Case, Uncertainty
from analysis.effects.result import Result
from analysis.errors import DesignError, Problem, listing

__all__ = ["infer"]

FloatArray = NDArray[np.float64]

# Enough for a critical value that is good to about one per cent.
BAND_DRAWS = 20_000


def infer(case: Case, estimator: str) -> Result:
    """Work out how sure an estimator's effects are.

    Parameters
    ----------
    case
        The effects, what they were made from, and the choice of a method.
    estimator
        The estimator's name.

    Raises
    ------
    DesignError
        If the method cannot work on this evidence, if none was named and none is valid, or if the
        fit leaves too little to tell an error from.
    """
    effects, design = case.effects, case.design
    headline = _headline(effects, design.estimand, estimator)
    name, why = case.choices.method, ""
    if name == "auto":
        name, why = choose(case)
    method = get_method(name)
    if not method.fits(case):
        problem = Problem(f"it needs {method.needs}", name, "choose another, or leave it to 'auto'")
        raise DesignError(f"{name} cannot be used with {estimator}", [problem])
    if method.from_residuals:
        place = np.flatnonzero(effects.targets["averaging"] == headline)[0]
        refuse_exact_fit(case, int(place))
    found = method.function(case)
    sample = effects.sample
    return Result(
        design=design,
        estimator=estimator,
        estimand=effects.estimand if headline == effects.headline else _averages(headline),
        averaging=headline,
        estimates=_estimates(case, found),
        inference=found.words + (f"; {why}" if why else ""),
        inference_name=name,
        observations=sample.observations,
        units=sample.unit_count,
        clusters=sample.cluster_count,
        treated_clusters=sample.treated_cluster_count,
        library=effects.library,
        dropped=sample.dropped,
        left_out=sample.left_out,
        repeated=sample.observations - count_different(sample.rows),
        event_time_vcov=_without_reference(effects, found),
        cohort_weights=_label_cohorts(effects.cohort_weights, case),
        notes=(*sample.cautions, *effects.notes),
        details=effects.details,
    )


def _headline(effects: Effects, wanted: Averaging | None, estimator: str) -> Averaging:
    overalls = effects.targets.loc[effects.targets["kind"] == "overall", "averaging"]
    known = list(overalls)
    if wanted is None or wanted in known:
        return wanted or effects.headline
    hint = f"leave it out, or ask for {listing(known)}"
    problem = Problem(f"{estimator} has no average over {wanted!r}", "estimand", hint)
    raise DesignError("the overall effect cannot be given", [problem])


def _averages(headline: Averaging) -> str:
    over = {
        "cells": "all treated units and periods",
        "event_time": "event times since adoption",
        "cohort": "cohorts, weighted by their size",
        "calendar": "calendar periods with treated units",
    }
    return f"average effect on the treated over {over[headline]}"


def _estimates(case: Case, found: Uncertainty) -> pd.DataFrame:
    targets = case.effects.targets
    period = case.panel[case.design.period]
    frame = targets.assign(
        cohort=pd.Series(period_labels(targets["cohort"].to_numpy(), period), dtype="object"),
        period=pd.Series(period_labels(targets["period"].to_numpy(), period), dtype="object"),
        standard_error=found.standard_error,
        lower=found.lower,
        upper=found.upper,
        p_value=found.p_value,
        band_lower=np.nan,
        band_upper=np.nan,
    )
    if found.event_time_vcov is not None:
        times = (targets["kind"] == "event_time").to_numpy()
        critical = found.critical_value or sup_t_from_vcov(
            found.event_time_vcov, case.design.seed, degrees=found.degrees, draws=BAND_DRAWS
        )
        margin = critical * found.standard_error[times]
        frame.loc[times, "band_lower"] = frame.loc[times, "value"] - margin
        frame.loc[times, "band_upper"] = frame.loc[times, "value"] + margin
    return frame


def _without_reference(effects: Effects, found: Uncertainty) -> FloatArray | None:
    if found.event_time_vcov is None or not len(found.event_time_vcov):
        return None
    times = effects.targets.loc[effects.targets["kind"] == "event_time", "event_time"].to_numpy()
    free = np.flatnonzero(np.diag(found.event_time_vcov) > 0)
    order = free[np.argsort(times[free], kind="stable")]
    return found.event_time_vcov[np.ix_(order, order)]


def _label_cohorts(weights: pd.Series | None, case: Case) -> pd.Series | None:
    if weights is None:
        return None
    labels = period_labels(weights.index.to_numpy(dtype="float64"), case.panel[case.design.period])
    return pd.Series(weights.to_numpy(), index=pd.Index(labels, name="cohort"), name="weight")
