"""Planted effects run as they are said to."""

import numpy as np
import pytest

from analysis.recover.effect import PATTERNS, effect_strength

NEVER = np.nan
ADOPTION = np.array([4.0, 2.0, NEVER, 3.0])


@pytest.mark.parametrize("pattern", PATTERNS)
def test_nothing_is_anticipated_and_the_never_treated_gain_nothing(pattern) -> None:
    strength = effect_strength(ADOPTION, 6, pattern, 2.0)
    before = ~(np.arange(6) >= ADOPTION[:, np.newaxis])
    assert (strength[before] == 0).all()


def test_no_effect_is_none() -> None:
    assert not effect_strength(ADOPTION, 6, "none", 2.0).any()


def test_a_growing_effect_has_reached_63_per_cent_after_tau_periods() -> None:
    strength = effect_strength(np.array([0.0]), 20, "growing", 10.0)[0]
    assert strength[9] == pytest.approx(1 - np.exp(-1))
    assert (np.diff(strength) > 0).all()


def test_early_cohorts_gain_more() -> None:
    """Catches strengths given in the order of units instead of dates."""
    growing = effect_strength(ADOPTION, 6, "growing", 2.0)[:, 5]
    unequal = effect_strength(ADOPTION, 6, "heterogeneous", 2.0)[:, 5]
    ratio = unequal[[1, 3, 0]] / growing[[1, 3, 0]]
    np.testing.assert_allclose(ratio, [1.5, 1.0, 0.5])


def test_without_never_treated_units_the_last_cohort_has_its_strength() -> None:
    strength = effect_strength(np.array([1.0, 2.0]), 3, "heterogeneous", 1e-9)
    np.testing.assert_allclose(strength[:, 2], [1.5, 0.5])
