"""Bias-reduced, two-way and Driscoll-Kraay errors as methods of inference."""

from __future__ import annotations

import dataclasses
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analysis.effects.evidence import Regression
from analysis.effects.fixed_effects import parameters_used
from analysis.effects.inference.bias_reduced import bias_reduced
from analysis.effects.inference.degrees import no_error
from analysis.effects.inference.driscoll_kraay import driscoll_kraay_vcov, usual_lags
from analysis.effects.inference.methods import from_vcov
from analysis.effects.inference.two_way import two_way_vcov
from analysis.effects.inference.uncertainty import Case, Uncertainty

__all__ = ["driscoll_kraay", "reduced", "two_way"]

FloatArray = NDArray[np.float64]


def reduced(case: Case) -> Uncertainty:
    """Correct scores for leverage: CR2 or CR3, t with Satterthwaite's degrees of freedom.

    The degrees are worked out under equal variances in a linear model, and under variances in
    proportion to the mean in a Poisson or logit model.
    """
    evidence = _regression(case)
    kind: Literal["CR2", "CR3"] = "CR2" if case.choices.method == "CR2" else "CR3"
    vcov, degrees = bias_reduced(
        evidence.fit,
        case.effects.sample.effects,
        evidence.gradient,
        kind,
        variances="equal" if evidence.link == "identity" else "inverse_weights",
    )
    freedom = degrees[0]
    words = (
        f"clustered by {case.design.cluster} ({kind}), t with Satterthwaite's degrees of freedom, "
        f"{freedom:.1f} for the overall effect ({case.clusters} clusters)"
    )
    return from_vcov(case, vcov, degrees, words)


def two_way(case: Case) -> Uncertainty:
    """Cluster by the cluster and by period (Cameron, Gelbach and Miller 2011).

    The variance is a difference, and in a small panel can come out negative. There is no error
    then; to call it zero, as packages do, would make the effect look certain.

    Raises
    ------
    DesignError
        If the variance of an overall effect is negative.
    """
    evidence, sample = _regression(case), case.effects.sample
    periods = np.unique(sample.period, return_inverse=True)[1].astype(np.int64)
    coefficients = evidence.gradient.shape[1] - evidence.fit.directions
    used = parameters_used(coefficients, sample.effects, evidence.effects, sample.clusters, periods)
    vcov = _through(evidence, two_way_vcov(evidence.fit, periods, used))
    negative = np.diag(vcov) < 0
    if negative[case.effects.targets["kind"] == "overall"].any():
        what = f"clustered by {case.design.cluster} and by period, its variance is negative"
        hint = "cluster in one way, or take more clusters and periods"
        raise no_error(f"{what}, as happens with few of either", hint, case.design)
    fewer = min(case.clusters, int(periods.max()) + 1)
    words = (
        f"clustered by {case.design.cluster} and by period, small-sample factor of the fewer, "
        f"t with {fewer - 1} degrees of freedom"
    )
    found = from_vcov(case, vcov, fewer - 1, words)
    error, lower, upper = (
        np.where(negative, np.nan, part)
        for part in (found.standard_error, found.lower, found.upper)
    )
    return dataclasses.replace(found, standard_error=error, lower=lower, upper=upper)


def driscoll_kraay(case: Case) -> Uncertainty:
    """Allow for any correlation between units, fading over time (Driscoll and Kraay 1998)."""
    evidence, sample = _regression(case), case.effects.sample
    periods = len(np.unique(sample.period))
    vcov = driscoll_kraay_vcov(evidence.fit, sample.period)
    words = (
        f"Driscoll-Kraay, Bartlett kernel with {usual_lags(periods)} lags, t with {periods - 1} "
        "degrees of freedom"
    )
    return from_vcov(case, _through(evidence, vcov), periods - 1, words)


def _regression(case: Case) -> Regression:
    assert isinstance(case.effects.evidence, Regression)
    return case.effects.evidence


def _through(evidence: Regression, vcov: FloatArray) -> FloatArray:
    return np.asarray(evidence.gradient @ vcov @ evidence.gradient.T)
