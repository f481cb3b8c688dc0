"""Clustered standard errors: the sandwich of cluster sums of scores, and its small-sample factors.

CR0 is the sandwich itself (Liang and Zeger 1986); CR1 multiplies it by a factor made of the number
of clusters G, of observations N and of parameters K (Cameron and Miller 2015). Packages differ in
what they count in K, so each count has a name here.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analysis.effects.inference.fit import WeightedFit, bread_of, cluster_scores
from analysis.errors import DesignError, Problem

__all__ = ["Factor", "clustered_vcov", "parameters_counted", "small_sample_factor"]

FloatArray = NDArray[np.float64]

Factor = Literal["nonnested", "full", "none", "groups", "zero"]


def clustered_vcov(fit: WeightedFit, factor: Factor = "nonnested") -> FloatArray:
    """Compute the clustered covariance of a fit's coefficients.

    Parameters
    ----------
    fit
        The fit.
    factor
        What the sandwich is multiplied by:

        ========== ================================= ============================================
        nonnested  G / (G - 1) * (N - 1) / (N - K)   K counts coefficients and the fixed effects
                                                     that are not nested in clusters, as fixest
                                                     and reghdfe do
        full       the same                          K counts all fixed effects: Stata's areg,
                                                     CR1S of clubSandwich, ``K.fixef = "full"``
        none       the same                          K counts no fixed effects:
                                                     ``K.fixef = "none"``
        groups     G / (G - 1)                       CR1 of clubSandwich
        zero       1                                 CR0
        ========== ================================= ============================================

    Returns
    -------
    numpy.ndarray
        Shape (k, k). Tests use Student's t with G - 1 degrees of freedom.

    Raises
    ------
    DesignError
        If the factor needs a count of parameters that the fit does not have, or one that leaves no
        degrees of freedom.

    Examples
    --------
    >>> x = np.array([[1.0], [-1.0], [1.0], [-1.0]])
    >>> residuals = np.array([0.5, 0.5, -0.5, 0.5])
    >>> clusters = np.array([0, 0, 1, 1])
    >>> fit = WeightedFit(np.array([1.0]), x, residuals, np.ones(4), clusters, 1)
    >>> clustered_vcov(fit).tolist()
    [[0.125]]
    """
    bread, scores = bread_of(fit), cluster_scores(fit)
    vcov: FloatArray = bread @ (scores.T @ scores) @ bread
    if factor == "zero":
        return vcov
    parameters = None if factor == "groups" else parameters_counted(fit, factor)
    return small_sample_factor(fit.cluster_count, len(fit.residuals), parameters) * vcov


def small_sample_factor(groups: int, observations: int, parameters: int | None) -> float:
    """Return G / (G - 1) * (N - 1) / (N - K), or its first part if there is no K.

    Raises
    ------
    DesignError
        If there are fewer than two groups, or as many parameters as observations.

    Examples
    --------
    >>> small_sample_factor(11, 101, 21)
    1.375
    """
    problems = []
    if groups < 2:
        problems.append(Problem(f"G is {groups}", "clusters", "there must be two or more"))
    if parameters is not None and observations <= parameters:
        what = f"{observations} observations, {parameters} parameters"
        problems.append(Problem(what, "small-sample factor", "count fewer of the fixed effects"))
    if problems:
        raise DesignError("clustered errors cannot be computed", problems)
    share = 1.0 if parameters is None else (observations - 1) / (observations - parameters)
    return groups / (groups - 1) * share


def parameters_counted(fit: WeightedFit, factor: Literal["nonnested", "full", "none"]) -> int:
    """Return the K that a factor counts.

    Raises
    ------
    DesignError
        If all fixed effects are to be counted and the fit does not say how many there are.
    """
    if factor == "none":
        return len(fit.coefficients) - fit.directions
    if factor == "nonnested":
        return fit.parameters
    if fit.parameters_full is None:
        hint = "use another factor, or an estimator that counts its fixed effects"
        problem = Problem("the rank of the fixed effects is not known", "full", hint)
        raise DesignError("the small-sample factor cannot be computed", [problem])
    return fit.parameters_full
