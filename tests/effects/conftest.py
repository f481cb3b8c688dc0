"""Small simulated panels with a known effect."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from analysis.effects.design import Design

MakePanel = Callable[..., pd.DataFrame]


@pytest.fixture
def make_panel() -> MakePanel:
    return staggered_panel


@pytest.fixture
def count_design() -> Design:
    return Design("complaints", "count", "adoption", "adoption_period", cluster="unit")


@pytest.fixture
def rate_design() -> Design:
    return Design(
        "satisfaction_rate",
        "share",
        "adoption",
        "adoption_period",
        cluster="unit",
        weights="satisfaction_rate_weight",
    )


def staggered_panel(
    seed: int = 1,
    *,
    units: int = 60,
    periods: int = 24,
    effect: float = -0.2,
    growth: float = 0.0,
    overdispersion: float = 0.05,
    districts: int = 12,
) -> pd.DataFrame:
    """Draw a panel in which a third of units never adopts and the rest in two cohorts.

    log E[complaints] = unit + period + effect + growth * event time, once adopted; the same
    effect, divided by 2, is added to the satisfaction rate. Counts are negative binomial with
    variance mean + overdispersion * mean^2.
    """
    draw = np.random.default_rng(seed)
    unit = np.repeat(np.arange(units), periods)
    period = np.tile(np.arange(periods), units)
    adoption = np.array([periods // 3, 2 * periods // 3, np.nan])[unit % 3]
    event_time = period - adoption
    gain = np.where(event_time >= 0, effect + growth * event_time, 0.0)
    level = draw.normal(3.5, 0.4, units)[unit] + draw.normal(0, 0.2, periods)[period]
    mean = np.exp(level + gain)
    shape = 1 / overdispersion
    surveyed = draw.integers(30, 300, len(unit))
    chance = np.clip(0.6 + draw.normal(0, 0.05, units)[unit] + gain / 2, 0.01, 0.99)
    satisfied = draw.binomial(surveyed, chance)
    start = pd.Period("2020-01", freq="M").ordinal
    return pd.DataFrame(
        {
            "unit": [f"street {number:03d}" for number in unit],
            "district": [f"district {number % districts:02d}" for number in unit],
            "period": pd.PeriodIndex.from_ordinals(start + period, freq="M"),
            "adoption_period": pd.PeriodIndex.from_ordinals(
                (start + np.nan_to_num(adoption)).astype("int64"), freq="M"
            ).where(~np.isnan(adoption)),
            "complaints": pd.array(draw.negative_binomial(shape, shape / (shape + mean)), "Int64"),
            "satisfaction_rate": satisfied / surveyed,
            "satisfaction_rate_weight": surveyed.astype("float64"),
        }
    )
