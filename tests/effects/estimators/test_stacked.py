"""Stacking: an average of clean two-group comparisons, with the weights of Wing et al."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from analysis.effects.estimate import estimate
from analysis.effects.estimators.stacked import estimate_stacked
from analysis.errors import DesignError


def unequal(panel):
    """Leave out units so that cohorts have unlike sizes."""
    codes = pd.factorize(panel["unit"])[0]
    first = panel["adoption_period"] == panel["adoption_period"].min()
    return panel[~(first & (codes % 4 == 0))].reset_index(drop=True)


def test_each_event_time_averages_comparisons_by_cohort_size(make_panel, rate_design):
    """Catches controls that count by chance, or that adopt within the window."""
    panel = unequal(make_panel(2, units=48, periods=18))
    design = dataclasses.replace(rate_design, weights=None, event_window=(-3, 4))
    targets = estimate_stacked(panel, design).targets
    wide = panel.pivot(index="unit", columns="period", values="satisfaction_rate")
    adoption = panel.groupby("unit")["adoption_period"].first()
    for time in (-3, 0, 4):
        gaps, sizes = [], []
        for cohort in sorted(adoption.dropna().unique()):
            treated = adoption == cohort
            control = adoption.isna() | (adoption > cohort + 4)
            change = wide[cohort + time] - wide[cohort - 1]
            gaps.append(change[treated].mean() - change[control].mean())
            sizes.append(treated.sum())
        row = (targets["kind"] == "event_time") & (targets["event_time"] == time)
        expected = np.average(gaps, weights=sizes)
        assert targets.loc[row, "value"].iloc[0] == pytest.approx(expected, rel=1e-9)


def test_cohorts_count_by_their_sizes(make_panel, rate_design):
    panel = unequal(make_panel(2, units=48, periods=18))
    design = dataclasses.replace(rate_design, weights=None, event_window=(-3, 4))
    effects = estimate_stacked(panel, design)
    sizes = panel.groupby("adoption_period")["unit"].nunique()
    np.testing.assert_allclose(effects.cohort_weights, sizes / sizes.sum(), rtol=1e-9)


def test_the_default_window_fits_every_cohort(make_panel, rate_design):
    effects = estimate_stacked(make_panel(2, units=30, periods=18), rate_design)
    times = effects.targets.loc[effects.targets["kind"] == "event_time", "event_time"]
    assert sorted(times) == list(range(-6, 6))
    assert "0 to 5 periods after adoption" in effects.estimand


def test_cohorts_that_do_not_fit_are_left_out_and_noted(make_panel, rate_design):
    design = dataclasses.replace(rate_design, event_window=(-8, 2))
    effects = estimate_stacked(make_panel(2, units=30, periods=18), design)
    assert "1 of 2 cohorts do not fit the window or lack controls" in effects.notes
    [count] = effects.sample.dropped.values()
    assert count > 0


def test_no_cohort_in_the_window_is_refused(make_panel, rate_design):
    design = dataclasses.replace(rate_design, event_window=(-15, 2))
    with pytest.raises(DesignError, match="no cohort is observed from -15 to 2"):
        estimate_stacked(make_panel(2, units=30, periods=18), design)


def test_errors_see_the_units_that_stand_in_several_sub_experiments(make_panel, rate_design):
    """Doubling the rows of controls must not look like more clusters."""
    panel = make_panel(2, units=48, periods=18)
    result = estimate(panel, rate_design, "stacked", "CR1")
    assert result.clusters == result.units == 48
    assert result.observations > 48 * 12


def test_recovers_the_truth(make_panel, rate_design):
    panel = make_panel(4, units=240, effect=0.1, growth=0.02)
    frame = estimate(panel, rate_design, "stacked", "CR1").event_time
    truth = np.where(frame.index >= 0, 0.05 + 0.01 * frame.index, 0.0)
    distance = (frame["value"] - truth).drop(index=-1) / frame["standard_error"].drop(index=-1)
    assert distance.abs().max() < 3.5
