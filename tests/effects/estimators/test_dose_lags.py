"""Distributed lags: fixest's numbers, the truth in logs and counts, rows without lags, Nickell."""

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.effects.design import Design
from analysis.effects.estimate import estimate
from analysis.effects.estimators.dose_lags import estimate_dose_lags, estimate_dose_lags_poisson
from analysis.effects.estimators.twfe import estimate_twfe
from analysis.errors import DesignError

SIM3 = pd.read_csv(Path(__file__).parents[1] / "reference" / "sim3_anticipation_dose.csv")
SIM3_DESIGN = Design("y", "level", "dose", "dose", cluster="unit", period="t", leads=2)
LAGS = (0.3, 0.2, -0.1)


def dose_panel(seed, units=80, periods=20):
    """Draw counts and levels that follow a dose of this period and of the two before."""
    draw = np.random.default_rng(seed)
    dose = draw.gamma(0.5, size=(units, periods))
    effect = sum(
        size * np.pad(dose, ((0, 0), (lag, 0)))[:, :periods] for lag, size in enumerate(LAGS)
    )
    level = draw.normal(2, 0.5, (units, 1)) + draw.normal(0, 0.2, periods) + effect
    return pd.DataFrame(
        {
            "unit": np.repeat(np.arange(units), periods),
            "period": np.tile(np.arange(periods), units),
            "dose": dose.ravel(),
            "y": (level + draw.normal(0, 0.5, level.shape)).ravel(),
            "count": draw.poisson(np.exp(level)).ravel().astype(float),
        }
    )


def test_leads_agree_with_fixest():
    """R's fixest 0.14.2: y ~ dose + F1dose + F2dose | unit + t, the last two periods dropped."""
    result = estimate(SIM3, SIM3_DESIGN, "dose_lags", "CR1")
    frame = result.event_time
    assert frame.index.tolist() == [-2, -1, 0]
    expected = [0.05207728974958, 0.108852338178333, 0.178654582853032]
    np.testing.assert_allclose(frame["value"], expected, rtol=1e-9)
    assert result.overall.value == pytest.approx(expected[-1], rel=1e-9)
    assert result.dropped == {"dose not known in all lags and leads": 120}


@pytest.mark.parametrize(
    ("estimator", "outcome"), [("dose_lags", "y"), ("dose_lags_poisson", "count")]
)
def test_recovers_each_lag_and_their_sum(estimator, outcome):
    scale = "count" if estimator.endswith("poisson") else "level"
    design = Design(outcome, scale, "dose", "dose", cluster="unit", lags=2, leads=1)
    result = estimate(dose_panel(1), design, estimator, "CR1")
    frame = result.event_time
    truth = np.array([0.0, *LAGS])
    assert ((frame["value"] - truth) / frame["standard_error"]).abs().max() < 3.5
    assert abs(result.overall.value - sum(LAGS)) < 3 * result.overall.standard_error < 0.15
    after = (frame.index >= 0).astype(float)
    variance = after @ result.event_time_vcov @ after
    assert result.overall.standard_error == pytest.approx(np.sqrt(variance), rel=1e-9)


def test_rows_without_an_outcome_still_tell_their_dose():
    """Catches lags that are looked up among the rows that are used."""
    panel = dose_panel(1)
    gone = (panel["period"] == 7) & (panel["unit"] < 40)
    panel.loc[gone, "y"] = np.nan
    design = Design("y", "level", "dose", "dose", cluster="unit", lags=2)
    sample = estimate_dose_lags(panel, design).sample
    assert sample.dropped == {
        "outcome missing": 40,
        "dose not known in all lags and leads": 2 * 80,
    }


def test_lags_go_by_periods_not_by_rows():
    """Catches a lag that is the row before, although a period is missing."""
    panel = dose_panel(1)
    design = Design("y", "level", "dose", "dose", cluster="unit", lags=1)
    gaps = panel[~((panel["unit"] == 3) & (panel["period"] == 9))].reset_index(drop=True)
    sample = estimate_dose_lags(gaps, design).sample
    assert sample.dropped == {"dose not known in all lags and leads": 80 + 1}


def test_more_lags_than_periods_are_refused():
    design = Design("y", "level", "dose", "dose", cluster="unit", lags=30)
    with pytest.raises(DesignError, match="no row has 30 lags and 0 leads"):
        estimate_dose_lags(dose_panel(1), design)


def test_weights_are_refused_for_counts():
    design = Design("count", "count", "dose", "dose", cluster="unit", weights="y", lags=1)
    with pytest.raises(DesignError, match="Poisson regression is not weighted"):
        estimate_dose_lags_poisson(dose_panel(1), design)


def test_an_own_lag_among_the_controls_is_noted_with_its_bias():
    """Nickell (1981): with rho = 0.5 and 9 periods, about -(1 + rho) / (T - 1)."""
    draw = np.random.default_rng(3)
    units, periods = 2000, 10
    outcome = np.zeros((units, periods))
    outcome[:, 0] = draw.normal(size=units)
    for period in range(1, periods):
        outcome[:, period] = 0.5 * outcome[:, period - 1] + draw.normal(size=units)
    panel = pd.DataFrame(
        {
            "unit": np.repeat(np.arange(units), periods),
            "period": np.tile(np.arange(periods), units),
            "dose": draw.normal(size=units * periods),
            "y": outcome.ravel(),
        }
    )
    panel["before"] = panel.groupby("unit")["y"].shift()
    design = Design("y", "level", "dose", "dose", cluster="unit", controls=("before",))
    for function in (estimate_twfe, estimate_dose_lags):
        effects = function(panel, design)
        [note] = effects.notes
        rho = float(effects.evidence.fit.coefficients[1])
        # What the note says must be what has happened.
        assert rho - 0.5 == pytest.approx(-(1 + rho) / 8, abs=0.03)
        assert "before is the outcome's own lag" in note
        assert f"{-(1 + rho) / 8:.2g}" in note
    assert estimate_twfe(panel, dataclasses.replace(design, controls=())).notes == ()
