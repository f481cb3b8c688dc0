"""Local projections: the reweighted version is an average of group-time effects."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from analysis.effects.estimate import estimate
from analysis.effects.estimators.callaway_santanna import estimate_callaway_santanna
from analysis.effects.estimators.local_projections import estimate_local_projections
from analysis.effects.inference.fit import cluster_sums
from analysis.errors import DesignError

KEYS = ["kind", "averaging", "event_time"]


@pytest.mark.parametrize("comparison", ["never", "notyet"])
@pytest.mark.parametrize("anticipation", [0, 2])
def test_effects_are_those_of_callaway_and_santanna(
    make_panel, rate_design, comparison, anticipation
):
    """Without controls the two must agree from adoption on (Dube et al. 2025)."""
    panel = make_panel(2, units=40, periods=14)
    design = dataclasses.replace(
        rate_design, weights=None, comparison=comparison, anticipation=anticipation
    )
    projected = estimate_local_projections(panel, design).targets
    group_time = estimate_callaway_santanna(panel, design).targets
    both = projected.merge(group_time[[*KEYS, "value"]], on=KEYS, suffixes=("", "_group_time"))
    both = both[~(both["event_time"] < 0)]
    assert len(both) == 1 + 10
    np.testing.assert_allclose(both["value"], both["value_group_time"], rtol=1e-10)


def test_errors_are_those_of_the_stacked_regression(make_panel, rate_design):
    """Catches a covariance between horizons that is lost; horizons share their units."""
    panel = make_panel(2, units=24, periods=9)
    design = dataclasses.replace(rate_design, weights=None, comparison="never")
    effects = estimate_local_projections(panel, design)
    wide = panel.pivot(index="unit", columns="period", values="satisfaction_rate")
    adoption = panel.groupby("unit")["adoption_period"].first()
    rows = []
    for cohort in sorted(adoption.dropna().unique()):
        for time in (0, 1):
            used = adoption.isna() | (adoption == cohort)
            change = (wide[cohort + time] - wide[cohort - 1])[used]
            treated = (adoption == cohort)[used].to_numpy(float)
            weight = 1 + treated.sum() / (treated == 0).sum()
            rows.append(
                pd.DataFrame(
                    {
                        "unit": change.index,
                        "group": f"{cohort} {time}",
                        "change": change.to_numpy(),
                        "zero": treated * (time == 0),
                        "one": treated * (time == 1),
                        "weight": weight,
                    }
                )
            )
    data = pd.concat(rows, ignore_index=True)
    columns = np.hstack([data[["zero", "one"]], pd.get_dummies(data["group"])]).astype(float)
    weights = data["weight"].to_numpy()
    bread = np.linalg.inv((weights[:, None] * columns).T @ columns)
    coefficients = bread @ columns.T @ (weights * data["change"].to_numpy())
    scores = columns * (weights * (data["change"].to_numpy() - columns @ coefficients))[:, None]
    sums = cluster_sums(scores, pd.factorize(data["unit"])[0])
    vcov = (bread @ sums.T @ sums @ bread)[:2, :2]
    chosen = np.flatnonzero(
        (effects.targets["kind"] == "event_time") & effects.targets["event_time"].isin([0, 1])
    )
    found = cluster_sums(effects.evidence.contributions, effects.evidence.clusters)[:, chosen]
    np.testing.assert_allclose(effects.targets["value"].iloc[chosen], coefficients[:2], rtol=1e-9)
    np.testing.assert_allclose(found.T @ found, vcov, rtol=1e-9)


def test_absorbed_effects_confine_the_comparison(make_panel, rate_design):
    """Catches controls from another district where districts have paths of their own."""
    panel = make_panel(2, units=120, effect=0.1)
    codes = pd.factorize(panel["district"])[0]
    time = panel["period"].array.asi8 - panel["period"].array.asi8.min()
    half = codes % 2
    panel["half"] = half
    keep = ~(
        (half == 1) & panel["adoption_period"].notna() & (pd.factorize(panel["unit"])[0] % 4 < 2)
    )
    panel["satisfaction_rate"] += 0.02 * half * time
    panel = panel[keep].reset_index(drop=True)
    design = dataclasses.replace(rate_design, absorb=(("half", "period"),))
    plain = estimate_local_projections(panel, rate_design).targets["value"].iloc[0]
    confined = estimate_local_projections(panel, design).targets["value"].iloc[0]
    assert abs(confined - 0.05) < 0.02 < abs(plain - 0.05)


def test_controls_enter_at_their_value_in_the_reference_period(make_panel, rate_design):
    panel = make_panel(6, units=240, effect=0.0)
    codes = pd.factorize(panel["unit"])[0]
    draw = np.random.default_rng(3).normal(size=240)
    panel["size"] = draw[codes] + panel["adoption_period"].notna()
    time = panel["period"].array.asi8 - panel["period"].array.asi8.min()
    panel["satisfaction_rate"] += 0.01 * panel["size"] * time
    plain = estimate_local_projections(panel, rate_design).targets["value"].iloc[0]
    design = dataclasses.replace(rate_design, controls=("size",))
    controlled = estimate_local_projections(panel, design).targets["value"].iloc[0]
    assert abs(controlled) < 0.02 < 0.04 < plain


def test_result_has_a_covariance_of_event_times(make_panel, rate_design):
    result = estimate(make_panel(2), rate_design, "local_projections", "CR1")
    assert result.event_time_vcov.shape == (len(result.event_time) - 1,) * 2
    assert result.cohort_weights.sum() == pytest.approx(1)


def test_without_controls_it_is_refused(make_panel, rate_design):
    panel = make_panel(4)
    alone = panel[panel["adoption_period"] == panel["adoption_period"].min()]
    with pytest.raises(DesignError, match="no adopters are observed after adoption"):
        estimate_local_projections(alone.reset_index(drop=True), rate_design)


def test_the_overall_effect_is_over_the_window_and_says_so(make_panel, rate_design):
    """Catches an average called one over all treated cells that leaves out those it cannot see."""
    panel = make_panel(2, units=40, periods=14, growth=0.05)
    design = dataclasses.replace(rate_design, weights=None, event_window=(-3, 2))
    result = estimate(panel, design, "local_projections", "CR1")
    inside = result.event_time.loc[0:2, "value"]
    assert result.averaging == "event_time"
    assert result.overall.value == pytest.approx(inside.mean())
    with pytest.raises(DesignError, match="no average over 'cells'"):
        estimate(panel, dataclasses.replace(design, estimand="cells"), "local_projections")
