"""Small simulated panels with a known effect."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.effects.design import Design
from analysis.effects.registry import get_estimator

# Estimators that find weights of their own.
WITHOUT_WEIGHTS = {"synthetic_did"}

MakePanel = Callable[..., pd.DataFrame]


@pytest.fixture(scope="session")
def shared_reference() -> Path:
    """The folder of all reference values, of which `reference` holds the part that is kept here."""
    folder = Path(__file__).parents[3] / "shared" / "reference"
    if not folder.is_dir():
        pytest.skip("no folder ../shared/reference beside the project")
    return folder


@pytest.fixture
def make_panel() -> MakePanel:
    return staggered_panel


@pytest.fixture
def design_for_estimator() -> Callable[[str], Design]:
    return any_design


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


def any_design(name: str) -> Design:
    """Give a design that an estimator of the registry can take, with weights if it takes them.

    It fits `staggered_panel`, with the column `dose` of `with_dose`.
    """
    estimator = get_estimator(name)
    rate = "share" in estimator.scales
    adopts = "adoption" in estimator.treatments
    weighted = rate and name not in WITHOUT_WEIGHTS
    return Design(
        "satisfaction_rate" if rate else "complaints",
        "share" if rate else "count",
        "adoption" if adopts else "dose",
        "adoption_period" if adopts else "dose",
        cluster="unit",
        weights="satisfaction_rate_weight" if weighted else None,
    )


def with_dose(panel: pd.DataFrame) -> pd.DataFrame:
    """Add a dose of 1 or 2 from adoption on, which differs between units."""
    amount = 1.0 + panel["unit"].str[-1].astype("int64") % 2
    return panel.assign(dose=amount.where(panel["period"] >= panel["adoption_period"], 0.0))


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
    panel = pd.DataFrame(
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
    return with_dose(panel)
