"""Placebos find something only where there is something."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from analysis.effects.sensitivity.placebos import future_dose, placebo_adoption, placebo_outcomes
from analysis.errors import DesignError


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


def test_a_placebo_leaves_out_the_periods_of_anticipation(make_panel, rate_design):
    """Catches an effect of anticipation that is taken for an earlier trend."""
    panel = make_panel(2, effect=0.0, units=120)
    ahead = panel["adoption_period"].notna() & (panel["period"] >= panel["adoption_period"] - 2)
    panel["satisfaction_rate"] += 0.2 * ahead
    warned = dataclasses.replace(rate_design, anticipation=2)
    found = placebo_adoption(panel, warned, "twfe", 4).iloc[0]
    assert abs(found["value"]) < 4 * found["standard_error"]
    assert abs(found["value"]) < 0.05


def test_a_dose_has_no_date_that_could_be_moved(make_panel, rate_design):
    dose = dataclasses.replace(rate_design, treatment="dose", treatment_column="complaints")
    with pytest.raises(DesignError, match="complaints: a dose has no date to move"):
        placebo_adoption(make_panel(2), dose, "twfe", 4)


def test_placebo_outcomes_show_which_of_them_the_treatment_moves(make_panel, rate_design):
    panel = make_panel(2, effect=0.0, units=120)
    treated = panel["period"] >= panel["adoption_period"]
    panel["moved"] = panel["satisfaction_rate"] + 0.1 * treated
    designs = [rate_design, dataclasses.replace(rate_design, outcome="moved")]
    frame = placebo_outcomes(panel, designs, "twfe").set_index("label")
    assert frame.loc["moved", "p_value"] < 0.001
    assert abs(frame.loc["satisfaction_rate", "value"]) < 0.02


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
