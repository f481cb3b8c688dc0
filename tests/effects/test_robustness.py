"""The checks find what they are for, and find nothing where there is nothing."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from analysis.effects.registry import estimate
from analysis.effects.robustness import (
    across_designs,
    across_estimators,
    across_panels,
    ends_of_long_groups,
    future_dose,
    leave_one_out,
    placebo_adoption,
    pre_trend_test,
    without_months,
)
from analysis.errors import DesignError

PARTS = ["label", "group", "value", "standard_error", "lower", "upper", "p_value"]


def test_every_check_returns_the_same_columns(make_panel, count_design):
    panel = make_panel(1)
    other = dataclasses.replace(count_design, cluster="district")
    frames = [
        across_estimators(panel, count_design, ["twfe", "poisson"]),
        across_designs(panel, {"by district": other}, "twfe", group="Clusters"),
        across_panels({"2020": panel}, count_design, "twfe", group="Months"),
        leave_one_out(panel, count_design, "twfe", "district"),
        placebo_adoption(panel, count_design, "twfe", 3),
    ]
    table = pd.concat(frames, ignore_index=True)
    assert set(table.columns) == {*PARTS, "observations", "clusters"}
    assert table.notna().all().all()


def test_leaving_one_out_finds_the_district_that_decides(make_panel, rate_design):
    panel = make_panel(2, effect=0.0)
    lucky = (panel["district"] == "district 03") & (panel["period"] >= panel["adoption_period"])
    panel["satisfaction_rate"] += 0.4 * lucky
    frame = leave_one_out(panel, rate_design, "twfe", "district").set_index("label")
    assert len(frame) == 12
    assert frame["value"].idxmin() == "without district 03"
    assert abs(frame.loc["without district 03", "value"]) < 0.02


def test_leaving_out_by_an_unknown_column_is_refused(make_panel, rate_design):
    with pytest.raises(DesignError, match="column 'borough' is missing"):
        leave_one_out(make_panel(2), rate_design, "twfe", "borough")


def test_a_placebo_finds_an_earlier_trend_only_where_there_is_one(make_panel, rate_design):
    panel = make_panel(2, effect=0.3, units=120)
    clean = placebo_adoption(panel, rate_design, "twfe", 4).iloc[0]
    assert abs(clean["value"]) < 3 * clean["standard_error"]
    ahead = panel["adoption_period"].notna() & (panel["period"] >= panel["adoption_period"] - 4)
    panel["satisfaction_rate"] += 0.1 * ahead
    assert placebo_adoption(panel, rate_design, "twfe", 4).iloc[0]["p_value"] < 0.001


def test_a_placebo_uses_no_treated_observation(make_panel, rate_design):
    panel = make_panel(2)
    treated = panel["period"] >= panel["adoption_period"]
    found = placebo_adoption(panel, rate_design, "twfe", 2).iloc[0]
    assert found["observations"] <= (~treated).sum()


def test_pre_trends_are_found_only_where_they_are(make_panel, rate_design):
    design = dataclasses.replace(rate_design, event_window=(-6, 6))
    panel = make_panel(2, units=120)
    quiet = pre_trend_test(estimate(panel, design, "twfe_event_study"))
    assert quiet.leads == 5
    assert quiet.degrees == 119
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
        pre_trend_test(estimate(grouped, few, "twfe_event_study"))


def dose_panel(*, follows: bool):
    """Complaints respond to the dose; or the dose follows complaints of the period before."""
    draw = np.random.default_rng(5)
    units, periods = 50, 30
    dose = draw.normal(size=(units, periods))
    outcome = draw.normal(size=(units, periods))
    if follows:
        dose[:, 1:] += outcome[:, :-1]
    else:
        outcome += 0.5 * dose
    return pd.DataFrame(
        {
            "unit": np.repeat(np.arange(units), periods),
            "period": np.tile(np.arange(periods), units),
            "dose": dose.ravel(),
            "satisfaction_rate": outcome.ravel(),
            "satisfaction_rate_weight": 1.0,
        }
    )


def test_a_later_dose_tells_cause_from_reaction(rate_design):
    design = dataclasses.replace(rate_design, treatment="dose", treatment_column="dose")
    cause = future_dose(dose_panel(follows=False), design, 1)
    assert cause["value"].to_numpy() == pytest.approx([0.5, 0.0], abs=0.1)
    reaction = future_dose(dose_panel(follows=True), design, 1)
    assert reaction["p_value"].iloc[1] < 1e-6
    assert abs(reaction["value"].iloc[0]) < 0.1
    assert cause["observations"].iloc[0] == 50 * 29


def test_months_out_of_the_ordinary_go_with_the_months_whose_dose_counts_them():
    panel = pd.DataFrame({"period": pd.period_range("2015-01", "2015-06", freq="M")})

    def left(reach):
        return without_months(panel, ["2015-02"], reach)["period"].dt.month.tolist()

    assert left(0) == [1, 3, 4, 5, 6]
    assert left(2) == [1, 5, 6]


def test_a_long_group_is_shown_by_its_two_ends_and_a_short_one_whole():
    values = [0.3, 0.1, 0.2]
    checks = pd.DataFrame({"group": "long", "label": ["a", "b", "c"], "value": values})
    short = pd.DataFrame({"group": "short", "label": ["d"], "value": [0.0]})
    shown = ends_of_long_groups(pd.concat([checks, short], ignore_index=True), longest=2)
    assert shown["label"].tolist() == ["lowest: b", "highest: a", "d"]
