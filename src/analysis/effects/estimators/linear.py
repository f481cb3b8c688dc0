"""Least squares with fixed effects: the fit that the linear estimators share."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray

from analysis.effects.estimators.identification import refuse_absorbed
from analysis.effects.evidence import Regression
from analysis.effects.fixed_effects import FixedEffects, parameters_used
from analysis.effects.inference.fit import WeightedFit
from analysis.effects.sample import Sample

__all__ = ["OWN_LIBRARY", "fit_linear"]

FloatArray = NDArray[np.float64]

OWN_LIBRARY = f"before-the-complaint {version('before-the-complaint')}"


def fit_linear(
    sample: Sample,
    regressors: FloatArray,
    names: Sequence[str],
    effects: FixedEffects | None = None,
    parameters: int | None = None,
) -> Regression:
    """Fit the outcome on regressors and the sample's fixed effects, by weighted least squares.

    The fixed effects are taken out exactly, and the normal equations of what is left are solved,
    so nothing is iterated. Coefficients agree with those of linearmodels' ``AbsorbingLS`` to 1e-12.

    Parameters
    ----------
    sample
        The rows.
    regressors
        Shape (n, k).
    names
        What to call the regressors in messages.
    effects, parameters
        What is taken out instead of the sample's fixed effects, and the K of the small-sample
        factor that goes with it; by default the sample's.

    Returns
    -------
    Regression
        Its targets are the coefficients; an estimator puts its own gradient in place.

    Raises
    ------
    DesignError
        If the fixed effects or the other regressors explain a regressor entirely.
    """
    if effects is None or parameters is None:
        effects = FixedEffects(sample.effects)
        parameters = parameters_used(regressors.shape[1], sample.effects, effects, sample.clusters)
    projection = effects.project(sample.weights)
    partialled = projection.residualise(regressors)
    gram = refuse_absorbed(regressors, partialled, sample.weights, names)
    outcome = projection.residualise(sample.outcome)
    sums = partialled.T @ (sample.weights * outcome)
    coefficients = np.asarray(np.linalg.solve(gram, sums), dtype="float64")
    residuals = outcome - partialled @ coefficients
    fit = WeightedFit(
        coefficients,
        partialled,
        residuals,
        sample.weights,
        sample.clusters,
        parameters,
        parameters_full=len(coefficients) + effects.rank,
    )
    return Regression(
        fit,
        gradient=np.eye(len(coefficients)),
        effects=effects,
        link="identity",
        outcome=sample.outcome,
        regressors=regressors,
        predictor=sample.outcome - residuals,
    )
