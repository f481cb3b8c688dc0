"""A weighted logit by Newton's method."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

__all__ = ["fit_logit"]

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

# Newton's method doubles the digits with each step, so that a deviance that has stopped changing
# at the first tolerance belongs to coefficients exact to rounding.
CONVERGED = 1e-11
STEPS = 50


def fit_logit(treated: BoolArray, weights: FloatArray, design: FloatArray) -> FloatArray | None:
    """Fit the chance of treatment by maximum likelihood.

    Parameters
    ----------
    treated
        Shape (n,).
    weights
        Shape (n,).
    design
        Covariates with a constant, of full column rank, shape (n, k).

    Returns
    -------
    numpy.ndarray or None
        Fitted chances, shape (n,). If the covariates separate the groups there is no optimum, and
        the chances go towards zero and one until the deviance stands still. None if the steps do
        not settle.

    Examples
    --------
    >>> chances = fit_logit(np.array([True, False, False]), np.ones(3), np.ones((3, 1)))
    >>> chances.round(6).tolist()
    [0.333333, 0.333333, 0.333333]
    """
    coefficients = np.zeros(design.shape[1])
    deviance = np.inf
    sign = np.where(treated, 1.0, -1.0)
    for _ in range(STEPS):
        predictor = design @ coefficients
        chance = expit(predictor)
        previous, deviance = deviance, float(2 * weights @ np.logaddexp(0, -sign * predictor))
        if abs(previous - deviance) <= CONVERGED * (abs(deviance) + 0.1):
            return np.asarray(chance)
        score = design.T @ (weights * (treated - chance))
        information = design.T @ ((weights * chance * (1 - chance))[:, None] * design)
        try:
            coefficients = coefficients + np.linalg.solve(information, score)
        except np.linalg.LinAlgError:
            return np.asarray(chance)
    return None
