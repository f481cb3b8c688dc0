"""The jackknife measures chance, not that cohorts differ."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from analysis.effects.design import Design
from analysis.effects.estimate import estimate
from analysis.effects.registry import ESTIMATORS, get_estimator

# Their coefficients weigh cohorts and periods by themselves.
COEFFICIENTS = {"twfe", "twfe_event_study", "twfe_trends", "poisson", "fractional_logit"}
AVERAGES = [
    one.name for one in ESTIMATORS if "adoption" in one.treatments and one.name not in COEFFICIENTS
]
SCALES = {"etwfe_poisson": "count", "etwfe_logit": "share"}
# Synthetic difference-in-differences takes balanced panels only.
PANELS = [(name, True) for name in AVERAGES]
PANELS += [(name, False) for name in AVERAGES if name != "synthetic_did"]
ROUNDING = 1e-9


def without_noise(scale: str, complete: bool, cohorts=(5,) * 4 + (7,) * 5 + (10,) * 4):
    """Draw weights, but no outcomes: effects differ by cohort and grow, and nothing else varies.

    Units of a cohort are alike, so that trends are parallel for every model. In a panel that is
    not complete each unit lacks a period, no two of a cohort the same one.
    """
    draw = np.random.default_rng(4)
    adoption = np.r_[np.array(cohorts, dtype=float), np.full(7, np.nan)]
    unit, period = (codes.ravel() for codes in np.indices((len(adoption), 14)))
    cohort = np.nan_to_num(adoption, nan=3.0)[unit]
    elapsed = period - adoption[unit]
    effect = np.where(elapsed >= 0, 0.1 * (cohort - 6) * (1 + 0.1 * elapsed), 0.0)
    index = 0.04 * cohort + 0.05 * np.sin(period) + effect
    outcome = {"level": index, "count": 100 * np.exp(index), "share": 1 / (1 + np.exp(-index))}
    weight = draw.uniform(1, 5, len(unit))
    columns = {"unit": unit, "period": period, "adoption": adoption[unit], "weight": weight}
    panel = pd.DataFrame({**columns, "y": outcome[scale]})
    kept = complete | (period != 3 * unit % 14)
    return panel[kept].reset_index(drop=True)


def design_of(estimator: str) -> Design:
    scale = SCALES.get(estimator, "level")
    weighted = scale != "count" and estimator != "synthetic_did"
    weights = "weight" if weighted else None
    return Design("y", scale, "adoption", "adoption", cluster="unit", weights=weights)


@pytest.mark.parametrize(("estimator", "complete"), PANELS)
def test_no_noise_leaves_no_error_in_any_average(estimator, complete):
    """Catches weights of cohorts that change with the cluster that is left out."""
    design = design_of(estimator)
    result = estimate(without_noise(design.scale, complete), design, estimator, "jackknife")
    found = result.estimates
    assert found["value"].abs().max() > 0.1
    assert found["standard_error"].max() < ROUNDING
    assert found["standard_error"].notna().all()


@pytest.mark.parametrize("estimator", AVERAGES)
def test_targets_are_the_averages_of_cells_that_they_are_said_to_be(make_panel, estimator):
    """Catches weights that are those of another average, or of none."""
    design = design_of(estimator)
    panel = without_noise(design.scale, complete=True)
    noise = np.random.default_rng(1).normal(size=len(panel))
    panel["y"] *= np.exp(0.1 * noise) if design.scale == "count" else 1 + 0.05 * noise
    found = get_estimator(estimator).function(panel, dataclasses.replace(design, weights=None))
    averages = found.cells()
    made = averages.targets(averages.effects.to_numpy()[None, :])[0]
    values = found.targets["value"].to_numpy()
    known = ~np.isnan(made)
    np.testing.assert_allclose(made[known], values[known], rtol=1e-9, atol=1e-12)
    after = ~(found.targets["event_time"] < 0).to_numpy()
    assert known[after].all()


def test_with_noise_the_error_is_that_of_estimating_again(make_panel, rate_design):
    """Where one cohort makes an average, no weights can be held, and nothing may change."""
    panel = make_panel(3, units=18, periods=12)
    panel = panel[panel["adoption_period"] != panel["adoption_period"].max()]
    panel = panel.reset_index(drop=True)
    design = dataclasses.replace(rate_design, weights=None)
    function = get_estimator("callaway_santanna").function
    result = estimate(panel, design, "callaway_santanna", "jackknife")
    values = [
        function(panel[panel["unit"] != unit].reset_index(drop=True), design).targets["value"]
        for unit in panel["unit"].unique()
    ]
    gaps = np.array(values) - result.estimates["value"].to_numpy()
    expected = np.sqrt((len(gaps) - 1) / len(gaps) * (gaps**2).sum(axis=0))
    np.testing.assert_allclose(result.estimates["standard_error"], expected, atol=1e-12)


@pytest.mark.parametrize("estimator", ["callaway_santanna", "sun_abraham", "imputation"])
def test_a_cohort_in_one_cluster_counts_as_chance(estimator):
    """Without that cluster the cohort has no effect; the others keep their proportions."""
    panel = without_noise("level", complete=True, cohorts=(5, 5, 5, 7, 7, 7, 7, 10))
    design = dataclasses.replace(design_of(estimator), weights=None)
    result = estimate(panel, design, estimator, "jackknife")
    rows = result.estimates
    cohorts = rows[rows["kind"] == "cohort"].set_index("cohort")
    means, sizes = cohorts["value"].loc[[5, 7, 10]], [3, 4, 1]
    overall = np.average(means, weights=sizes)
    without = np.average(means[:2], weights=sizes[:2])
    clusters = result.clusters
    expected = np.sqrt((clusters - 1) / clusters) * abs(overall - without)
    row = rows[(rows["kind"] == "overall") & (rows["averaging"] == "cohort")].iloc[0]
    assert row["value"] == pytest.approx(overall)
    assert row["standard_error"] == pytest.approx(expected, rel=1e-6)
    assert np.isnan(cohorts.loc[10, "standard_error"])
