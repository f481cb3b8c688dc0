"""Who comes under the programme when, and how much of its effect has built up."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.simulate.arrays import Floats
from analysis.simulate.constants import ADOPTION_SLOPE, BUILD_UP_MONTHS, COHORTS, MONTHS

__all__ = ["draw_adoption", "event_times", "programme_strength"]


def draw_adoption(past_volume: Floats, rng: np.random.Generator) -> pd.PeriodIndex:
    r"""Draw the month in which each street comes under the programme.

    Streets are chosen one after the other, without replacement, each time with odds proportional
    to :math:`\exp(\kappa z_i)`, where :math:`z_i` is the standardised log of past volume and
    :math:`\kappa` is `ADOPTION_SLOPE`; the first chosen make the first cohort, and so on. (Adding
    Gumbel noise to :math:`\kappa z_i` and sorting draws exactly this.)

    Parameters
    ----------
    past_volume
        Complaints of each street before the programme, shape (units,).
    rng
        Source of the choice.

    Returns
    -------
    pandas.PeriodIndex
        First month under the programme, shape (units,); NaT for streets never chosen.
    """
    logged = np.log(past_volume)
    standardised = (logged - logged.mean()) / logged.std()
    score = ADOPTION_SLOPE * standardised + rng.gumbel(size=len(past_volume))
    order = np.argsort(-score, kind="stable")
    months = [cohort.start for cohort in COHORTS for _ in range(cohort.streets)]
    adoption = np.full(len(past_volume), None, dtype=object)
    adoption[order[: len(months)]] = months
    return pd.PeriodIndex(adoption, freq="M")


def event_times(adoption: pd.PeriodIndex) -> Floats:
    """Count the months since adoption.

    Returns
    -------
    numpy.ndarray
        Shape (units, months): 0 in the first month under the programme, negative before; NaN for
        streets that never adopt.

    Examples
    --------
    >>> event_times(pd.PeriodIndex(["2019-03", None], freq="M"))[:, :3].tolist()
    [[-2.0, -1.0, 0.0], [nan, nan, nan]]
    """
    months = np.arange(len(MONTHS), dtype=float)
    start = MONTHS.get_indexer(adoption).astype(float)
    start[adoption.isna()] = np.nan
    elapsed: Floats = months[np.newaxis, :] - start[:, np.newaxis]
    return elapsed


def programme_strength(adoption: pd.PeriodIndex) -> Floats:
    r"""Return how much of the programme's full effect is at work.

    For a street of cohort :math:`g` with :math:`e` months since adoption it is
    :math:`h_g (1 - \exp(-(e + 1) / \tau))`, with :math:`h_g` the cohort's strength and
    :math:`\tau` `BUILD_UP_MONTHS`; 0 before adoption, so nothing is anticipated.

    Returns
    -------
    numpy.ndarray
        Shape (units, months).
    """
    elapsed = event_times(adoption)
    reached = np.zeros(len(adoption))
    for cohort in COHORTS:
        reached[adoption == pd.Period(cohort.start, freq="M")] = cohort.strength
    under = np.nan_to_num(elapsed, nan=-1.0) >= 0
    since = np.where(under, elapsed, 0.0)
    return np.where(under, reached[:, np.newaxis] * -np.expm1(-(since + 1) / BUILD_UP_MONTHS), 0.0)
