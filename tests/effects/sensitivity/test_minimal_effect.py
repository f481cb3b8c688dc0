"""Minimal detectable effects against Bloom's multipliers and by simulation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.effects.sensitivity.minimal_effect import minimal_effects
from analysis.errors import DesignError


def test_multipliers_are_blooms():
    """Bloom (1995): 2.80 standard errors for 80 per cent power at 5 per cent, two-sided."""
    frame = minimal_effects(2.0, powers=[0.8])
    assert frame["multiplier"][0] == pytest.approx(2.80, abs=0.005)
    assert frame["effect"][0] == 2 * frame["multiplier"][0]


def test_few_clusters_need_larger_effects():
    """t at 0.975 and 0.8 with 5 degrees of freedom: 2.5706 and 0.9195, from tables."""
    assert minimal_effects(1.0, degrees=5, powers=[0.8])["effect"][0] == pytest.approx(
        3.490, abs=1e-3
    )


def test_an_effect_of_that_size_is_found_that_often():
    effect = minimal_effects(0.3, powers=[0.8])["effect"][0]
    estimates = np.random.default_rng(0).normal(effect, 0.3, 100_000)
    assert (np.abs(estimates / 0.3) > 1.959964).mean() == pytest.approx(0.8, abs=0.005)


@given(st.floats(1e-6, 1e6), st.floats(1, 200), st.floats(0.01, 0.2))
def test_more_power_needs_a_larger_effect(standard_error, degrees, size):
    effects = minimal_effects(standard_error, degrees=degrees, size=size, powers=[0.3, 0.6, 0.9])
    assert (np.diff(effects["effect"]) > 0).all()


def test_all_problems_are_reported_together():
    with pytest.raises(DesignError) as caught:
        minimal_effects(float("nan"), degrees=0, size=2, powers=[0.01])
    assert [problem.where for problem in caught.value.problems] == [
        "standard_error",
        "degrees",
        "size",
        "powers",
    ]
