"""The weights of a two-way coefficient reproduce it from the effects in each month."""

import dataclasses

import numpy as np
import pytest

from analysis.effects.estimate import estimate
from analysis.effects.sensitivity.regression_weights import weights_by_event_time
from analysis.errors import DesignError


def test_the_weights_turn_effects_into_the_coefficient(make_panel, rate_design):
    """Without noise: what the regression finds is the weighted sum of the planted effects."""
    panel = make_panel(1)
    time = (panel["period"] - panel["adoption_period"]).map(
        lambda gap: gap.n if hasattr(gap, "n") else np.nan
    )
    months = panel["period"].dt.month
    effect = (0.01 * time**1.5).where(time >= 0, 0.0)
    panel["satisfaction_rate"] = 0.3 + 0.01 * months + effect
    weights = weights_by_event_time(panel, rate_design)
    expected = (weights["weight"] * 0.01 * weights.index.to_numpy() ** 1.5).sum()
    found = estimate(panel, rate_design, "twfe").overall.value
    assert found == pytest.approx(expected, rel=1e-9)
    assert weights["weight"].sum() == pytest.approx(1)
    assert weights["share"].sum() == pytest.approx(1)
    assert (weights["weight"] - weights["share"]).iloc[-1] < 0


def test_anticipation_is_taken_out_first(make_panel, rate_design):
    ahead = dataclasses.replace(rate_design, anticipation=2)
    weights = weights_by_event_time(make_panel(1), ahead)
    assert weights.index.min() == 0
    assert weights["weight"].sum() == pytest.approx(1)


def test_a_dose_is_refused(make_panel, rate_design):
    dose = dataclasses.replace(rate_design, treatment="dose", treatment_column="dose")
    with pytest.raises(DesignError, match="a dose has no adoption"):
        weights_by_event_time(make_panel(1), dose)
