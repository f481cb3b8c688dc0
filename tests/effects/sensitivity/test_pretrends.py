"""Joint tests of pre-trends reject where there is one, and refuse what they cannot test."""

import dataclasses

import pytest

from analysis.effects.estimate import estimate
from analysis.effects.sensitivity.pretrends import few_clusters_pre_trend_test, pre_trend_test
from analysis.errors import DesignError


def test_pre_trends_are_found_only_where_they_are(make_panel, rate_design):
    design = dataclasses.replace(rate_design, event_window=(-6, 6))
    panel = make_panel(2, units=120)
    quiet = pre_trend_test(estimate(panel, design, "twfe_event_study"))
    assert quiet.degrees_numerator == 5
    assert quiet.degrees_denominator == 119
    assert quiet.p_value > 0.01
    ahead = panel["adoption_period"].notna() & (panel["period"] >= panel["adoption_period"] - 3)
    panel["satisfaction_rate"] += 0.1 * ahead
    assert pre_trend_test(estimate(panel, design, "twfe_event_study")).p_value < 1e-6


def test_pre_trends_need_event_times_and_clusters(make_panel, rate_design):
    panel = make_panel(2)
    with pytest.raises(DesignError, match="no event times"):
        pre_trend_test(estimate(panel, rate_design, "twfe"))
    few = dataclasses.replace(rate_design, cluster="group", event_window=(-6, 2))
    grouped = panel.assign(group=panel["district"].str[-1].astype(int) // 3)
    with pytest.raises(DesignError, match="shorten the event window"):
        pre_trend_test(estimate(grouped, few, "twfe_event_study", "CR1"))


def test_with_many_clusters_both_tests_agree(make_panel, rate_design):
    design = dataclasses.replace(rate_design, event_window=(-4, 4))
    panel = make_panel(2, units=150)
    plain = pre_trend_test(estimate(panel, design, "twfe_event_study", "CR1"))
    careful = few_clusters_pre_trend_test(panel, design, "twfe_event_study")
    assert careful.degrees_numerator == plain.degrees_numerator == 3
    assert careful.statistic == pytest.approx(plain.statistic, rel=0.1)
    assert careful.degrees_denominator < plain.degrees_denominator


def test_leads_are_those_before_the_reference(make_panel, rate_design):
    """Catches an effect of anticipation that is tested as if it were a pre-trend."""
    design = dataclasses.replace(rate_design, event_window=(-6, 4), anticipation=2)
    found = pre_trend_test(estimate(make_panel(2), design, "twfe_event_study", "CR1"))
    assert found.degrees_numerator == 3


def test_what_has_no_covariance_is_refused(make_panel, rate_design):
    design = dataclasses.replace(rate_design, event_window=(-4, 4))
    panel = make_panel(2)
    with pytest.raises(DesignError, match="inference 'none' gives the event times no covariance"):
        pre_trend_test(estimate(panel, design, "twfe_event_study", "none"))
    with pytest.raises(DesignError, match="there is no effect before adoption"):
        few_clusters_pre_trend_test(panel, design, "twfe")
