"""Another library finds the same two-way coefficient, and would show that ours is wrong."""

import dataclasses

import pytest

from analysis.effects.sensitivity import second_engine as module
from analysis.effects.sensitivity.second_engine import second_engine


@pytest.mark.parametrize("weights", [None, "satisfaction_rate_weight"])
def test_both_engines_agree_on_a_panel_with_gaps(make_panel, rate_design, weights):
    panel = make_panel(5, units=40).sample(frac=0.8, random_state=2)
    found = second_engine(panel, dataclasses.replace(rate_design, weights=weights))
    assert found.library.startswith("linearmodels ")
    assert found.difference < 1e-9


def test_an_estimate_that_is_off_shows(make_panel, count_design, monkeypatch):
    """Catches a comparison of ours with ours."""
    ours = module.estimate_twfe

    def off(panel, design):
        effects = ours(panel, design)
        return dataclasses.replace(
            effects, targets=effects.targets.assign(value=1.01 * effects.targets["value"])
        )

    monkeypatch.setattr(module, "estimate_twfe", off)
    assert second_engine(make_panel(5), count_design).difference > 0.005
