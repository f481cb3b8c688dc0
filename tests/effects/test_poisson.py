"""Poisson with fixed effects: the true log effect, overdispersed counts, zeros and separation."""

import dataclasses
import warnings

import numpy as np
import pytest

from analysis.effects.estimators.poisson import estimate_poisson
from analysis.effects.registry import estimate


def test_recovers_the_log_effect_under_overdispersion(make_panel, count_design):
    """Catches a wrong link or offset; an error of the size of a Poisson's would be too small."""
    result = estimate(make_panel(3, units=120, overdispersion=0.3), count_design, "poisson")
    assert abs(result.overall.value + 0.2) < 2.5 * result.overall.standard_error
    assert 0.02 < result.overall.standard_error < 0.08


def test_means_fit_the_counts(make_panel, count_design):
    """At the optimum the treatment's score is zero; catches a fit that has not converged."""
    panel = make_panel(3)
    value = estimate_poisson(panel, count_design).overall.value
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
    result = estimate_poisson(panel, count_design)
    assert result.observations == len(panel) - empty.sum()
    [reason] = result.dropped
    assert "only zeros" in reason
    assert result.units == 59


def test_separated_rows_are_left_out_and_counted(make_panel, count_design):
    """Catches an estimate that runs off to minus infinity for rows the treatment predicts."""
    panel = make_panel(3)
    panel["dose"] = 0.0
    rare = (panel["unit"] == "street 004") & (panel["period"] > "2021-01")
    panel.loc[panel["period"].dt.month == 6, "dose"] = panel["unit"].str[-1].astype(float)
    panel.loc[rare, "dose"] = 50.0
    panel.loc[rare, "complaints"] = 0
    design = dataclasses.replace(count_design, treatment="dose", treatment_column="dose")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = estimate_poisson(panel, design)
    assert result.observations + sum(result.dropped.values()) == len(panel)
    assert np.isfinite(result.overall.value)


def test_few_clusters_get_the_score_bootstrap(make_panel, count_design):
    design = dataclasses.replace(count_design, cluster="district")
    result = estimate_poisson(make_panel(3), design)
    assert "score bootstrap by district" in result.inference
    assert "12 clusters, fewer than 40" in result.inference
    assert result.overall.lower < result.overall.value < result.overall.upper
