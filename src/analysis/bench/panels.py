"""Simulated panels on which estimators are timed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.effects.design import Design, Scale, Treatment

__all__ = ["DESIGNS", "DISTRICTS", "simulate_panel"]

DISTRICTS = 16
COHORTS = 6

_KINDS: tuple[tuple[Scale, Treatment, str, str], ...] = (
    ("share", "adoption", "rate", "adoption"),
    ("count", "adoption", "cases", "adoption"),
    ("share", "dose", "rate", "dose"),
    ("count", "dose", "cases", "dose"),
)
# What is timed, the first of them that an estimator can take.
DESIGNS: tuple[Design, ...] = tuple(
    Design(outcome, scale, treatment, column, cluster="unit")
    for scale, treatment, outcome, column in _KINDS
)


def simulate_panel(units: int, periods: int, seed: int = 1) -> pd.DataFrame:
    """Draw a balanced panel with staggered adoption and a dose that comes and goes.

    Parameters
    ----------
    units, periods
        How many.
    seed
        Of the draws.

    Returns
    -------
    pandas.DataFrame
        `unit`, `district` (of 16), `period` from 1 on; `adoption`, missing for a third of units
        and else one of six periods, `first`, the same with 0 for never, and `treated`; `dose`, 1
        for some periods in most units; `rate` = 0.5 + unit + period + effect / 10 + noise, kept
        between 0.01 and 0.99; `cases`, one and a Poisson number with log mean 3 + unit + period +
        effect. The effect is 0.1 + 0.005 * event time once adopted, and 0.1 * dose.

    Examples
    --------
    >>> simulate_panel(4, 5).shape
    (20, 9)
    """
    draw = np.random.default_rng(seed)
    unit = np.repeat(np.arange(units), periods)
    period = np.tile(np.arange(1, periods + 1), units)
    dates = np.linspace(periods / 4, 3 * periods / 4, COHORTS).round().clip(3)
    place = np.arange(units)
    adoption = np.where(place % 3 == 0, np.nan, dates[place // 3 % COHORTS])[unit]
    on = draw.integers(2, periods + periods // 3 + 1, units)
    dose = (period >= on[unit]) & (period < (on + draw.integers(2, periods, units))[unit])
    event_time = period - adoption
    effect = np.where(event_time >= 0, 0.1 + 0.005 * event_time, 0.0) + 0.1 * dose
    level = draw.normal(0, 0.4, units)[unit] + draw.normal(0, 0.2, periods)[period - 1]
    noise = draw.normal(0, 0.05, len(unit))
    return pd.DataFrame(
        {
            "unit": unit,
            "district": unit % DISTRICTS,
            "period": period,
            "adoption": adoption,
            "first": np.nan_to_num(adoption),
            "treated": (event_time >= 0).astype("float64"),
            "dose": dose.astype("float64"),
            "rate": (0.5 + (level + effect) / 10 + noise).clip(0.01, 0.99),
            "cases": 1 + draw.poisson(np.exp(3 + level + effect)),
        }
    )
