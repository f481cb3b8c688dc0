"""What the whole city's figures are in each month: the targets that the twin is calibrated to."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from analysis.simulate.arrays import Floats
from analysis.simulate.constants import (
    DISTRICTS,
    MONTHS,
    PROACTIVE_RATIO,
    RATE_PATHS,
    REPEAT_SHARE,
    REPORTING_PROPENSITY,
    SEASON,
    SURGE_2022,
    YEARLY_ACCEPTED,
    YEARLY_COMPLAINTS,
)

__all__ = ["city_counts", "city_shares", "district_levels", "reporting_path"]

CASES = 10_000  # the published totals are in ten thousand cases


def city_counts() -> dict[str, Floats]:
    """Return the city's expected counts by month.

    Returns
    -------
    dict
        `complaints`, `consultations` and `proactive_cases`, each of shape (months,), in cases.
        Complaints and consultations of a year add up to the year's total.

    Examples
    --------
    >>> bool(np.isclose(city_counts()["complaints"][:12].sum(), 2_519_700))
    True
    """
    consultations = {
        year: YEARLY_ACCEPTED[year] - YEARLY_COMPLAINTS[year] for year in YEARLY_ACCEPTED
    }
    ordinary = consultations | {2022: (consultations[2021] + consultations[2023]) / 2}
    surge = np.where(MONTHS.year == 2022, np.tile(SURGE_2022, len(MONTHS) // 12), 1.0)
    complaints = _months_of(YEARLY_COMPLAINTS, _between_years(YEARLY_COMPLAINTS) * _season())
    return {
        "complaints": complaints,
        "consultations": _months_of(consultations, _between_years(ordinary) * _season() * surge),
        "proactive_cases": complaints * _between_years(PROACTIVE_RATIO),
    }


def city_shares() -> dict[str, Floats]:
    """Return the city's shares by month.

    Returns
    -------
    dict
        `responded`, `resolved` and `satisfied` (of those surveyed) and `repeat_complaints` (of
        complaints), each of shape (months,), 0 to 1. `responded` is exactly 1 to 2019-10.
    """
    shares = {name: _between_points(points) for name, points in RATE_PATHS.items()}
    shares["responded"][MONTHS.slice_indexer(end="2019-10")] = 1.0
    return shares | {"repeat_complaints": _between_points(REPEAT_SHARE)}


def reporting_path() -> Floats:
    """Return the share of problems that is reported without the programme, shape (months,)."""
    return _between_years(REPORTING_PROPENSITY)


def district_levels() -> Floats:
    """Return each district's complaints per resident relative to the city's, shape (districts,).

    Where a district published a volume, it is that volume over the city's in the same months, per
    resident. The others share one level, which makes the population-weighted mean 1.
    """
    complaints = city_counts()["complaints"]
    people = np.array([district.population for district in DISTRICTS], dtype=float)
    levels = np.full(len(DISTRICTS), np.nan)
    for place, district in enumerate(DISTRICTS):
        if district.published is not None:
            months = MONTHS.slice_indexer(district.published.first, district.published.last)
            city = complaints[months].sum() / people.sum()
            levels[place] = district.published.cases / district.population / city
    unknown = np.isnan(levels)
    left = people.sum() - (people * levels)[~unknown].sum()
    levels[unknown] = left / people[unknown].sum()
    return levels


def _season() -> Floats:
    return np.tile(SEASON, len(MONTHS) // 12)


def _between_years(yearly: Mapping[int, float]) -> Floats:
    """Run in a straight line, on the log scale, from the middle of one year to that of the next."""
    middles = [year + 0.5 for year in yearly]
    time = MONTHS.year + (MONTHS.month - 0.5) / 12
    return np.exp(np.interp(time, middles, np.log(list(yearly.values()))))


def _months_of(yearly: Mapping[int, float], profile: Floats) -> Floats:
    """Scale a profile over months so that each year adds up to its total."""
    scaled = profile.copy()
    for year, total in yearly.items():
        months = MONTHS.year == year
        scaled[months] *= total * CASES / scaled[months].sum()
    return scaled


def _between_points(points: Mapping[str, float]) -> Floats:
    known = MONTHS.get_indexer(pd.PeriodIndex(list(points), freq="M"))
    path: Floats = expit(np.interp(np.arange(len(MONTHS)), known, logit(list(points.values()))))
    return path
