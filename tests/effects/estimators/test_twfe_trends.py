"""Two-way fixed effects with unit trends: trends recovered, effects that build up lost."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from analysis.effects.estimate import estimate
from analysis.effects.estimators.twfe_trends import estimate_twfe_trends


def with_trends(panel, size=0.01):
    codes = pd.factorize(panel["unit"])[0]
    time = panel["period"].array.asi8 - panel["period"].array.asi8.min()
    slope = np.random.default_rng(8).normal(size=codes.max() + 1)[codes]
    # Units that adopt are on steeper paths.
    slope = slope + panel["adoption_period"].notna()
    return panel.assign(satisfaction_rate=panel["satisfaction_rate"] + size * slope * time)


def test_unit_trends_do_not_bias_it(make_panel, rate_design):
    """Catches trends that are not taken out; two-way fixed effects are far off."""
    panel = with_trends(make_panel(5, units=120, effect=0.1))
    assert estimate(panel, rate_design, "twfe", "CR1").overall.value > 0.09
    overall = estimate(panel, rate_design, "twfe_trends", "CR1").overall
    assert abs(overall.value - 0.05) < 3 * overall.standard_error < 0.05


def test_it_takes_part_of_a_growing_effect_for_a_trend(make_panel, rate_design):
    """The caveat that its documentation states."""
    panel = make_panel(5, units=120, effect=0.0, growth=0.02)
    treated = panel["period"] >= panel["adoption_period"]
    time = panel["period"].array.asi8 - panel["adoption_period"].array.asi8
    truth = 0.01 * time[treated.to_numpy()].mean()
    overall = estimate(panel, rate_design, "twfe_trends", "CR1").overall
    assert overall.value < truth / 2


def test_cohort_weights_add_up(make_panel, rate_design):
    weights = estimate(make_panel(5), rate_design, "twfe_trends", "CR1").cohort_weights
    assert weights.sum() == pytest.approx(1)


def test_adding_trends_changes_nothing(make_panel, rate_design):
    """Any linear trend of a unit leaves the estimate where it is."""
    panel = make_panel(5)
    first = estimate(panel, rate_design, "twfe_trends", "CR1").overall
    second = estimate(with_trends(panel, 0.05), rate_design, "twfe_trends", "CR1").overall
    assert second.value == pytest.approx(first.value, rel=1e-8)
    assert second.standard_error == pytest.approx(first.standard_error, rel=1e-8)


@pytest.mark.parametrize("cluster", ["unit", "district"])
def test_the_jackknife_leaves_out_trends_with_their_cluster(make_panel, rate_design, cluster):
    """Catches leverage that counts levels of units and not their trends, as gaps reveal."""
    panel = make_panel(5, units=18, districts=6, periods=12)
    panel = panel.sample(frac=0.75, random_state=3).reset_index(drop=True)
    design = dataclasses.replace(rate_design, cluster=cluster, weights=None)
    found = estimate(panel, design, "twfe_trends", "jackknife").overall
    names = panel[cluster].unique()
    left_out = [
        estimate_twfe_trends(panel[panel[cluster] != name], design).targets["value"].iloc[0]
        for name in names
    ]
    groups = len(names)
    expected = np.sqrt((groups - 1) / groups * ((np.array(left_out) - found.value) ** 2).sum())
    assert found.standard_error == pytest.approx(expected, rel=1e-9)
    # CR3 is clubSandwich's, without the factor of the jackknife.
    third = estimate(panel, design, "twfe_trends", "CR3").overall.standard_error
    assert third == pytest.approx(expected * np.sqrt(groups / (groups - 1)), rel=1e-9)
