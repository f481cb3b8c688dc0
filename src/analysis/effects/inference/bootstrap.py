"""The bootstraps as methods of inference, each target on its own."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from analysis.effects.evidence import Influence, Regression
from analysis.effects.inference.clustered import clustered_vcov
from analysis.effects.inference.fit import bread_of, cluster_sums
from analysis.effects.inference.invert import Bootstrap
from analysis.effects.inference.methods import FACTORS, from_vcov
from analysis.effects.inference.multiplier import multiplier_bootstrap
from analysis.effects.inference.score_bootstrap import score_bootstrap
from analysis.effects.inference.uncertainty import Case, Uncertainty, by_t
from analysis.effects.inference.wild_cluster import wild_cluster
from analysis.errors import DesignError, Problem

__all__ = ["multiplier", "wild"]

FloatArray = NDArray[np.float64]
Test = Callable[[FloatArray, float], Bootstrap]

BOOTSTRAPPED = ("overall", "event_time", "cohort")


def wild(case: Case) -> Uncertainty:
    """Bootstrap each target with the null imposed, and invert the tests into intervals.

    Standard errors are clustered (CR1). Effects by calendar period, and by cohort and period, are
    many; they get t with G - 1 degrees of freedom on clustered errors instead of a bootstrap each.
    """
    evidence = case.effects.evidence
    assert isinstance(evidence, Regression)
    _refuse_what_is_not_linear(evidence)
    gradient = evidence.gradient
    vcov = gradient @ clustered_vcov(evidence.fit) @ gradient.T
    plain = from_vcov(case, vcov, case.clusters - 1, "")
    lower, upper, p_value = plain.lower.copy(), plain.upper.copy(), plain.p_value.copy()
    few = case.effects.targets["kind"].isin(BOOTSTRAPPED).to_numpy()
    test = (
        _linear_test(evidence, case) if evidence.link == "identity" else _score_test(evidence, case)
    )
    draws = ""
    for place in np.flatnonzero(few & (plain.standard_error > 0)):
        found = test(gradient[place], float(plain.standard_error[place]))
        lower[place], upper[place], p_value[place] = found.lower, found.upper, found.p_value
        draws = found.draws
    name = "wild cluster bootstrap" if evidence.link == "identity" else "score bootstrap"
    null = "null imposed" if case.choices.impose_null else "null not imposed"
    words = (
        f"{name} by {case.design.cluster}, {null}, {draws}, interval by inverting the test; "
        f"standard error {FACTORS['nonnested']}"
    )
    return dataclasses.replace(plain, lower=lower, upper=upper, p_value=p_value, words=words)


def multiplier(case: Case) -> Uncertainty:
    """Multiply what clusters contribute by random numbers: errors and band as in R's did.

    Effects by cohort and period are many; their errors are those that the draws approximate, the
    root of the summed squares of what clusters contribute.
    """
    evidence, choices = case.effects.evidence, case.choices
    assert isinstance(evidence, Influence)
    sums = cluster_sums(evidence.contributions, evidence.clusters)
    errors = np.sqrt(np.einsum("gt,gt->t", sums, sums))
    kinds = case.effects.targets["kind"].to_numpy()
    drawn = np.flatnonzero((kinds != "group_time") & (errors > 0))
    found = multiplier_bootstrap(
        sums[:, drawn],
        np.arange(len(sums)),
        case.design.seed,
        multipliers="mammen" if choices.multipliers == "auto" else choices.multipliers,
        draws=choices.draws,
    )
    errors[drawn] = found.standard_error
    times = np.flatnonzero(kinds == "event_time")
    vcov = sums[:, times].T @ sums[:, times]
    in_band = np.flatnonzero(kinds[drawn] == "event_time")
    return Uncertainty(
        errors,
        *by_t(case.values, errors, np.inf),
        event_time_vcov=vcov if times.size else None,
        degrees=np.inf,
        words=f"multiplier bootstrap by {case.design.cluster}, {found.words}, normal distribution",
        critical_value=found.critical_value(in_band) if in_band.size else None,
    )


def _linear_test(evidence: Regression, case: Case) -> Test:
    fit, choices = evidence.fit, case.choices
    projection, bread = evidence.effects.project(fit.weights), bread_of(fit)
    outcome = projection.residualise(evidence.outcome)

    def test(contrast: FloatArray, error: float) -> Bootstrap:
        return wild_cluster(
            fit,
            outcome,
            projection,
            contrast,
            error,
            case.design.seed,
            multipliers=choices.multipliers,
            draws=choices.draws,
            impose_null=choices.impose_null,
            bread=bread,
        )

    return test


def _score_test(evidence: Regression, case: Case) -> Test:
    def test(contrast: FloatArray, error: float) -> Bootstrap:
        return score_bootstrap(
            evidence.fit,
            evidence.outcome,
            evidence.regressors,
            evidence.predictor,
            evidence.effects,
            contrast,
            error,
            case.design.seed,
            multipliers=case.choices.multipliers,
            draws=case.choices.draws,
        )

    return test


def _refuse_what_is_not_linear(evidence: Regression) -> None:
    if evidence.link == "logit" or not evidence.linear:
        what = "the wild bootstrap tests linear combinations of linear and Poisson coefficients"
        problem = Problem(what, "wild", "take the cluster jackknife")
        raise DesignError("the bootstrap cannot be used", [problem])
