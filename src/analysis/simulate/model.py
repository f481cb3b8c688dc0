r"""The model of the twin: problems arise, some are reported, and reports are handled and rated.

For street or town :math:`i` of district :math:`k`, month :math:`t`, with population :math:`P_i`,
the district's published level :math:`L_k` and the strength :math:`D_{it}` of the programme (0
without it; see `analysis.simulate.adoption`):

.. math::

    \log N_{it} &= \alpha_t + \log P_i L_k + v_{it} + \theta_N D_{it} && \text{need} \\
    \log R_{it} &= \log r_t + \theta_R D_{it} && \text{propensity to report} \\
    \text{complaints}_{it} &\sim \text{Poisson}(N_{it} R_{it}) \\
    \text{consultations}_{it} &\sim
        \text{Poisson}(\exp(\beta^C_t + \log P_i L_k + v_{it} + c_{it} + \theta_C D_{it})) \\
    \text{proactive}_{it} &\sim
        \text{Poisson}(\exp(\beta^P_t + \log P_i L_k + v_{it} + p_{it} + \theta_P D_{it})) \\
    \text{surveyed}_{it} &\sim \text{Binomial}(\text{complaints}_{it}, q_{it}) \\
    y_{it} &\sim \text{Binomial}(\text{surveyed}_{it},
        \Lambda(\gamma^y_t + y^*_{it} + \theta_y D_{it})) \\
    \text{repeat}_{it} &\sim \text{Binomial}(\text{complaints}_{it},
        \Lambda(\gamma^r_t + r^*_{it} + \theta_r D_{it}))

with :math:`y` the responded, the resolved and the satisfied in turn. :math:`\Lambda` is the
logistic function, so shares near their ceiling can rise little. Each of
:math:`v, c, p, y^*, r^*` is a fixed difference between streets, plus a shock of the street and one
that the streets of a district share, both autocorrelated. City-wide reforms, the pandemic and the
season are in the month effects :math:`\alpha, \beta, \gamma, r`: common shocks, which are solved
for so that the whole city, *as observed*, meets the published figures in every month.

Non-response: residents whose matter is solved are reached with probability :math:`q_1`, the others
with :math:`q_0 > q_1`. If :math:`z_{it}` is the share solved among all complaints, then
:math:`q_{it} = q_1 z_{it} + q_0 (1 - z_{it})`, and the published share differs from it by a
constant on the logit scale, :math:`\log(q_1 / q_0)`.

The programme lowers need (:math:`\theta_N < 0`) and raises reporting (:math:`\theta_R > 0`); only
their sum shows in the data. All :math:`\theta` are `EFFECTS`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from analysis.simulate.arrays import Floats, Integers
from analysis.simulate.constants import (
    CALLED_BACK,
    DISTRICTS,
    EFFECTS,
    MONTHS,
    PERSISTENCE,
    SPREAD,
)
from analysis.simulate.paths import city_counts, city_shares, district_levels, reporting_path

__all__ = ["Baseline", "City", "World", "calibrate", "draw_baseline", "draw_counts", "expect"]

COUNTS = ("complaints", "consultations", "proactive_cases")
OF_SURVEYED = ("responded", "resolved", "satisfied")
SHARES = (*OF_SURVEYED, "repeat_complaints")


@dataclass(frozen=True, slots=True)
class Baseline:
    """What streets are like without the programme.

    Attributes
    ----------
    level
        Log of population times the district's level, shape (units,).
    differences
        Each name of `SPREAD` but population -> deviation from the city, shape (units, months).
    """

    level: Floats
    differences: dict[str, Floats]


@dataclass(frozen=True, slots=True)
class City:
    """The month effects: name of a count or share -> intercept, shape (months,)."""

    effects: dict[str, Floats]


@dataclass(frozen=True, slots=True)
class World:
    """What is expected, given all shocks, in one potential world.

    Attributes
    ----------
    need
        Problems, shape (units, months).
    reporting
        Share of problems that is reported, shape (units, months).
    counts
        Column of the data contract -> expected count, shape (units, months).
    """

    need: Floats
    reporting: Floats
    counts: dict[str, Floats]


def draw_baseline(register: pd.DataFrame, rng: np.random.Generator) -> Baseline:
    """Draw how streets differ, for good and from month to month.

    Parameters
    ----------
    register
        From `analysis.simulate.streets.draw_streets`.
    rng
        Source of all differences and shocks.
    """
    names = [district.name for district in DISTRICTS]
    district = np.array([names.index(name) for name in register["district"]])
    people = register["population"].to_numpy(dtype=float)
    differences = {}
    for name, spread in SPREAD.items():
        if name == "population":
            continue
        street = rng.normal(0.0, spread["street"], len(register))
        if name == "volume":
            street -= _log_weighted_mean(street, people, district)
        shocks = _shocks(len(register), spread["shock"], rng)
        shared = _shocks(len(DISTRICTS), spread["district"], rng)
        differences[name] = street[:, np.newaxis] + shocks + shared[district]
    return Baseline(np.log(people * district_levels()[district]), differences)


def _log_weighted_mean(effect: Floats, weight: Floats, group: Integers) -> Floats:
    """Return what must be taken off so that the effects keep each district's published level."""
    total = np.bincount(group, weight * np.exp(effect)) / np.bincount(group, weight)
    return np.log(total)[group]


def _shocks(rows: int, spread: float, rng: np.random.Generator) -> Floats:
    """Draw stationary shocks, each month's correlated with that of the month before."""
    fresh = rng.normal(0.0, spread, (rows, len(MONTHS)))
    shocks = fresh.copy()
    for month in range(1, len(MONTHS)):
        carried = PERSISTENCE * shocks[:, month - 1]
        shocks[:, month] = carried + np.sqrt(1 - PERSISTENCE**2) * fresh[:, month]
    return shocks


def calibrate(baseline: Baseline, strength: Floats) -> City:
    """Solve for the month effects with which the city meets its published figures.

    Parameters
    ----------
    baseline
        How streets differ.
    strength
        Strength of the programme, shape (units, months): the figures are of the world with it.
    """
    effects: dict[str, Floats] = {}
    blank = City({name: np.zeros(len(MONTHS)) for name in COUNTS})
    for name, target in city_counts().items():
        effects[name] = np.log(target / _count(name, baseline, blank, strength).sum(axis=0))
    weights = _count("complaints", baseline, City(effects), strength)
    for name, target in city_shares().items():
        effects[name] = _intercepts(_index(name, baseline, strength), weights, target)
    return City(effects)


def _intercepts(index: Floats, weights: Floats, target: Floats) -> Floats:
    """Find the month effects that give shares their weighted mean, by halving an interval.

    Weights are complaints; those surveyed are nearly in proportion. A target of 1 gives infinity.
    """
    low, high = np.full(target.shape, -20.0), np.full(target.shape, 20.0)
    for _ in range(60):
        middle = (low + high) / 2
        mean = (weights * expit(middle + index)).sum(axis=0) / weights.sum(axis=0)
        low, high = np.where(mean < target, middle, low), np.where(mean < target, high, middle)
    return np.where(target == 1.0, np.inf, (low + high) / 2)


def expect(baseline: Baseline, city: City, strength: Floats) -> World:
    """Work out what is expected at a given strength of the programme.

    Parameters
    ----------
    baseline, city
        How streets differ, and the month effects.
    strength
        Shape (units, months); zeros give the world in which the programme never began.
    """
    reporting = reporting_path() * np.exp(EFFECTS["reporting"] * strength)
    counts = {name: _count(name, baseline, city, strength) for name in COUNTS}
    shares = {name: expit(city.effects[name] + _index(name, baseline, strength)) for name in SHARES}
    counts["surveyed"] = counts["complaints"] * _reached(shares["resolved"])
    for name in OF_SURVEYED:
        counts[name] = counts["surveyed"] * shares[name]
    counts["repeat_complaints"] = counts["complaints"] * shares["repeat_complaints"]
    return World(counts["complaints"] / reporting, reporting, counts)


def _count(name: str, baseline: Baseline, city: City, strength: Floats) -> Floats:
    logged = baseline.level[:, np.newaxis] + baseline.differences["volume"] + city.effects[name]
    if name == "complaints":
        return np.exp(logged + (EFFECTS["need"] + EFFECTS["reporting"]) * strength)
    return np.exp(logged + baseline.differences[name] + EFFECTS[name] * strength)


def _index(name: str, baseline: Baseline, strength: Floats) -> Floats:
    return baseline.differences[name] + EFFECTS[name] * strength


def _reached(resolved: Floats) -> Floats:
    """Share of complaints that the call-back reaches, given the share resolved of those reached."""
    solved = expit(logit(resolved) - np.log(CALLED_BACK["solved"] / CALLED_BACK["unsolved"]))
    reached: Floats = CALLED_BACK["solved"] * solved + CALLED_BACK["unsolved"] * (1 - solved)
    return reached


def draw_counts(world: World, rng: np.random.Generator) -> dict[str, Integers]:
    """Draw the counts that the city would record.

    Parameters
    ----------
    world
        What is expected.
    rng
        Source of the draws.

    Returns
    -------
    dict
        Column of the data contract -> count, shape (units, months), within the contract's bounds.
    """
    drawn = {name: rng.poisson(_settled(world.counts[name])) for name in COUNTS}
    drawn["surveyed"] = _thin(drawn["complaints"], "surveyed", "complaints", world, rng)
    for name in OF_SURVEYED:
        drawn[name] = _thin(drawn["surveyed"], name, "surveyed", world, rng)
    drawn["repeat_complaints"] = _thin(
        drawn["complaints"], "repeat_complaints", "complaints", world, rng
    )
    return drawn


def _thin(trials: Integers, name: str, of: str, world: World, rng: np.random.Generator) -> Integers:
    share = world.counts[name] / world.counts[of]
    return rng.binomial(trials, np.minimum(_settled(share), 1.0))


def _settled(expected: Floats) -> Floats:
    """Round away the last digits, in which processors differ, so that every one draws the same."""
    return np.round(expected, 6)
