"""Effects on handling times, from cases that were followed for a while: the truth comes back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.contract.measures import MEASURES, add_measures
from analysis.contract.validate import validate_panel
from analysis.effects.design import Design, design_for
from analysis.effects.estimate import estimate
from analysis.effects.registry import ESTIMATORS
from analysis.study.load import read_study
from analysis.tickets.counts.quantiles import known_quantiles

CITIES = Path(__file__).parents[2] / "notebooks" / "studies" / "cities"
HANDLING = [declared.name for declared in MEASURES if declared.scale in {"days", "log"}]
LINEAR = ("twfe", "callaway_santanna", "imputation", "sun_abraham", "two_stage", "etwfe")
UNITS, PERIODS, CASES, FOLLOWED = 120, 18, 200, 60.0
RATIO, DAYS = np.log(0.75), -1.5


@pytest.fixture(scope="module")
def study():
    return read_study(CITIES / "newyork.toml")


def design(study, outcome: str) -> Design:
    return design_for(study, study.get_level("boards"), outcome)


def simulated(scale: str) -> pd.DataFrame:
    """Draw cases, follow each for `FOLLOWED` days, and make a panel of their quantiles.

    With m = a_i + b_t for unit i and month t, and z standard normal, a case takes
    exp(1.4 + m + RATIO * D_it + 0.8 z) days if the effect is on the logarithm, so that every
    quantile of the cell is multiplied by exp(RATIO); else 5 + m + DAYS * D_it + exp(1.4 + 0.8 z)
    days, so that every quantile moves by DAYS. The last two months are not followed.
    """
    draw = np.random.default_rng(1)
    unit, period = (places.ravel() for places in np.indices((UNITS, PERIODS)))
    adoption = np.array([6, 10, np.inf])[unit % 3]
    under = (period >= adoption).astype("float64")[:, None]
    common = draw.normal(0, 0.2, UNITS)[unit] + draw.normal(0, 0.1, PERIODS)[period]
    common, noise = common[:, None], 1.4 + 0.8 * draw.normal(size=(len(unit), CASES))
    if scale == "log":
        taken = np.exp(common + RATIO * under + noise)
    else:
        taken = 5 + common + DAYS * under + np.exp(noise)
    within = np.minimum(taken, FOLLOWED)
    found = pd.DataFrame(
        {
            "followed": CASES,
            "closed_within": (within < FOLLOWED).sum(axis=1),
            "median_days": np.quantile(within, 0.5, axis=1),
            "p90_days": np.quantile(within, 0.9, axis=1),
        }
    )
    times = known_quantiles(found)[["median_days", "p90_days"]]
    start = pd.Period("2022-01", "M").ordinal
    months = pd.PeriodIndex.from_ordinals(start + period, freq="M")
    began = np.where(np.isinf(adoption), 0, adoption).astype("int64")
    times.loc[period >= PERIODS - 2] = np.nan
    panel = times.assign(
        unit=[f"board {number:02d}" for number in unit],
        district="all",
        period=months,
        complaints=CASES,
        proactive_cases=0,
        adoption_period=pd.PeriodIndex.from_ordinals(start + began, freq="M").where(
            ~np.isinf(adoption)
        ),
    )
    return add_measures(validate_panel(panel))


@pytest.mark.parametrize("estimator", LINEAR)
@pytest.mark.parametrize("outcome", ["log_median_days", "log_p90_days"])
def test_a_ratio_of_handling_times_is_recovered(study, outcome: str, estimator: str) -> None:
    """Would catch days that are not logged, or another transformation that bends small times."""
    result = estimate(simulated("log"), design(study, outcome), estimator)
    assert result.overall.value == pytest.approx(RATIO, abs=0.03)
    assert result.overall.lower < RATIO < result.overall.upper


@pytest.mark.parametrize("estimator", LINEAR)
@pytest.mark.parametrize("outcome", ["median_days", "p90_days"])
def test_a_difference_in_days_is_recovered(study, outcome: str, estimator: str) -> None:
    """Would catch effects in days that come out in log points."""
    result = estimate(simulated("days"), design(study, outcome), estimator)
    assert result.overall.value == pytest.approx(DAYS, abs=0.3)
    assert result.overall.lower < DAYS < result.overall.upper


def test_months_that_were_not_followed_are_dropped_and_counted(study) -> None:
    """Would catch open cases of the last months that count as quick, or rows lost unseen."""
    panel = simulated("log")
    result = estimate(panel, design(study, "log_median_days"), "twfe")
    assert sum(result.dropped.values()) == 2 * UNITS
    assert result.observations == len(panel) - 2 * UNITS


def test_zero_days_are_named_where_logarithms_leave_them_out(study) -> None:
    """Would catch log(1 + days), and a zero that vanishes under another name."""
    panel = simulated("log")
    panel.loc[0, "median_days"] = 0.0
    panel = add_measures(panel)
    logged = estimate(panel, design(study, "log_median_days"), "twfe")
    assert logged.dropped == {"outcome missing, or zero, which has no logarithm": 2 * UNITS + 1}
    plain = estimate(panel, design(study, "median_days"), "twfe")
    assert plain.dropped == {"outcome missing": 2 * UNITS}


@pytest.mark.parametrize("outcome", HANDLING)
def test_a_handling_time_counts_by_its_complaints_and_has_no_exposure(study, outcome) -> None:
    """Would catch the median of one case that counts as much as that of a thousand."""
    written = design(study, outcome)
    assert (written.weights, written.exposure, written.linear_form) == ("complaints", None, "level")


def test_no_model_of_counts_or_shares_takes_a_handling_time(study) -> None:
    fitting = {one.name for one in ESTIMATORS if one.fits(design(study, "median_days"))}
    assert set(LINEAR) <= fitting
    assert not {name for name in fitting if "poisson" in name or "logit" in name}
