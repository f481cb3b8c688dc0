r"""What cases are about: the mix over categories, district by district, and how staff follow it.

For district :math:`k`, month :math:`t` and category :math:`c`, complaints have the mix
:math:`\pi_{ktc}`: published weights, differences between districts, the epidemic, and monthly
topics, each of which lowers its category city-wide. Staff look where they are used to look,
:math:`s_{ktc}`, and where residents complained in the three months before, :math:`q_{ktc}`:

.. math::

    \sigma_{ktc} = (1 - w_{kt}) s_{ktc} + w_{kt} q_{ktc}, \qquad
    w_{kt} = w_t + \theta_w \bar D_{kt},

with :math:`\bar D_{kt}` the strength of the programme over the district's population. Complaints
and proactive cases of a district-month are multinomial with these mixes, so the measure
`targeting` rises with :math:`w` in proportion to how far habit is from demand.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.contract.measures import targeting
from analysis.simulate.arrays import Floats, Integers
from analysis.simulate.constants import (
    CATEGORY_WEIGHTS,
    DISTRICTS,
    EPIDEMIC_CATEGORY,
    EPIDEMIC_FACTOR,
    HABIT_WEIGHTS,
    MONTHS,
    TARGETING_BASE,
    TARGETING_EFFECT,
    TOPIC_FALL,
    TOPIC_PUSH,
    TOPICS,
)

__all__ = ["Mix", "draw_categories", "draw_mix", "expected_targeting"]

CATEGORIES = tuple(CATEGORY_WEIGHTS)
DISTRICT_SPREAD = 0.20  # assumption: standard deviation of a district's log weights
LAG_MONTHS = 3  # the quarter before, as in the measure
# Draws over which the expected measure is averaged: its error is then below 0.0005.
REPETITIONS = 10

Mix = tuple[Floats, Floats]


def draw_mix(strength: Floats, rng: np.random.Generator) -> Mix:
    """Draw how districts differ and return the mix of complaints and that of proactive cases.

    Parameters
    ----------
    strength
        Strength of the programme over the district's population, shape (districts, months).
    rng
        Source of the differences between districts; the same state gives the same districts.

    Returns
    -------
    tuple
        Two arrays of shape (districts, months, categories) that add up to 1 over categories.
    """
    shape = (len(DISTRICTS), 1, len(CATEGORIES))
    demand = _month_weights() * np.exp(rng.normal(0.0, DISTRICT_SPREAD, shape))
    habit = _habit_weights() * np.exp(rng.normal(0.0, DISTRICT_SPREAD, shape))
    demand /= demand.sum(axis=2, keepdims=True)
    habit /= habit.sum(axis=2, keepdims=True)
    weight = np.linspace(*TARGETING_BASE, len(MONTHS)) + TARGETING_EFFECT * strength
    follow = weight[:, :, np.newaxis]
    return demand, (1 - follow) * habit + follow * _quarter_before(demand)


def _month_weights() -> Floats:
    weights = np.tile(list(CATEGORY_WEIGHTS.values()), (len(MONTHS), 1))
    epidemic = np.array([EPIDEMIC_FACTOR[year] for year in MONTHS.year])
    weights[:, CATEGORIES.index(EPIDEMIC_CATEGORY)] *= epidemic
    for year, names in TOPICS.items():
        progress = np.clip((MONTHS.year - year) + MONTHS.month / 12, 0.0, 1.0)
        for name in names:
            weights[:, CATEGORIES.index(name)] *= np.exp(TOPIC_FALL * progress)
    return weights


def _habit_weights() -> Floats:
    weights = np.tile([HABIT_WEIGHTS[name] for name in CATEGORIES], (len(MONTHS), 1))
    for year, names in TOPICS.items():
        for name in names:
            weights[MONTHS.year == year, CATEGORIES.index(name)] *= np.exp(TOPIC_PUSH)
    return weights


def _quarter_before(demand: Floats) -> Floats:
    """Average the mix of the three months before; the first months look at the first."""
    months = np.arange(len(MONTHS))
    before = [demand[:, np.maximum(months - lag, 0)] for lag in range(1, LAG_MONTHS + 1)]
    mean: Floats = np.mean(before, axis=0)
    return mean


def draw_categories(
    complaints: Integers, proactive: Integers, mix: Mix, rng: np.random.Generator
) -> pd.DataFrame:
    """Split each district's cases of a month over categories.

    Parameters
    ----------
    complaints, proactive
        Whole numbers of cases, shape (districts, months).
    mix
        From `draw_mix`.
    rng
        Source of the split.

    Returns
    -------
    pandas.DataFrame
        One row per `unit` (the district), `period` and `category`, with `complaints` and
        `proactive_cases`; over categories they add up to what was given.
    """
    split = [
        _split(cases, shares, rng)
        for cases, shares in zip((complaints, proactive), mix, strict=True)
    ]
    names = pd.Index([district.name for district in DISTRICTS], name="unit")
    rows = pd.MultiIndex.from_product(
        [names, MONTHS, list(CATEGORIES)], names=["unit", "period", "category"]
    )
    cases = {"complaints": split[0].ravel(), "proactive_cases": split[1].ravel()}
    return pd.DataFrame(cases, index=rows).reset_index()


def _split(cases: Integers, shares: Floats, rng: np.random.Generator) -> Integers:
    # Rounded, so that every processor draws the same; the last category takes the remainder.
    settled = np.round(shares, 9)
    settled[..., -1] = np.maximum(1.0 - settled[..., :-1].sum(axis=-1), 0.0)
    return rng.multinomial(cases, settled)


def expected_targeting(
    complaints: Floats, proactive: Floats, mix: Mix, rng: np.random.Generator
) -> Floats:
    """Return the expected value of the measure `targeting`, shape (districts, months).

    Small counts bring the measured mixes apart by chance alone, so the expectation is an average
    over draws, not the measure of the expected mixes.

    Parameters
    ----------
    complaints, proactive
        Expected cases, shape (districts, months).
    mix
        From `draw_mix`.
    rng
        Source of the draws.
    """
    total = np.zeros(complaints.shape)
    for _ in range(REPETITIONS):
        whole = [np.rint(cases).astype(np.int64) for cases in (complaints, proactive)]
        measured = targeting(draw_categories(whole[0], whole[1], mix, rng), LAG_MONTHS)
        by_month = measured.pivot(index="unit", columns="period", values="targeting")
        total += by_month.loc[[district.name for district in DISTRICTS]].to_numpy()
    return total / REPETITIONS
