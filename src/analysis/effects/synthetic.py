"""Synthetic difference-in-differences on arrays: weights, effects by cohort, and their error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["CohortFit", "fit_cohort", "fit_cohorts", "jackknife", "placebo"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

# Of R's synthdid: the penalty on period weights and the decrease of the objective at which the
# search for weights ends, as shares of the noise, and its steps before and after it drops small
# weights.
PERIOD_PENALTY = 1e-6
DECREASE = 1e-5
FIRST_STEPS = 100
MOST_STEPS = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class CohortFit:
    r"""One cohort beside its synthetic control.

    Attributes
    ----------
    effects
        In each period from the first treated one on, shape (T - before,).
    unit_weights
        Of the controls, adding up to one, shape (n0,).
    period_weights
        Of the periods before, adding up to one, shape (before,).
    penalty
        On unit weights, :math:`\zeta` in the paper.
    """

    effects: FloatArray
    unit_weights: FloatArray
    period_weights: FloatArray
    penalty: float


def fit_cohort(
    controls: FloatArray,
    treated: FloatArray,
    before: int,
    *,
    penalty: float | None = None,
    decrease: float | None = None,
) -> CohortFit:
    r"""Find the weights of units and periods, and the effects that follow.

    With weights :math:`\omega` on controls that make their weighted mean parallel to the treated
    before adoption, and :math:`\lambda` on periods before that make their weighted mean differ by
    a constant from the mean of later ones among the controls, the effect in period t is

    .. math:: \bar y_{1t} - \omega' y_{0t}
              - \sum_{s \le T_0} \lambda_s (\bar y_{1s} - \omega' y_{0s})

    (Arkhangelsky, Athey, Hirshberg, Imbens and Wager 2021, algorithm 1). Their estimate is the mean
    of the effects over periods.

    Parameters
    ----------
    controls
        Outcomes of units that are never treated, shape (n0, T).
    treated
        Outcomes of the cohort, shape (n1, T).
    before
        How many periods there are before treatment, two or more.
    penalty
        On unit weights; by default :math:`(n_1 T_1)^{1/4}` times the noise, the standard deviation
        of the controls' changes from period to period before treatment.
    decrease
        The search ends when a step lowers the root of the objective by less; by default 1e-5 times
        the noise, as in the authors' software. Where the optimum is flat, as it is in the period
        weights if there are many, that leaves the estimate good to three or four digits.

    Examples
    --------
    >>> controls = np.array([[1.0, 3.0, 2.0, 4.0], [2.0, 4.1, 3.0, 5.0]])
    >>> treated = np.array([[5.0, 7.0, 6.0, 9.0]])
    >>> fit_cohort(controls, treated, 3).effects.round(2).tolist()
    [1.0]
    """
    # Slow to import, and needed by this estimator alone.
    from diff_diff.utils import (
        compute_sdid_unit_weights,
        compute_time_weights,
    )

    mean = treated.mean(axis=0)
    noise = float(np.std(np.diff(controls[:, :before], axis=1), ddof=1))
    if penalty is None:
        penalty = float((len(treated) * (controls.shape[1] - before)) ** 0.25 * noise)
    search = {
        "min_decrease": DECREASE * (noise or 1.0) if decrease is None else decrease,
        "max_iter_pre_sparsify": FIRST_STEPS,
        "max_iter": MOST_STEPS,
    }
    by_period = np.ascontiguousarray(controls.T)
    unit_weights = np.asarray(
        compute_sdid_unit_weights(by_period[:before], mean[:before], penalty, **search)
    )
    period_weights = np.asarray(
        compute_time_weights(
            by_period[:before], by_period[before:], PERIOD_PENALTY * noise, **search
        )
    )
    effects = _effects(controls, mean, unit_weights, period_weights)
    return CohortFit(effects, unit_weights, period_weights, penalty)


def fit_cohorts(
    outcome: FloatArray, start: IntArray, penalties: list[float] | None = None
) -> list[CohortFit]:
    """Fit each cohort against the units that are never treated (Clarke et al. 2024, section 3.2).

    Parameters
    ----------
    outcome
        Shape (m, T).
    start
        Place of each unit's first treated period; T for those never treated, shape (m,).
    penalties
        On the unit weights of each cohort, in their order; by default see `fit_cohort`.
    """
    never = start == outcome.shape[1]
    return [
        fit_cohort(
            outcome[never],
            outcome[start == first],
            int(first),
            penalty=None if penalties is None else penalties[place],
        )
        for place, first in enumerate(np.unique(start[~never]))
    ]


def placebo(
    outcome: FloatArray,
    start: IntArray,
    groups: IntArray,
    fits: list[CohortFit],
    draws: int,
    random: np.random.Generator,
) -> tuple[FloatArray, FloatArray]:
    """Estimate effects where there are none: deal the cohorts' dates out to controls at random.

    The spread of the estimates is that of the error, if treated and controls are alike in their
    noise (Arkhangelsky et al. 2021, algorithm 4; with several cohorts, Clarke et al. 2024).

    Parameters
    ----------
    outcome, start
        See `fit_cohorts`.
    groups
        What adopts together, codes of shape (m,): units, or clusters in which all units have one
        date. There must be more of them among the controls than among the treated.
    fits
        Of `fit_cohorts`, whose penalties are kept.
    draws
        How many.
    random
        Where random numbers come from.

    Returns
    -------
    tuple
        For each draw, effects by cohort and period, in the order of `fits`, shape (draws, K), and
        the number of units in each cohort, shape (draws, C).
    """
    never = start == outcome.shape[1]
    dates = _dates_of_groups(start[~never], groups[~never])
    cohorts = np.unique(dates)
    outcome, groups = outcome[never], groups[never]
    candidates = np.unique(groups)
    penalties = [fit.penalty for fit in fits]
    effects, sizes = [], []
    for _ in range(draws):
        chosen = random.permutation(candidates)[: len(dates)]
        date_of = np.full(int(groups.max()) + 1, outcome.shape[1])
        date_of[chosen] = dates
        drawn = date_of[groups]
        effects.append(
            np.concatenate([fit.effects for fit in fit_cohorts(outcome, drawn, penalties)])
        )
        sizes.append([(drawn == cohort).sum() for cohort in cohorts])
    return np.stack(effects), np.asarray(sizes, dtype="float64")


def jackknife(
    outcome: FloatArray, start: IntArray, groups: IntArray, fits: list[CohortFit]
) -> tuple[FloatArray, FloatArray]:
    """Leave out each group in turn, the weights of the others in proportion to what they were.

    Weights are not searched for again (Arkhangelsky et al. 2021, algorithm 3).

    Parameters
    ----------
    outcome, start, groups, fits
        See `placebo`.

    Returns
    -------
    tuple
        As of `placebo`, one row for each group; NaN if a cohort or its synthetic control is gone.
    """
    periods = outcome.shape[1]
    never = start == periods
    cohorts = np.unique(start[~never])
    effects, sizes = [], []
    for group in np.unique(groups):
        kept = groups != group
        controls = outcome[never & kept]
        row = []
        for cohort, fit in zip(cohorts, fits, strict=True):
            treated = outcome[(start == cohort) & kept]
            weights = fit.unit_weights[kept[never]]
            if len(treated) == 0 or np.count_nonzero(weights) < 2:
                row.append(np.full(periods - cohort, np.nan))
                continue
            weights = weights / weights.sum()
            row.append(_effects(controls, treated.mean(axis=0), weights, fit.period_weights))
        effects.append(np.concatenate(row))
        sizes.append([((start == cohort) & kept).sum() for cohort in cohorts])
    return np.stack(effects), np.asarray(sizes, dtype="float64")


def _effects(
    controls: FloatArray, mean: FloatArray, unit_weights: FloatArray, period_weights: FloatArray
) -> FloatArray:
    gap = mean - unit_weights @ controls
    before = len(period_weights)
    return np.asarray(gap[before:] - period_weights @ gap[:before])


def _dates_of_groups(start: IntArray, groups: IntArray) -> IntArray:
    _, first = np.unique(groups, return_index=True)
    return start[first]
