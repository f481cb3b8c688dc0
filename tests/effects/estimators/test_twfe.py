"""Static two-way fixed effects: right for one common effect, biased by design for growing ones."""

import dataclasses

import pytest

from analysis.effects.estimate import estimate
from analysis.errors import DesignError


def test_recovers_a_common_effect_on_log_counts(make_panel, count_design):
    overall = estimate(make_panel(2, units=120), count_design, "twfe").overall
    assert abs(overall.value + 0.2) < 2.5 * overall.standard_error
    assert overall.standard_error < 0.03


def test_recovers_a_common_effect_on_a_weighted_rate(make_panel, rate_design):
    overall = estimate(make_panel(2, units=120), rate_design, "twfe").overall
    assert abs(overall.value + 0.1) < 2.5 * overall.standard_error
    assert overall.standard_error < 0.01


def test_weights_are_used(make_panel, rate_design):
    """A rate of a thousand calls must count for more than one of a single call."""
    panel = make_panel(2)
    wild = panel.index % 7 == 0
    noisy = panel.assign(
        satisfaction_rate=panel["satisfaction_rate"].where(~wild, 0.0),
        satisfaction_rate_weight=panel["satisfaction_rate_weight"].where(~wild, 1e-6),
    )
    without = estimate(panel[~wild], rate_design, "twfe").overall.value
    assert estimate(noisy, rate_design, "twfe").overall.value == pytest.approx(without, abs=1e-6)


def test_is_biased_towards_zero_when_effects_grow(make_panel, rate_design):
    """The known fault, which the study shows: late cohorts are compared with early ones."""
    panel = make_panel(2, units=240, effect=0.0, growth=0.02)
    event_time = (panel["period"].array.asi8 - panel["adoption_period"].array.asi8) * 1.0
    treated = panel["adoption_period"].notna() & (event_time >= 0)
    weight = panel["satisfaction_rate_weight"][treated]
    truth = float((0.01 * event_time[treated] * weight).sum() / weight.sum())
    overall = estimate(panel, rate_design, "twfe").overall
    assert overall.value < truth - 5 * overall.standard_error


def test_extra_fixed_effects_take_out_a_confounder(make_panel, rate_design):
    panel = make_panel(2, units=120, districts=10)
    # Five districts get better for another reason, and all who adopt are in these.
    hit = panel["district"] < "district 05"
    panel = panel[hit | panel["adoption_period"].isna()]
    better = 0.2 * (hit & (panel["period"] >= "2020-09"))
    panel = panel.assign(satisfaction_rate=panel["satisfaction_rate"] + better)
    absorbed = dataclasses.replace(rate_design, absorb=(("district", "period"),))
    confounded = estimate(panel, rate_design, "twfe").overall
    cleared = estimate(panel, absorbed, "twfe").overall
    assert abs(confounded.value + 0.1) > 0.03
    assert abs(cleared.value + 0.1) < 0.01


def test_a_treatment_that_fixed_effects_explain_is_refused(make_panel, rate_design):
    # With 12 districts, all units of a district adopt in the same month.
    absorbed = dataclasses.replace(rate_design, absorb=(("district", "period"),))
    with pytest.raises(DesignError, match="the fixed effects explain it entirely"):
        estimate(make_panel(2), absorbed, "twfe")


def test_the_result_says_what_was_done(make_panel, count_design):
    panel = make_panel(2)
    panel.loc[panel.index[:5], "complaints"] = [0, 0, 0, None, None]
    result = estimate(panel, count_design, "twfe")
    row = result.glance()
    assert row["observations"] == len(panel) - 5
    assert row["units"] == row["clusters"] == 60
    assert row["dropped"] == 5
    assert row["library"].startswith("before-the-complaint ")
    assert "clustered by unit" in row["inference"]
