"""The methods of inference, each from a case to the uncertainty of all its targets."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.effects.evidence import Effects, Influence, Own, Regression
from analysis.effects.inference.clustered import Factor, clustered_vcov, small_sample_factor
from analysis.effects.inference.fit import cluster_sums
from analysis.effects.inference.jackknife import cluster_jackknife, jackknife_vcov
from analysis.effects.inference.uncertainty import Case, Uncertainty, by_t

__all__ = ["analytic", "clustered", "from_vcov", "jackknife", "no_inference"]

FloatArray = NDArray[np.float64]


def no_inference(case: Case) -> Uncertainty:
    """Give the estimates alone."""
    unknown = np.full(len(case.values), np.nan)
    return Uncertainty(unknown, unknown, unknown, unknown, None, np.inf, "none")


def analytic(case: Case) -> Uncertainty:
    """Use the formula of the method's own authors, and the normal distribution."""
    evidence = case.effects.evidence
    if isinstance(evidence, Own):
        return from_vcov(case, evidence.vcov, np.inf, evidence.words)
    assert isinstance(evidence, Influence)
    words = f"influence functions summed by {case.design.cluster}, normal distribution"
    return _from_contributions(case, evidence, 1.0, np.inf, words)


def clustered(case: Case) -> Uncertainty:
    """Sum scores or influence functions by cluster: CR0 or CR1, t with G - 1 degrees."""
    evidence, clusters = case.effects.evidence, case.clusters
    factor: Factor = "zero" if case.choices.method == "CR0" else case.choices.factor
    by = f"clustered by {case.design.cluster}"
    freedom = f"t with {clusters - 1} degrees of freedom"
    if isinstance(evidence, Influence):
        counted = None if factor == "groups" else evidence.parameters
        scale, name = 1.0, "CR0"
        if factor != "zero":
            observations = case.effects.sample.observations
            scale = small_sample_factor(clusters, observations, counted)
            name = "G/(G-1)" if counted is None else f"G/(G-1) (N-1)/(N-K), K = {counted}"
        words = f"influence functions {by} ({name}), {freedom}"
        return _from_contributions(case, evidence, scale, clusters - 1, words)
    assert isinstance(evidence, Regression)
    vcov = evidence.gradient @ clustered_vcov(evidence.fit, factor) @ evidence.gradient.T
    return from_vcov(case, vcov, clusters - 1, f"{by} ({FACTORS[factor]}), {freedom}")


def jackknife(case: Case) -> Uncertainty:
    """Estimate again without each cluster in turn: CV3 of MacKinnon, Nielsen and Webb (2023).

    A target that cannot be estimated without some cluster has no standard error. Without a cluster
    the cohorts have other sizes, and an average over them moves for that reason alone if effects
    differ between cohorts. Which units adopt when is given, so the cohorts' weights in the overall
    effect are held at what they are with all clusters; only a regression, whose weights are part
    of what it estimates, is simply fitted again.
    """
    evidence = case.effects.evidence
    if isinstance(evidence, Regression) and evidence.link == "identity" and evidence.linear:
        codes = case.effects.sample.effects
        left_out = cluster_jackknife(evidence.fit, codes, evidence.gradient).estimates
    else:
        left_out = _with_cohort_weights(case.effects, _without_each_cluster(case))
    clusters = len(left_out)
    vcov = jackknife_vcov(left_out, case.values)
    words = (
        f"cluster jackknife by {case.design.cluster} (CV3), t with {clusters - 1} degrees of "
        "freedom"
    )
    return from_vcov(case, vcov, clusters - 1, words)


def from_vcov(case: Case, vcov: FloatArray, degrees: FloatArray | float, words: str) -> Uncertainty:
    """Turn a covariance of all targets, shape (T, T), into tests and intervals by t."""
    errors = np.sqrt(np.clip(np.diag(vcov), 0, None))
    times = _event_times(case.effects)
    freedom = np.broadcast_to(np.asarray(degrees, dtype="float64"), errors.shape)
    band = float(freedom[times].min()) if times.size else np.inf
    return Uncertainty(
        errors,
        *by_t(case.values, errors, freedom),
        event_time_vcov=vcov[np.ix_(times, times)] if times.size else None,
        degrees=band,
        words=words,
    )


# Two ways to compute one average differ by rounding only.
SAME_AVERAGE = 1e-9

FACTORS: dict[Factor, str] = {
    "zero": "CR0, no small-sample factor",
    "nonnested": "CR1: G/(G-1) (N-1)/(N-K), fixed effects nested in clusters not counted",
    "full": "CR1: G/(G-1) (N-1)/(N-K), all fixed effects counted",
    "none": "CR1: G/(G-1) (N-1)/(N-K), fixed effects not counted",
    "groups": "CR1: G/(G-1)",
}


def _from_contributions(
    case: Case, evidence: Influence, scale: float, degrees: float, words: str
) -> Uncertainty:
    # The covariance of all cohort-by-period effects can be large; only event times need theirs.
    sums = cluster_sums(evidence.contributions, evidence.clusters)
    errors = np.sqrt(scale * (sums**2).sum(axis=0))
    times = _event_times(case.effects)
    return Uncertainty(
        errors,
        *by_t(case.values, errors, degrees),
        event_time_vcov=scale * sums[:, times].T @ sums[:, times] if times.size else None,
        degrees=degrees,
        words=words,
    )


def _event_times(effects: Effects) -> NDArray[np.int64]:
    return np.flatnonzero(effects.targets["kind"] == "event_time")


def _with_cohort_weights(effects: Effects, left_out: FloatArray) -> FloatArray:
    """Average the cohorts' effects without each cluster, (G, T), by weights that stay as they are.

    Where a cohort has no effect without some cluster, the average made without it is kept.
    """
    targets, weights = effects.targets, effects.cohort_weights
    cohorts = np.flatnonzero(targets["kind"] == "cohort")
    if weights is None or not len(cohorts):
        return left_out
    shares = weights.reindex(targets["cohort"].iloc[cohorts]).to_numpy(dtype="float64")
    values = targets["value"].to_numpy(dtype="float64")
    fixed = left_out.copy()
    for place in np.flatnonzero(targets["kind"] == "overall"):
        # The weights are those of one of the overall effects only.
        if np.isclose(shares @ values[cohorts], values[place], rtol=SAME_AVERAGE, atol=0):
            averages = left_out[:, cohorts] @ shares
            fixed[:, place] = np.where(np.isnan(averages), left_out[:, place], averages)
    return fixed


def _without_each_cluster(case: Case) -> FloatArray:
    """Estimate the targets without each cluster, shape (G, T); NaN where one cannot be."""
    keys = ["kind", "averaging", "cohort", "period", "event_time"]
    wanted = case.effects.targets[keys]
    column = case.panel[case.design.cluster]
    used = np.unique(column.to_numpy()[case.effects.sample.rows].astype(str))
    rows = []
    for cluster in used:
        panel = case.panel[column.astype("str") != cluster].reset_index(drop=True)
        found = case.estimator(panel, case.design).targets
        rows.append(wanted.merge(found, on=keys, how="left", validate="one_to_one")["value"])
    return np.stack([row.to_numpy(dtype="float64") for row in rows])
