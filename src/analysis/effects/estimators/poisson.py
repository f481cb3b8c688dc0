"""Poisson regression with fixed effects: counts without logarithms of zero."""

from __future__ import annotations

import warnings
from importlib.metadata import version

import numpy as np
import pandas as pd
import pyfixest
from numpy.typing import NDArray

from analysis.effects.design import Design
from analysis.effects.estimators.identification import refuse_absorbed
from analysis.effects.fixed_effects import FixedEffects, parameters_used
from analysis.effects.inference.clustered import (
    WeightedFit,
    clustered_vcov,
    describe_clustered,
    t_estimate,
)
from analysis.effects.inference.few_clusters import describe_bootstrap, is_few
from analysis.effects.inference.score_bootstrap import score_bootstrap
from analysis.effects.log_means import fit_log_means
from analysis.effects.result import Estimate, Result, result_on
from analysis.effects.sample import Sample, draw_sample
from analysis.errors import DesignError, Problem

__all__ = ["NAME", "estimate_poisson"]

FloatArray = NDArray[np.float64]

NAME = "poisson"
ESTIMANDS = {
    "adoption": "log ratio of expected counts, one for all units and periods under the programme",
    "dose": "log ratio of expected counts for one more unit of the dose",
}

# Of the library's iteratively weighted least squares; at its default, errors are good to six
# digits only.
IWLS_TOLERANCE = 1e-12
MOST_STEPS = 100


def estimate_poisson(panel: pd.DataFrame, design: Design) -> Result:
    r"""Regress a count on the treatment by Poisson pseudo-maximum likelihood.

    .. math:: E[y_{it}] = \exp(\alpha_i + \lambda_t + \tau D_{it})

    Consistent whatever the counts' variance, as long as the mean is right (Wooldridge 1999);
    standard errors are clustered, so overdispersion is allowed for. Groups with only zeros, and
    rows whose zero treatment and fixed effects predict perfectly, hold no information on the
    effect; they are dropped and counted (Correia, Guimaraes and Zylkin 2020).

    Parameters
    ----------
    panel
        One row for each unit and period.
    design
        What is estimated; its outcome is a count, without weights.

    Raises
    ------
    DesignError
        If the design has weights or cannot be estimated on the panel, also because zeros are
        predicted so well that there is no finite estimate.
    """
    _refuse_weights(design)
    sample = draw_sample(panel, design, "count")
    sample, coefficient, log_means = _fit(sample, design)
    effects = FixedEffects(sample.effects)
    fit = _as_weighted_fit(sample, coefficient, log_means, effects)
    overall, inference = _infer(fit, sample, log_means, effects, design)
    return result_on(
        sample,
        design,
        estimator=NAME,
        estimand=ESTIMANDS[design.treatment],
        overall=overall,
        inference=inference,
        library=f"pyfixest {version('pyfixest')}",
    )


def _refuse_weights(design: Design) -> None:
    if design.weights is not None:
        hint = "leave them out: counts weigh rows by their volume already"
        problem = Problem("Poisson regression is not weighted", design.weights, hint)
        raise DesignError(f"the effect on {design.outcome!r} cannot be estimated", [problem])


def _fit(sample: Sample, design: Design) -> tuple[Sample, float, FloatArray]:
    """Fit the model; also leave out the rows that the library finds separated."""
    unweighted = FixedEffects(sample.effects).project(np.ones(sample.observations))
    treatment = sample.treatment[:, None]
    partialled = unweighted.residualise(treatment)
    refuse_absorbed(treatment, partialled, sample.weights, [design.treatment_column])
    names = [f"effect_{place}" for place in range(len(sample.effects))]
    frame = pd.DataFrame(dict(zip(names, sample.effects, strict=True)))
    frame = frame.assign(count=sample.outcome, treatment=sample.treatment)
    with warnings.catch_warnings():
        # The rows are counted in the result instead.
        warnings.filterwarnings("ignore", message=".*removed because of separation")
        # pyfixest 0.60 calls pandas in ways that pandas 3.1 deprecates.
        warnings.simplefilter("ignore", pd.errors.Pandas4Warning)
        try:
            fitted = pyfixest.fepois(
                f"count ~ treatment | {' + '.join(names)}",
                frame,
                # The covariance is computed in `clustered`; this one is never read.
                vcov="iid",
                fixef_rm="none",
                iwls_tol=IWLS_TOLERANCE,
                iwls_maxiter=MOST_STEPS,
                separation_check=["fe", "ir"],
            )
        except ValueError as failure:
            raise _no_finite_estimate(design, str(failure)) from None
    kept = np.ones(sample.observations, dtype=np.bool_)
    kept[np.asarray(fitted.na_index, dtype=np.int64)] = False
    if not kept.all():
        sample = sample.take(
            kept, "separated: treatment and fixed effects predict its zero perfectly"
        )
    # The library takes the fixed effects in an order that changes with Python's hash seed, and
    # stops iterating; fitted to the end, the means do not depend on either.
    log_means = fit_log_means(
        sample.outcome, fitted.predict(type="link"), FixedEffects(sample.effects)
    )
    return sample, float(fitted.coef()["treatment"]), log_means


def _no_finite_estimate(design: Design, said: str) -> DesignError:
    """Explain what makes the library give up: zeros that treatment and effects predict for sure."""
    what = f"the library says: {said.strip()}"
    hint = "look for units, periods or doses with hardly any cases, or estimate in logarithms"
    title = f"the Poisson model of {design.outcome!r} has no finite estimate"
    return DesignError(title, [Problem(what, design.treatment_column, hint)])


def _as_weighted_fit(
    sample: Sample, coefficient: float, log_means: FloatArray, effects: FixedEffects
) -> WeightedFit:
    means = np.exp(log_means)
    return WeightedFit(
        coefficients=np.array([coefficient]),
        regressors=effects.project(means).residualise(sample.treatment[:, None]),
        residuals=(sample.outcome - means) / means,
        weights=means,
        clusters=sample.clusters,
        parameters=parameters_used(1, sample.effects, effects, sample.clusters),
    )


def _infer(
    fit: WeightedFit, sample: Sample, log_means: FloatArray, effects: FixedEffects, design: Design
) -> tuple[Estimate, str]:
    value, clusters = float(fit.coefficients[0]), fit.cluster_count
    error = float(np.sqrt(clustered_vcov(fit)[0, 0]))
    if not is_few(clusters):
        return t_estimate(value, error, clusters), describe_clustered(design.cluster, clusters)
    found = score_bootstrap(
        fit, sample.outcome, sample.treatment, log_means, effects, error, design.seed
    )
    words = describe_bootstrap("score bootstrap", design.cluster, clusters, found.draws)
    return Estimate(value, error, found.lower, found.upper, found.p_value), words
