"""The shapes of the twin: sixteen districts, and streets within them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import logit

from analysis.effects.design import Design, Scale
from analysis.errors import ParameterError, Problem, did_you_mean
from analysis.recover.shape import Errors, Shape
from analysis.simulate.constants import (
    ADOPTION_SLOPE,
    BUILD_UP_MONTHS,
    CALLED_BACK,
    COHORTS,
    DISTRICTS,
    EFFECTS,
    MONTHS,
    PERSISTENCE,
    SPREAD,
)
from analysis.simulate.dirt import STREET_SLIPS
from analysis.simulate.paths import city_counts, city_shares, district_levels

__all__ = ["SHAPES", "built_in_shape", "districts", "streets"]

FloatArray = NDArray[np.float64]

EVENT_WINDOW = (-12, 24)
# The district's waves: the twin's six cohorts in pairs, since sixteen districts are too few to be
# split in six. Districts per wave are in proportion to its streets.
WAVES = ((0, 1), (2, 3), (4, 5))
# Assumption: a street holds about twice as many people as a town, as in the twin.
STREET_TO_TOWN = 2.0


def districts(scale: Scale = "count") -> Shape:
    """Make the shape of sixteen districts that adopt in three waves, five of them never.

    Levels are the districts' census populations times their published complaints per resident,
    months those of the city; shocks are the twin's, a district's own being the mean of its
    streets'. Waves are dealt to districts anew in each draw, to busy ones first.

    Parameters
    ----------
    scale
        ``count`` for complaints, ``share`` for satisfaction among those surveyed.
    """
    streets_each = np.array([district.streets + district.towns for district in DISTRICTS])
    size = np.array([district.population for district in DISTRICTS]) * district_levels()
    number = len(DISTRICTS)
    adopting = [sum(COHORTS[place].streets for place in wave) for wave in WAVES]
    never = streets_each.sum() - sum(adopting)
    members = _in_proportion([*adopting, int(never)], number)
    dates = [_month(COHORTS[wave[0]].start) for wave in WAVES] + [np.nan]
    # The mean of independent differences between streets has this share of their spread.
    averaged = 1 / np.sqrt(streets_each.mean())
    return _twin_shape(
        "districts",
        scale,
        clusters=np.arange(number),
        size=size,
        adoption=np.repeat(dates, members),
        averaged=float(averaged),
        volume_spread=0.0,
        missing=0.0,
        cluster="cluster",
    )


def streets(scale: Scale = "count") -> Shape:
    """Make the shape of the twin's streets and towns, which adopt one by one in six cohorts.

    Streets lie in sixteen districts, which share shocks. Errors are clustered by street, as in
    the study, because adoption is dealt to streets. A few reports never come.

    Parameters
    ----------
    scale
        As for `districts`.
    """
    district = np.repeat(np.arange(len(DISTRICTS)), [one.streets + one.towns for one in DISTRICTS])
    weight = np.concatenate(
        [np.repeat([STREET_TO_TOWN, 1.0], [one.streets, one.towns]) for one in DISTRICTS]
    )
    people = np.array([one.population for one in DISTRICTS]) * district_levels()
    size = people[district] * weight / np.bincount(district, weight)[district]
    starts = [_month(cohort.start) for cohort in COHORTS]
    members = [cohort.streets for cohort in COHORTS]
    never = len(district) - sum(members)
    spread = float(np.hypot(SPREAD["population"]["street"], SPREAD["volume"]["street"]))
    return _twin_shape(
        "streets",
        scale,
        clusters=district,
        size=size,
        adoption=np.repeat([*starts, np.nan], [*members, never]),
        averaged=1.0,
        volume_spread=spread,
        missing=(STREET_SLIPS["absent"] + STREET_SLIPS["blank"]) / (len(district) * len(MONTHS)),
        cluster="unit",
    )


SHAPES: dict[str, Callable[[Scale], Shape]] = {"districts": districts, "streets": streets}


def built_in_shape(name: str, scale: Scale = "count") -> Shape:
    """Look up a shape.

    Raises
    ------
    ParameterError
        If there is no such shape, or it has no outcome of the scale.
    """
    problems = []
    if name not in SHAPES:
        problems.append(Problem(f"no shape is called {name!r}", "", did_you_mean(name, SHAPES)))
    if scale not in EFFECT_SIZES:
        hint = did_you_mean(scale, EFFECT_SIZES)
        problems.append(Problem(f"the shapes have no outcome of scale {scale!r}", "", hint))
    if problems:
        raise ParameterError("the shape cannot be made", problems)
    return SHAPES[name](scale)


# The twin's full effects: on complaints, need and reporting together; on satisfaction, in logits.
EFFECT_SIZES = {"count": EFFECTS["need"] + EFFECTS["reporting"], "share": EFFECTS["satisfied"]}


def _twin_shape(
    name: str,
    scale: Scale,
    *,
    clusters: NDArray[np.int64],
    size: FloatArray,
    adoption: FloatArray,
    averaged: float,
    volume_spread: float,
    missing: float,
    cluster: str,
) -> Shape:
    """Make a shape from the twin's constants; `size` is each unit's part of the city's cases."""
    share = size / size.sum()
    cases = share[:, np.newaxis] * city_counts()["complaints"]
    spread = SPREAD["volume" if scale == "count" else "satisfied"]
    shocks = {
        "cluster_shock": spread["district"],
        "unit_shock": averaged * spread["shock"],
        "persistence": PERSISTENCE,
    }
    if scale == "count":
        errors = Errors(unit=volume_spread, **shocks)
        levels, path = np.log(cases).mean(axis=1), np.log(city_counts()["complaints"])
        levels, path = levels - volume_spread**2 / 2, path - path.mean()
        amount = np.ones_like(cases)
    else:
        errors = Errors(unit=averaged * spread["street"], volume=volume_spread, **shocks)
        levels, path = np.zeros(len(size)), logit(city_shares()["satisfied"])
        amount = cases
    return Shape(
        name=name,
        design=Design(
            outcome="outcome",
            scale=scale,
            treatment="adoption",
            treatment_column="adoption_period",
            cluster=cluster,
            weights="amount" if scale == "share" else None,
            event_window=EVENT_WINDOW,
        ),
        clusters=clusters.astype(np.int64),
        levels=levels,
        path=path,
        adoption=adoption,
        amount=amount,
        observed=np.full(cases.shape, 1 - missing),
        errors=errors,
        effect_size=EFFECT_SIZES[scale],
        build_up=BUILD_UP_MONTHS,
        selection=ADOPTION_SLOPE,
        reached=(CALLED_BACK["solved"], CALLED_BACK["unsolved"]) if scale == "share" else None,
    )


def _in_proportion(parts: list[int], total: int) -> NDArray[np.int64]:
    """Split a total in proportion to parts, by largest remainders."""
    exact = np.asarray(parts) * total / sum(parts)
    whole = np.floor(exact).astype(np.int64)
    whole[np.argsort(whole - exact, kind="stable")[: total - whole.sum()]] += 1
    return whole


def _month(label: str) -> float:
    return float(MONTHS.get_indexer(pd.PeriodIndex([label], freq="M"))[0])
