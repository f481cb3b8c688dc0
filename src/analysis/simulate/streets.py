"""The register of the twin's streets and towns, as they are at the end of the study."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.simulate.arrays import Integers
from analysis.simulate.constants import DISTRICTS, SPREAD, District

__all__ = ["draw_streets"]


def draw_streets(rng: np.random.Generator) -> pd.DataFrame:
    """Draw the register: who lives where.

    Parameters
    ----------
    rng
        Source of the split of each district's census population over its streets and towns.

    Returns
    -------
    pandas.DataFrame
        One row per street or town, district by district, with `unit` (a numbered name that no
        real street has), `district` and `population`; populations add up to the census.

    Examples
    --------
    >>> register = draw_streets(np.random.default_rng(1))
    >>> len(register), register["unit"].iloc[2]
    (343, '东城第03街道')
    """
    parts = [
        pd.DataFrame(
            {
                "unit": _names(district),
                "district": district.name,
                "population": _split(district, rng),
            }
        )
        for district in DISTRICTS
    ]
    return pd.concat(parts, ignore_index=True)


def _names(district: District) -> list[str]:
    kinds = ["街道"] * district.streets + ["镇"] * district.towns
    return [f"{district.short}第{number:02d}{kind}" for number, kind in enumerate(kinds, start=1)]


def _split(district: District, rng: np.random.Generator) -> Integers:
    units = district.streets + district.towns
    weights = np.exp(rng.normal(0.0, SPREAD["population"]["street"], units))
    # Assumption: a street holds about twice as many people as a town.
    weights[: district.streets] *= 2.0
    shares = np.round(weights / weights.sum(), 6)
    people: Integers = np.floor(shares * district.population).astype(np.int64)
    people[np.argmax(people)] += district.population - people.sum()
    return people
