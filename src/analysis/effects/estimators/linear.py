"""Least squares with fixed effects: the fit that the linear estimators share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

import numpy as np
import pandas as pd
from linearmodels.iv.absorbing import AbsorbingLS
from numpy.typing import NDArray

from analysis.effects.design import Design
from analysis.effects.estimators.identification import refuse_absorbed
from analysis.effects.fixed_effects import FixedEffects, Projection, parameters_used
from analysis.effects.inference.clustered import (
    WeightedFit,
    clustered_vcov,
    describe_clustered,
    t_estimate,
)
from analysis.effects.inference.few_clusters import describe_bootstrap, is_few
from analysis.effects.inference.wild_cluster import wild_cluster
from analysis.effects.result import Estimate
from analysis.effects.sample import Sample

__all__ = ["LIBRARY", "LinearModel", "fit_linear", "infer_contrast"]

FloatArray = NDArray[np.float64]

LIBRARY = f"linearmodels {version('linearmodels')}"


@dataclass(frozen=True, slots=True)
class LinearModel:
    """A fitted linear model with fixed effects.

    Attributes
    ----------
    fit
        Coefficients, and what the covariance is made of.
    vcov
        CR1 covariance of the coefficients, shape (k, k).
    outcome
        Without what the fixed effects explain of it, shape (n,).
    projection
        Takes the fixed effects out of further columns.
    """

    fit: WeightedFit
    vcov: FloatArray
    outcome: FloatArray
    projection: Projection


def fit_linear(sample: Sample, regressors: FloatArray, names: Sequence[str]) -> LinearModel:
    """Fit the outcome on regressors and the sample's fixed effects, by weighted least squares.

    Parameters
    ----------
    sample
        The rows.
    regressors
        Shape (n, k).
    names
        What to call the regressors in messages.

    Raises
    ------
    DesignError
        If the fixed effects or the other regressors explain a regressor entirely.
    """
    effects = FixedEffects(sample.effects)
    projection = effects.project(sample.weights)
    partialled = projection.residualise(regressors)
    refuse_absorbed(regressors, partialled, sample.weights, names)
    coefficients = _coefficients(sample, regressors)
    outcome = projection.residualise(sample.outcome)
    fit = WeightedFit(
        coefficients,
        partialled,
        outcome - partialled @ coefficients,
        sample.weights,
        sample.clusters,
        parameters_used(len(coefficients), sample.effects, effects, sample.clusters),
    )
    return LinearModel(fit, clustered_vcov(fit), outcome, projection)


def infer_contrast(
    model: LinearModel, contrast: FloatArray, design: Design
) -> tuple[Estimate, str]:
    """Infer a linear combination of coefficients, by the method that the clusters allow.

    Parameters
    ----------
    model
        The fitted model.
    contrast
        Weights of the coefficients, shape (k,).
    design
        Gives the cluster's name and the seed.

    Returns
    -------
    tuple
        The estimate, and the inference in words.
    """
    value = float(contrast @ model.fit.coefficients)
    error = float(np.sqrt(contrast @ model.vcov @ contrast))
    clusters = model.fit.cluster_count
    if not is_few(clusters):
        return t_estimate(value, error, clusters), describe_clustered(design.cluster, clusters)
    found = wild_cluster(
        model.fit, model.outcome, model.projection.residualise, contrast, error, design.seed
    )
    words = describe_bootstrap("wild cluster bootstrap", design.cluster, clusters, found.draws)
    return Estimate(value, error, found.lower, found.upper, found.p_value), words


def _coefficients(sample: Sample, regressors: FloatArray) -> FloatArray:
    absorbed = pd.DataFrame(
        {str(place): pd.Categorical(codes) for place, codes in enumerate(sample.effects)}
    )
    model = AbsorbingLS(sample.outcome, regressors, absorb=absorbed, weights=sample.weights)
    # Tight tolerances: the default stops at six digits on unbalanced panels.
    results = model.fit(
        method="lsmr", absorb_options={"atol": 1e-14, "btol": 1e-14}, use_cache=False
    )
    return np.asarray(results.params, dtype="float64")
