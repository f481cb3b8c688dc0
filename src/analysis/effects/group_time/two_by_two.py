"""Compare the changes of treated and untreated units between two periods."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.effects.design import Adjustment
from analysis.effects.group_time.logit import fit_logit

__all__ = ["Comparison", "NotComparableError", "compare_changes"]

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

# Beyond the first, a cell is not estimated; untreated units beyond the second are left out of
# it, since their odds would swamp all others. Both are the limits of the R packages did and DRDID.
LARGEST_CHANCE = 0.999
LARGEST_CHANCE_UNTREATED = 0.995

# A covariate of which a smaller share is left by the others is one of their combinations.
COLLINEAR = 1e-6


class NotComparableError(ValueError):
    """The treated cannot be compared with the untreated; the message says why."""


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Effects on the treated, one for each of q changes.

    Attributes
    ----------
    att
        Average effect on the treated, shape (q,).
    contributions
        What each unit contributes to the error of the estimate: its influence function divided by
        the number of units compared, shape (n, q).
    """

    att: FloatArray
    contributions: FloatArray


def compare_changes(
    changes: FloatArray,
    treated: BoolArray,
    weights: FloatArray,
    covariates: FloatArray | None = None,
    adjustment: Adjustment = "doubly_robust",
) -> Comparison:
    r"""Estimate the average effect on the treated from changes between two periods.

    Without covariates it is the difference in weighted mean changes. With covariates `X` and
    weights `w` it is, for the doubly robust adjustment,

    .. math:: \sum_i \Bigl(\frac{w_i D_i}{\sum_j w_j D_j}
              - \frac{h_i (1 - D_i)}{\sum_j h_j (1 - D_j)}\Bigr) (\Delta Y_i - X_i' \beta),
              \qquad h_i = w_i \frac{p(X_i)}{1 - p(X_i)}

    with :math:`\beta` from least squares among the untreated and :math:`p` from a logit. Regression
    leaves the second weights out, weighting sets :math:`\beta = 0`. The contributions account for
    the estimation of both (Sant'Anna and Zhao 2020, equation 3.1 and theorem A.1).

    Parameters
    ----------
    changes
        Changes of the outcome, shape (n, q): q outcomes, or periods, of the same units.
    treated
        Whether a unit is treated, shape (n,).
    weights
        Positive weights, shape (n,); their scale does not matter.
    covariates
        Without a constant, shape (n, k), or None.
    adjustment
        How covariates are used; of no consequence without them.

    Raises
    ------
    NotComparableError
        If there are no treated or no untreated units, the covariates are collinear among the
        untreated, or the treated differ so much in them that there is no overlap.

    Examples
    --------
    >>> changes = np.array([[3.0], [5.0], [1.0], [2.0]])
    >>> treated = np.array([True, True, False, False])
    >>> found = compare_changes(changes, treated, np.ones(4))
    >>> found.att.tolist(), found.contributions[:, 0].tolist()
    ([2.5], [-0.5, 0.5, 0.25, -0.25])
    """
    if not treated.any():
        raise NotComparableError("no unit of the cohort is observed in both periods")
    if treated.all():
        raise NotComparableError("no unit is left to compare with")
    if covariates is None or covariates.shape[1] == 0:
        return _difference_in_means(changes, treated, weights)
    design = _standardise(covariates, treated)
    of_treated = _shares(weights, treated)
    of_regression = np.where(treated, 0.0, weights)
    outcome = changes
    if adjustment != "weighting":
        moments = _gram(design, of_regression)
        coefficients = np.linalg.solve(moments, (design * of_regression[:, None]).T @ changes)
        outcome = changes - design @ coefficients
    att: FloatArray = of_treated @ outcome
    contributions = of_treated[:, None] * (outcome - att)
    imbalance = of_treated @ design
    if adjustment != "regression":
        chance = _chance_of_treatment(treated, weights, design)
        usable = ~treated & (chance < LARGEST_CHANCE_UNTREATED)
        of_untreated = _shares(weights * chance / (1 - chance), usable)
        mean = of_untreated @ outcome
        deviations = of_untreated[:, None] * (outcome - mean)
        att = att - mean
        contributions -= deviations
        # The error of the logit, through the weights of the untreated.
        scores = (weights * (treated - chance))[:, None] * design
        information = _gram(design, weights * chance * (1 - chance))
        contributions -= scores @ np.linalg.solve(information, design.T @ deviations)
        imbalance = imbalance - of_untreated @ design
    if adjustment != "weighting":
        # The error of the regression, through what it predicts where the groups are not balanced.
        leverage = design @ np.linalg.solve(moments, imbalance)
        contributions -= (of_regression * leverage)[:, None] * outcome
    return Comparison(att, contributions)


def _difference_in_means(
    changes: FloatArray, treated: BoolArray, weights: FloatArray
) -> Comparison:
    share = _shares(weights, treated) - _shares(weights, ~treated)
    mean_treated = np.maximum(share, 0) @ changes
    mean_untreated = np.maximum(-share, 0) @ changes
    centred = changes - np.where(treated, mean_treated[:, None], mean_untreated[:, None]).T
    return Comparison(mean_treated - mean_untreated, share[:, None] * centred)


def _shares(weights: FloatArray, members: BoolArray) -> FloatArray:
    kept = np.where(members, weights, 0.0)
    total = kept.sum()
    if not total > 0:
        raise NotComparableError("no unit is left to compare with that resembles the treated")
    return np.asarray(kept / total)


def _standardise(covariates: FloatArray, treated: BoolArray) -> FloatArray:
    """Add a constant, and centre and scale the covariates by those of the untreated.

    The estimates do not depend on it, but rank and conditioning can then be judged.
    """
    among = covariates[~treated]
    spread = among.std(axis=0)
    least = COLLINEAR * np.abs(among).max(axis=0, initial=0.0)
    if (spread <= least).any():
        raise NotComparableError("a covariate does not vary among the units compared with")
    scaled = (covariates - among.mean(axis=0)) / spread
    design = np.column_stack([np.ones(len(scaled)), scaled])
    spectrum = np.linalg.eigvalsh(_gram(design, np.where(treated, 0.0, 1.0)))
    if spectrum[0] <= COLLINEAR**2 * spectrum[-1]:
        raise NotComparableError(
            "the units compared with are too few, or their covariates are collinear"
        )
    return design


def _chance_of_treatment(treated: BoolArray, weights: FloatArray, design: FloatArray) -> FloatArray:
    """Fit the logit, and refuse where there is no overlap."""
    plain = fit_logit(treated, np.ones(len(weights)), design)
    if plain is None or plain.max() >= LARGEST_CHANCE:
        raise NotComparableError(
            "there is no overlap: the covariates all but say which units are treated"
        )
    if np.ptp(weights) == 0:
        return plain
    weighted = fit_logit(treated, weights / weights.mean(), design)
    if weighted is None:
        raise NotComparableError("the weighted logit of treatment on the covariates has no optimum")
    return np.minimum(weighted, 1 - 1e-6)


def _gram(design: FloatArray, weights: FloatArray) -> FloatArray:
    return np.asarray(design.T @ (weights[:, None] * design))
