"""The event study: the true path for common effects, binned ends, the delta method."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from analysis.effects.estimate import estimate
from analysis.errors import DesignError


@pytest.fixture
def design(rate_design):
    return dataclasses.replace(rate_design, event_window=(-4, 7))


def test_recovers_a_growing_path_common_to_cohorts(make_panel, design):
    result = estimate(make_panel(4, units=240, effect=0.1, growth=0.02), design, "twfe_event_study")
    frame = result.event_time
    truth = np.where(frame.index >= 0, 0.05 + 0.01 * frame.index, 0.0)
    distance = (frame["value"] - truth).drop(index=-1) / frame["standard_error"].drop(index=-1)
    assert distance.abs().max() < 3.5
    assert result.overall.value == pytest.approx(0.05 + 0.01 * 3.5, abs=0.01)


def test_reference_is_zero_and_the_window_is_whole(make_panel, design):
    frame = estimate(make_panel(4), design, "twfe_event_study").event_time
    assert frame.index.tolist() == list(range(-4, 8))
    assert frame.loc[-1, ["value", "standard_error", "lower", "upper"]].tolist() == [0, 0, 0, 0]


def test_periods_beyond_the_window_do_not_enter_its_ends(make_panel, design):
    """Catches end bins that are merged into the window's first and last effects."""
    panel = make_panel(4, units=240, effect=0.0)
    ordinal = panel["period"].array.asi8 - panel["adoption_period"].array.asi8
    beyond = panel["adoption_period"].notna() & (ordinal > 7)
    panel["satisfaction_rate"] += 0.2 * beyond
    frame = estimate(panel, design, "twfe_event_study").event_time
    assert abs(frame["value"].loc[7]) < 0.03


def test_overall_is_the_mean_after_adoption_by_the_delta_method(make_panel, design):
    result = estimate(make_panel(4), design, "twfe_event_study")
    after = result.event_time.index >= 0
    assert result.overall.value == pytest.approx(result.event_time["value"][after].mean())
    weights = np.where(result.event_time.index.drop(-1) >= 0, 1 / after.sum(), 0)
    variance = weights @ result.event_time_vcov @ weights
    assert result.overall.standard_error == pytest.approx(np.sqrt(variance))


def test_few_clusters_get_bootstrap_intervals_for_every_event_time(make_panel, design):
    few = dataclasses.replace(design, cluster="district", event_window=(-2, 2))
    panel = make_panel(4)
    result = estimate(panel, few, "twfe_event_study")
    assert "wild cluster bootstrap" in result.inference
    frame = result.event_time.drop(index=-1)
    asymmetry = frame["upper"] + frame["lower"] - 2 * frame["value"]
    assert (asymmetry.abs() > 1e-6).any()


def test_without_controls_it_is_refused(make_panel, design):
    panel = make_panel(4)
    with pytest.raises(DesignError, match="no unit that never adopts is left"):
        estimate(panel[panel["adoption_period"].notna()], design, "twfe_event_study")


def test_without_a_period_of_reference_it_is_refused(make_panel, design):
    panel = make_panel(4)
    before = panel["adoption_period"] - 1
    with pytest.raises(DesignError, match="1 periods before adoption, the reference"):
        estimate(panel[panel["period"] != before], design, "twfe_event_study")


def test_whole_numbers_serve_as_periods(make_panel, design):
    panel = make_panel(4)
    numbered = panel.assign(
        period=panel["period"].array.asi8,
        adoption_period=pd.array(panel["adoption_period"].array.asi8, "Int64"),
    )
    numbered.loc[panel["adoption_period"].isna(), "adoption_period"] = pd.NA
    expected = estimate(panel, design, "twfe_event_study")
    found = estimate(numbered, design, "twfe_event_study")
    pd.testing.assert_frame_equal(found.event_time, expected.event_time)
