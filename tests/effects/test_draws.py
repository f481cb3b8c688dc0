"""What random draws decide gets a tolerance that says so; what they do not decide gets none."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from analysis.effects.draws import count_draws, tolerance_of_p_values, tolerances_of_effect
from analysis.effects.estimate import estimate
from analysis.effects.inference.assignments import deal_out
from analysis.effects.inference.multipliers import draw_multipliers


@pytest.mark.parametrize("kind", ["rademacher", "webb", "mammen"])
def test_draws_of_multipliers_are_counted(kind):
    """Catches words of inference that changed and are no longer understood."""
    assert count_draws(draw_multipliers(30, 1, kind, 999).words) == 999


def test_what_is_gone_through_is_not_drawn():
    """Catches a tolerance for p-values that are the same in every run."""
    assert count_draws(draw_multipliers(12, 1).words) == 0
    few, many = np.array([1.0, np.nan, np.nan]), np.array([1.0, 2.0, 3.0] + 20 * [np.nan])
    assert count_draws(deal_out(few, 99, 1)[1]) == 0
    assert count_draws(deal_out(many, 99, 1)[1]) == 99


@pytest.mark.parametrize(("method", "drawn"), [("CR1", False), ("wild", True)])
def test_an_effect_has_a_tolerance_only_if_it_was_drawn(make_panel, count_design, method, drawn):
    # With more clusters than this all sign vectors are too many to go through.
    panel = make_panel(1)
    design = dataclasses.replace(count_design, cluster="unit")
    result = estimate(panel, design, "twfe", method)
    assert bool(count_draws(result.inference)) is drawn
    found = tolerances_of_effect(result)
    assert sorted(found) == (["lower", "p", "se", "upper"] if drawn else [])
    if drawn:
        # The end of an interval is less certain than an estimate, and far more than a digit of it.
        error = result.overall.standard_error
        assert 0 < found["upper"].absolute < error / 10
        assert found["se"].kind == "numerical"


def test_the_least_certain_p_value_counts():
    tolerance = tolerance_of_p_values([0.001, 0.5], 999)
    assert tolerance is not None
    assert tolerance.allows(0.5, 0.54)
    assert not tolerance.allows(0.5, 0.56)
    assert tolerance_of_p_values([0.5], 0) is None
