"""Poisson with fixed effects: the true log effect, overdispersed counts, zeros and separation."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from analysis.effects.estimate import estimate
from analysis.effects.estimators.poisson import estimate_poisson
from analysis.errors import DesignError


def test_recovers_the_log_effect_under_overdispersion(make_panel, count_design):
    """Catches a wrong link or offset; an error of the size of a Poisson's would be too small."""
    result = estimate(make_panel(3, units=120, overdispersion=0.3), count_design, "poisson")
    assert abs(result.overall.value + 0.2) < 2.5 * result.overall.standard_error
    assert 0.02 < result.overall.standard_error < 0.08


def test_means_fit_the_counts(make_panel, count_design):
    """At the optimum the treatment's score is zero; catches a fit that has not converged."""
    panel = make_panel(3)
    value = estimate_poisson(panel, count_design).targets["value"].iloc[0]
    treated = (panel["period"] >= panel["adoption_period"]).to_numpy(float)
    counts = panel["complaints"].to_numpy(float)
    unit = np.unique(panel["unit"], return_inverse=True)[1]
    period = panel["period"].array.asi8 - panel["period"].array.asi8.min()
    means = np.exp(value * treated)
    for _ in range(500):
        # Iterative proportional fitting of the fixed effects, another algorithm altogether.
        means *= (np.bincount(unit, counts) / np.bincount(unit, means))[unit]
        means *= (np.bincount(period, counts) / np.bincount(period, means))[period]
    assert treated @ (counts - means) == pytest.approx(0, abs=1e-5)


def test_zeros_are_kept_and_units_of_zeros_only_are_counted(make_panel, count_design):
    panel = make_panel(3)
    empty = panel["unit"] == "street 002"
    panel.loc[empty, "complaints"] = 0
    panel.loc[panel.index[0], "complaints"] = 0
    sample = estimate_poisson(panel, count_design).sample
    assert sample.observations == len(panel) - empty.sum()
    [reason] = sample.dropped
    assert "only zeros" in reason
    assert sample.unit_count == 59


def test_zeros_that_unit_and_period_effects_predict_are_refused(count_design):
    """Catches an error of the library's own where no group is all zeros, yet some zeros are sure.

    Units 0 to 4 have cases in the first half only; units 5 to 9 are observed in the second only.
    """
    draw = np.random.default_rng(1)
    rows = [(unit, period) for unit in range(10) for period in range(12) if unit < 5 or period > 5]
    panel = pd.DataFrame(rows, columns=["unit", "period"])
    panel["dose"] = draw.normal(size=len(panel))
    panel["complaints"] = draw.poisson(20, len(panel)) + 1
    panel.loc[(panel["unit"] < 5) & (panel["period"] > 5), "complaints"] = 0
    design = dataclasses.replace(count_design, treatment="dose", treatment_column="dose")
    with pytest.raises(DesignError, match="Poisson model of 'complaints' has no finite estimate"):
        estimate_poisson(panel, design)


def test_a_treatment_that_predicts_its_zeros_is_refused(make_panel, count_design):
    """Catches an estimate that runs off to minus infinity, and an error of the library's own."""
    panel = make_panel(3).assign(dose=0.0)
    treated = panel["unit"].isin(["street 004", "street 011"]) & (panel["period"] > "2021-01")
    panel.loc[treated, "dose"] = 1.0 + np.arange(treated.sum()) % 3
    panel.loc[treated, "complaints"] = 0
    design = dataclasses.replace(count_design, treatment="dose", treatment_column="dose")
    with pytest.raises(DesignError, match="Poisson model of 'complaints' has no finite estimate"):
        estimate_poisson(panel, design)


def test_few_clusters_get_the_score_bootstrap(make_panel, count_design):
    design = dataclasses.replace(count_design, cluster="district")
    result = estimate(make_panel(3), design, "poisson")
    assert "score bootstrap by district" in result.inference
    assert "12 clusters" in result.inference
    assert result.overall.lower < result.overall.value < result.overall.upper


def test_weights_are_refused(make_panel, count_design):
    """Catches weights that are asked for and silently left out."""
    weighted = dataclasses.replace(count_design, weights="satisfaction_rate_weight")
    with pytest.raises(DesignError, match="Poisson regression is not weighted"):
        estimate(make_panel(1), weighted, "poisson")
