"""Sun-Abraham on panels with gaps: dummies written out, the truth, and what is dropped."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from analysis.effects.estimate import estimate
from analysis.effects.estimators.sun_abraham import estimate_sun_abraham
from analysis.errors import DesignError


def with_gaps(panel, share=0.2):
    kept = np.random.default_rng(5).random(len(panel)) > share
    return panel[kept].reset_index(drop=True)


def test_unbalanced_and_weighted_it_is_the_regression_on_dummies(make_panel, rate_design):
    """Catches fixed effects taken out wrongly, and averages that ignore weights."""
    panel = with_gaps(make_panel(2, units=30, periods=9))
    effects = estimate_sun_abraham(panel, rate_design)
    period = panel["period"].array.asi8
    adoption = np.where(panel["adoption_period"].isna(), -1, panel["adoption_period"].array.asi8)
    time = np.where(adoption > 0, period - adoption, -1)
    cells = pd.Series([f"{g}:{k}" for g, k in zip(adoption, time, strict=True)])
    dummies = pd.get_dummies(cells.where(time != -1)).astype(float)
    others = pd.get_dummies(panel[["unit"]].assign(period=period.astype(str))).astype(float)
    columns = np.hstack([dummies, others])
    weights = panel["satisfaction_rate_weight"].to_numpy()
    root = np.sqrt(weights)
    outcome = panel["satisfaction_rate"].to_numpy()
    found = np.linalg.lstsq(root[:, None] * columns, root * outcome, rcond=None)[0]
    fitted = dummies.to_numpy() @ found[: dummies.shape[1]]
    targets = effects.targets
    overall = targets.loc[targets["averaging"] == "cells", "value"].iloc[0]
    after = (time >= 0) & (adoption > 0)
    assert overall == pytest.approx(np.average(fitted[after], weights=weights[after]), rel=1e-9)
    at_two = targets.loc[(targets["kind"] == "event_time") & (targets["event_time"] == 2), "value"]
    chosen = after & (time == 2)
    expected = np.average(fitted[chosen], weights=weights[chosen])
    assert at_two.iloc[0] == pytest.approx(expected, rel=1e-9)


def test_recovers_effects_that_build_up(make_panel, rate_design):
    panel = make_panel(4, units=240, effect=0.1, growth=0.02)
    frame = estimate(panel, rate_design, "sun_abraham", "CR1").event_time
    truth = np.where(frame.index >= 0, 0.05 + 0.01 * frame.index, 0.0)
    distance = (frame["value"] - truth).drop(index=-1) / frame["standard_error"].drop(index=-1)
    assert distance.abs().max() < 3.5


def test_if_all_adopt_the_last_cohort_is_the_comparison_until_it_does(make_panel, rate_design):
    """Catches comparisons with a cohort after its adoption."""
    panel = make_panel(4)
    panel = panel[panel["adoption_period"].notna()].reset_index(drop=True)
    last = panel["adoption_period"].max()
    spoilt = panel.copy()
    spoilt.loc[spoilt["period"] >= last, "satisfaction_rate"] = 0.5
    first, second = (estimate_sun_abraham(data, rate_design) for data in (panel, spoilt))
    pd.testing.assert_frame_equal(first.targets, second.targets)
    assert (first.targets["cohort"].dropna() < last.ordinal).all()
    assert "the last cohort" in first.notes[0]
    assert first.sample.dropped == {
        "last cohort adopts, which the others are compared with": int(
            (panel["period"] >= last).sum()
        )
    }


def test_units_that_adopt_after_the_panel_are_controls(make_panel, rate_design):
    """Catches event times of units that are never seen under treatment."""
    panel = make_panel(4)
    late = panel.copy()
    never = late["adoption_period"].isna()
    late.loc[never, "adoption_period"] = panel["period"].max() + 5
    expected, found = (estimate_sun_abraham(data, rate_design) for data in (panel, late))
    np.testing.assert_allclose(found.targets["value"], expected.targets["value"], rtol=1e-9)


def test_a_cohort_without_its_reference_is_dropped_and_noted(make_panel, rate_design):
    panel = make_panel(4)
    first = panel["adoption_period"].min()
    gap = (panel["adoption_period"] == first) & (panel["period"] == first - 1)
    effects = estimate_sun_abraham(panel[~gap].reset_index(drop=True), rate_design)
    assert "1 of 2 cohorts have no clean comparison" in effects.notes
    assert effects.cohort_weights.index.tolist() == [panel["adoption_period"].max().ordinal]


def test_anticipation_moves_the_reference(make_panel, rate_design):
    """Catches an overall effect that takes anticipation for an effect after adoption."""
    panel = make_panel(4, units=120, effect=0.2)
    ahead = panel["adoption_period"] - panel["period"]
    panel.loc[[gap is not pd.NaT and gap.n == 1 for gap in ahead], "satisfaction_rate"] += 0.1
    design = dataclasses.replace(rate_design, anticipation=1)
    frame = estimate(panel, design, "sun_abraham", "CR1")
    assert frame.event_time.loc[-2, "value"] == 0
    assert frame.event_time.loc[-1, "value"] == pytest.approx(0.1, abs=0.02)
    assert frame.overall.value == pytest.approx(0.1, abs=0.02)


def test_one_cohort_without_others_is_refused(make_panel, rate_design):
    panel = make_panel(4)
    alone = panel[panel["adoption_period"] == panel["adoption_period"].min()]
    with pytest.raises(DesignError, match="no row under treatment has a control"):
        estimate_sun_abraham(alone.reset_index(drop=True), rate_design)
