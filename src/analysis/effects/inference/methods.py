"""The methods of inference, each from a case to the uncertainty of all its targets."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.cell_averages import CellAverages
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
    """Use the formula of the method's own authors, and the distribution that goes with it."""
    evidence = case.effects.evidence
    if isinstance(evidence, Own):
        return from_vcov(case, evidence.vcov, evidence.degrees, evidence.words)
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

    Without a cluster the cohorts have other sizes, and an average over them moves for that reason
    alone if effects differ between cohorts. Which units adopt when is given, so every average of
    effects on cohorts in periods, over cohorts, event times or calendar periods, has the weights
    that it has with all clusters (`analysis.effects.cell_averages`); the gradient of a regression
    holds the same weights. Only where a coefficient weighs cohorts by itself is the regression
    simply fitted again.

    A cohort has no effect in a period without a cluster that alone has its units then. What was
    averaged with it is then averaged without it, the others keeping their proportions. How much
    its effect differs from theirs counts as chance, therefore, since a single cluster cannot tell
    the two apart: the error is right if they are alike, and too large if not. A target of which
    nothing is left without some cluster has no standard error.
    """
    effects, evidence = case.effects, case.effects.evidence
    averages = effects.cells() if effects.cells else None
    if isinstance(evidence, Regression) and _in_closed_form(effects, evidence):
        codes = effects.sample.effects
        left_out = cluster_jackknife(evidence.fit, codes, evidence.gradient).estimates
        if averages is not None:
            cells = left_out[:, _places_of_cells(effects.targets, averages)]
            left_out = _average_again(averages, cells, left_out, case.values)
    else:
        left_out = _without_each_cluster(case, averages)
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


def _in_closed_form(effects: Effects, evidence: Regression) -> bool:
    """Say whether targets, and the cells that they are averages of, are linear in coefficients."""
    linear = evidence.link == "identity" and evidence.linear
    return linear and (effects.cells is None or "group_time" in set(effects.targets["kind"]))


def _places_of_cells(targets: pd.DataFrame, averages: CellAverages) -> NDArray[np.int64]:
    """Find the cells among the targets."""
    keys = pd.MultiIndex.from_frame(targets[["cohort", "period"]])
    single = np.flatnonzero(targets["kind"] == "group_time")
    places: NDArray[np.int64] = single[keys[single].get_indexer(averages.effects.index)]
    return places


def _average_again(
    averages: CellAverages, cells: FloatArray, left_out: FloatArray, point: FloatArray
) -> FloatArray:
    """Let estimates, (G, T), change as averages of cells, (G, K), do by the weights they have."""
    with_all = averages.targets(averages.effects.to_numpy(dtype="float64")[None, :])
    changed = point + averages.targets(cells) - with_all
    return np.where(np.isnan(changed), left_out, changed)


def _without_each_cluster(case: Case, averages: CellAverages | None) -> FloatArray:
    """Estimate the targets without each cluster, shape (G, T); NaN where one cannot be."""
    keys = ["kind", "averaging", "cohort", "period", "event_time"]
    wanted = case.effects.targets[keys]
    column = case.panel[case.design.cluster]
    used = np.unique(column.to_numpy()[case.effects.sample.rows].astype(str))
    rows = []
    for cluster in used:
        panel = case.panel[column.astype("str") != cluster].reset_index(drop=True)
        found = case.estimator(panel, case.design)
        merged = wanted.merge(found.targets, on=keys, how="left", validate="one_to_one")
        row = merged[["value"]].to_numpy(dtype="float64").T
        if averages is not None and found.cells:
            cells = found.cells().effects.reindex(averages.effects.index)
            again = cells.to_numpy(dtype="float64")[None, :]
            row = _average_again(averages, again, row, case.values)
        rows.append(row)
    return np.concatenate(rows)
