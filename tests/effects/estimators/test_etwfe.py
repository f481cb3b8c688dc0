"""Extended Mundlak: imputation by another name, controls written out, what is dropped."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from analysis.effects.estimators.etwfe import estimate_etwfe
from analysis.effects.estimators.imputation import estimate_imputation


def with_gaps(panel, share=0.2):
    kept = np.random.default_rng(5).random(len(panel)) > share
    return panel[kept].reset_index(drop=True)


@pytest.mark.parametrize("seed", [1, 2])
def test_with_cohort_effects_it_is_imputation(make_panel, rate_design, seed):
    """Two routes to the same number (Wooldridge 2021), unbalanced and weighted."""
    panel = with_gaps(make_panel(seed, units=40, periods=10))
    panel["cohort"] = panel["adoption_period"].astype("str").fillna("never")
    cohorts = dataclasses.replace(rate_design, fixed_effects=(("cohort",), ("period",)))
    regression = estimate_etwfe(panel, rate_design).targets
    imputed = estimate_imputation(panel, cohorts).targets
    keys = ["kind", "averaging", "cohort", "period", "event_time"]
    both = regression.merge(imputed, on=keys, suffixes=("", "_imputed"))
    # All but the event times before adoption, which the regression leaves to ``never``.
    assert len(both) == len(regression)
    np.testing.assert_allclose(both["value"], both["value_imputed"], rtol=1e-8, atol=1e-12)


def test_never_as_comparison_measures_from_the_reference(make_panel, rate_design):
    """Catches pre-trends that enter the effect, and a reference that is not shown."""
    panel = make_panel(3, units=45, periods=9)
    design = dataclasses.replace(rate_design, comparison="never", weights=None)
    targets = estimate_etwfe(panel, design).targets
    cohort = panel["adoption_period"].min()
    means = panel.assign(
        group=np.where(panel["adoption_period"] == cohort, "cohort", "other")
    ).query("adoption_period == @cohort or adoption_period.isna()")
    means = means.groupby(["group", "period"])["satisfaction_rate"].mean().unstack("group")
    gaps = means["cohort"] - means["other"]
    for period in (cohort - 3, cohort + 1):
        row = (targets["kind"] == "group_time") & (targets["cohort"] == cohort.ordinal)
        row &= targets["period"] == period.ordinal
        expected = gaps[period] - gaps[cohort - 1]
        assert targets.loc[row, "value"].iloc[0] == pytest.approx(expected, rel=1e-9)
    reference = targets["event_time"].eq(-1) & targets["kind"].eq("event_time")
    assert targets.loc[reference, "value"].tolist() == [0.0]


def test_controls_that_cannot_matter_are_left_out(make_panel, rate_design):
    """Catches a refusal because slopes of a control are redundant in cohorts, periods or cells."""
    panel = make_panel(3, units=30, periods=8)
    codes = pd.factorize(panel["unit"])[0]
    panel["size"] = (codes % 7).astype(float)
    panel["twice"] = 2 * panel["size"] + 1
    design = dataclasses.replace(rate_design, controls=("size", "twice"))
    with_both = estimate_etwfe(panel, design).targets["value"]
    design = dataclasses.replace(rate_design, controls=("size",))
    np.testing.assert_allclose(with_both, estimate_etwfe(panel, design).targets["value"], rtol=1e-8)


def test_controls_account_for_trends_that_differ_with_them(make_panel, rate_design):
    panel = make_panel(6, units=240, effect=0.0)
    codes = pd.factorize(panel["unit"])[0]
    adopts = panel["adoption_period"].notna()
    draw = np.random.default_rng(3).normal(size=240)
    panel["size"] = draw[codes] + adopts
    time = panel["period"].array.asi8 - panel["period"].array.asi8.min()
    panel["satisfaction_rate"] += 0.01 * panel["size"] * time
    plain = estimate_etwfe(panel, rate_design).targets["value"].iloc[0]
    design = dataclasses.replace(rate_design, controls=("size",))
    controlled = estimate_etwfe(panel, design).targets["value"].iloc[0]
    assert plain > 0.05
    assert abs(controlled) < 0.02


def test_periods_in_which_all_have_adopted_are_dropped(make_panel, rate_design):
    panel = make_panel(4)
    panel = panel[panel["adoption_period"].notna()].reset_index(drop=True)
    effects = estimate_etwfe(panel, rate_design)
    last = panel["adoption_period"].max()
    assert effects.sample.dropped == {
        "no control is observed in the period": int((panel["period"] >= last).sum())
    }
    assert "1 of 2 cohorts have no clean comparison" in effects.notes
    assert effects.cohort_weights.to_dict() == {float(last.ordinal - 8): 1.0}


def test_cohort_weights_are_the_shares_of_treated_weight(make_panel, rate_design):
    panel = make_panel(4)
    weights = estimate_etwfe(panel, rate_design).cohort_weights
    treated = panel[panel["period"] >= panel["adoption_period"]]
    shares = treated.groupby(treated["adoption_period"])["satisfaction_rate_weight"].sum()
    np.testing.assert_allclose(weights, shares / shares.sum())
