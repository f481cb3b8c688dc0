"""Poisson pseudo-maximum likelihood with fixed effects: the fit that count estimators share."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from importlib.metadata import version

import numpy as np
import pandas as pd
import pyfixest
from numpy.typing import NDArray

from analysis.effects.design import Design
from analysis.effects.estimators.identification import refuse_absorbed
from analysis.effects.evidence import Regression
from analysis.effects.fixed_effects import FixedEffects, parameters_used
from analysis.effects.inference.fit import WeightedFit
from analysis.effects.log_means import fit_log_means
from analysis.effects.sample import Sample, draw_sample
from analysis.errors import DesignError, Problem

__all__ = ["LIBRARY", "draw_count_sample", "fit_loglinear"]

FloatArray = NDArray[np.float64]

LIBRARY = f"pyfixest {version('pyfixest')}"

# Of the library's iteratively weighted least squares; at its default, errors are good to six
# digits only.
IWLS_TOLERANCE = 1e-12
MOST_STEPS = 100


def draw_count_sample(panel: pd.DataFrame, design: Design) -> Sample:
    """Draw the sample of a count model, which takes no weights.

    Raises
    ------
    DesignError
        If the design has weights or cannot be estimated on the panel.
    """
    if design.weights is not None:
        hint = "leave them out: counts weigh rows by their volume already"
        problem = Problem("Poisson regression is not weighted", design.weights, hint)
        raise DesignError(f"the effect on {design.outcome!r} cannot be estimated", [problem])
    return draw_sample(panel, design, "count")


def fit_loglinear(
    sample: Sample, regressors: FloatArray, names: Sequence[str], design: Design
) -> tuple[Sample, Regression]:
    """Fit the logarithm of expected counts on regressors and the sample's fixed effects.

    Parameters
    ----------
    sample
        The rows, of form ``count``.
    regressors
        Shape (n, k).
    names
        What to call the regressors in messages.
    design
        What is estimated.

    Returns
    -------
    tuple
        The sample without the rows that are separated, and the fit, whose targets are the
        coefficients. It is a weighted linear model at its optimum: weights are the means,
        residuals (count - mean) / mean.

    Raises
    ------
    DesignError
        If a regressor is not identified, or zeros are predicted so well that there is no finite
        estimate.
    """
    effects = FixedEffects(sample.effects)
    partialled = effects.project(np.ones(sample.observations)).residualise(regressors)
    refuse_absorbed(regressors, partialled, sample.weights, names)
    fitted, kept = _fit(sample, regressors, design)
    _refuse_separated(fitted, names)
    if not kept.all():
        reason = "separated: treatment and fixed effects predict its zero perfectly"
        sample, regressors = sample.take(kept, reason), regressors[kept]
        effects = FixedEffects(sample.effects)
    # The library takes the fixed effects in an order that changes with Python's hash seed, and
    # stops iterating; fitted to the end, the means do not depend on either.
    predictor = fit_log_means(sample.outcome, fitted.predict(type="link"), effects)
    coefficients = np.array([fitted.coef()[_column(k)] for k in range(regressors.shape[1])])
    means = np.exp(predictor)
    fit = WeightedFit(
        coefficients=coefficients,
        regressors=effects.project(means).residualise(regressors),
        residuals=(sample.outcome - means) / means,
        weights=means,
        clusters=sample.clusters,
        parameters=parameters_used(len(coefficients), sample.effects, effects, sample.clusters),
        parameters_full=len(coefficients) + effects.rank,
    )
    return sample, Regression(
        fit,
        gradient=np.eye(len(coefficients)),
        effects=effects,
        link="log",
        outcome=sample.outcome,
        regressors=regressors,
        predictor=predictor,
    )


def _fit(
    sample: Sample, regressors: FloatArray, design: Design
) -> tuple[pyfixest.Fepois, NDArray[np.bool_]]:
    """Fit by the library, and say which rows it kept; the others are separated."""
    absorbed = {f"effect_{place}": codes for place, codes in enumerate(sample.effects)}
    columns = {_column(place): column for place, column in enumerate(regressors.T)}
    frame = pd.DataFrame({"count": sample.outcome, "offset": sample.log_exposure})
    frame = frame.assign(**absorbed, **columns)
    with warnings.catch_warnings():
        # The rows are counted in the result instead.
        warnings.filterwarnings("ignore", message=".*removed because of separation")
        # Refused instead, by name.
        warnings.filterwarnings("ignore", message=r"\s*\d+ variables dropped due to multicoll")
        # pyfixest 0.60 calls pandas in ways that pandas 3.1 deprecates.
        warnings.simplefilter("ignore", pd.errors.Pandas4Warning)
        try:
            fitted = pyfixest.fepois(
                f"count ~ {' + '.join(columns)} | {' + '.join(absorbed)}",
                frame,
                # The covariance is computed by `analysis.effects.inference`; this is never read.
                vcov="iid",
                offset="offset" if design.exposure else None,
                fixef_rm="none",
                iwls_tol=IWLS_TOLERANCE,
                iwls_maxiter=MOST_STEPS,
                separation_check=["fe", "ir"],
            )
        except ValueError as failure:
            raise _no_finite_estimate(design, str(failure)) from None
    kept = np.ones(sample.observations, dtype=np.bool_)
    kept[np.asarray(fitted.na_index, dtype=np.int64)] = False
    return fitted, kept


def _refuse_separated(fitted: pyfixest.Fepois, names: Sequence[str]) -> None:
    """Refuse regressors that differ from zero in separated rows only, which are gone."""
    hint = "leave it out, and the rows in which it is not zero"
    what = "only zeros go with it, so that its coefficient is minus infinity"
    known = set(fitted.coef().index)
    if problems := [
        Problem(what, name, hint) for place, name in enumerate(names) if _column(place) not in known
    ]:
        raise DesignError("the effect is not identified", problems)


def _column(place: int) -> str:
    return f"regressor_{place}"


def _no_finite_estimate(design: Design, said: str) -> DesignError:
    """Explain what makes the library give up: zeros that treatment and effects predict for sure."""
    what = f"the library says: {said.strip()}"
    hint = "look for units, periods or doses with hardly any cases, or estimate in logarithms"
    title = f"the Poisson model of {design.outcome!r} has no finite estimate"
    return DesignError(title, [Problem(what, design.treatment_column, hint)])
