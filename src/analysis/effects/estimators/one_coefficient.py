"""The effects of a regression that has one coefficient for the treatment, its first."""

from __future__ import annotations

import dataclasses

import numpy as np

from analysis.effects.estimators.weights import cohort_weights
from analysis.effects.evidence import Effects, Regression, target_frame
from analysis.effects.sample import Sample

__all__ = ["first_coefficient"]


def first_coefficient(
    sample: Sample,
    regression: Regression,
    *,
    estimand: str,
    library: str,
    notes: tuple[str, ...] = (),
) -> Effects:
    """Report a regression's first coefficient as its overall effect.

    Parameters
    ----------
    sample, regression
        The rows, and the fit on them; the treatment is the first regressor.
    estimand, library, notes
        See `analysis.effects.evidence.Effects`.
    """
    coefficients = regression.fit.coefficients
    gradient = np.eye(len(coefficients))[:1]
    return Effects(
        target_frame("overall", coefficients[:1], averaging="regression"),
        headline="regression",
        estimand=estimand,
        evidence=dataclasses.replace(regression, gradient=gradient),
        sample=sample,
        library=library,
        cohort_weights=cohort_weights(sample, regression, gradient[0]),
        notes=notes,
    )
