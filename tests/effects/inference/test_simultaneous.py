"""Sup-t bands cover what they should, and are as wide as known cases say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.effects.inference.simultaneous import sup_t_band, sup_t_from_draws, sup_t_from_vcov
from analysis.errors import DesignError

# Of a 95 per cent quantile of 100,000 draws, about 1.5 times its standard error of 0.007.
MONTE_CARLO = 0.012


def test_independent_effects_have_sidaks_critical_value():
    expected = stats.norm.ppf((1 + 0.95 ** (1 / 8)) / 2)
    assert sup_t_from_vcov(np.diag(np.arange(1.0, 9)), 1) == pytest.approx(
        expected, abs=MONTE_CARLO
    )


def test_effects_that_move_together_have_the_pointwise_value():
    errors = np.arange(1.0, 9)
    found = sup_t_from_vcov(np.outer(errors, errors), 1)
    assert found == pytest.approx(stats.norm.ppf(0.975), abs=MONTE_CARLO)


def test_two_correlated_effects_against_their_integral():
    correlation = np.array([[1, 0.6], [0.6, 1]])
    found = sup_t_from_vcov(correlation * 4, 2)
    joint = stats.multivariate_normal(cov=correlation)
    inside = joint.cdf(np.full(2, found), lower_limit=np.full(2, -found))
    assert inside == pytest.approx(0.95, abs=0.002)


def test_few_degrees_of_freedom_widen_the_band():
    """Independent t with one chi-square in common, in closed form: the studentised maximum."""
    found = sup_t_from_vcov(np.eye(2), 3, degrees=9)
    joint = stats.multivariate_t(shape=np.eye(2), df=9, seed=1)
    inside = joint.cdf(np.full(2, found), lower_limit=np.full(2, -found), random_state=1)
    assert inside == pytest.approx(0.95, abs=0.003)


def test_the_reference_and_unknown_variances_are_left_out():
    """Catches a division by the zero variance of the period of reference."""
    vcov = np.diag([1.0, 0.0, 2.0, np.nan])
    vcov[3, :3] = vcov[:3, 3] = np.nan
    assert sup_t_from_vcov(vcov, 1) == sup_t_from_vcov(np.diag([1.0, 2.0]), 1)


def test_one_effect_has_its_t_quantile_exactly():
    assert sup_t_from_vcov(np.array([[3.0]]), 1, degrees=7) == stats.t.ppf(0.975, 7)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000))
def test_scaling_effects_does_not_change_the_value(seed):
    draw = np.random.default_rng(seed)
    root = draw.normal(size=(4, 4))
    scale = draw.uniform(0.1, 10, 4)
    plain = sup_t_from_vcov(root @ root.T, 1, draws=2000)
    scaled = sup_t_from_vcov(np.outer(scale, scale) * (root @ root.T), 1, draws=2000)
    # Eigenvectors can turn where eigenvalues are close, which draws anew.
    assert scaled == pytest.approx(plain, abs=0.2)


def test_from_draws():
    draws = np.array([[1.0, 0.0], [-4.0, 0.0], [2.0, 0.0], [3.0, 0.0]])
    assert sup_t_from_draws(draws, np.array([2.0, 0.0])) == 2.0
    assert np.isnan(sup_t_from_draws(draws, np.zeros(2)))


def test_the_band_reaches_as_far_on_both_sides():
    lower, upper = sup_t_band(np.array([1.0, 0.0]), np.array([0.5, 0.0]), 3.0)
    assert lower.tolist() == [-0.5, 0.0]
    assert upper.tolist() == [2.5, 0.0]


def test_there_is_no_band_without_a_critical_value():
    with pytest.raises(DesignError, match="no effect has a standard error"):
        sup_t_band(np.zeros(1), np.zeros(1), sup_t_from_vcov(np.zeros((1, 1)), 1))


@pytest.mark.slow
def test_the_band_covers_the_whole_path():
    """Coverage of eight correlated effects with an estimated covariance, 30 clusters."""
    draw = np.random.default_rng(5)
    root = np.tril(np.ones((8, 8)))
    covered = 0
    for seed in range(1000):
        rows = draw.normal(size=(30, 8)) @ root.T
        vcov = np.cov(rows.T) / 30
        critical = sup_t_from_vcov(vcov, seed, degrees=29, draws=5000)
        lower, upper = sup_t_band(rows.mean(0), np.sqrt(np.diag(vcov)), critical)
        covered += bool(np.all((lower <= 0) & (upper >= 0)))
    assert covered / 1000 == pytest.approx(0.95, abs=0.02)
