"""The conditional test against linear programmes, and its size."""

import numpy as np
import pytest
from scipy import optimize, stats

from analysis.effects.sensitivity.authors_draws import normal_draws
from analysis.effects.sensitivity.conditional import _dual_vertices, _share_above, accepted
from analysis.effects.sensitivity.restrictions import relative_magnitudes, smoothness


def test_draws_are_those_of_r():
    """R 4.2.2: ``set.seed(0); rnorm(5)``."""
    expected = [1.262954285, -0.326233361, 1.329799263, 1.272429321, 0.414641434]
    np.testing.assert_allclose(normal_draws(1, 5)[0], expected, rtol=1e-8)


def test_draws_are_filled_in_row_by_row():
    np.testing.assert_array_equal(normal_draws(3, 2).ravel(), normal_draws(1, 6)[0])


@pytest.mark.parametrize("seed", range(30))
def test_the_statistic_is_the_value_of_the_linear_programme(seed, make_study):
    """Catches a vertex of the dual that is missing or wrong, for any weights and restriction."""
    draw = np.random.default_rng(seed)
    leads, lags = draw.integers(1, 5), draw.integers(2, 6)
    study = make_study(seed, leads, lags)
    weights = draw.normal(size=lags) if seed % 3 else np.eye(lags)[draw.integers(lags)]
    union = [*relative_magnitudes(leads, lags, draw.uniform(0, 2)), smoothness(leads, lags, 0.05)]
    moments = union[draw.integers(len(union))].on_lags()
    theta = float(draw.normal(scale=0.5))
    sd = np.sqrt(np.diag(moments.matrix @ study.vcov @ moments.matrix.T))
    vertices = _dual_vertices(moments, weights, sd)
    statistics = vertices.gamma @ (moments.matrix @ study.estimates - moments.limits)
    # Smallest eta, and effects tau, such that A (beta - tau) - d <= eta sd and l'tau = theta.
    solved = optimize.linprog(
        np.r_[1, np.zeros(lags)],
        A_ub=-np.c_[sd, moments.matrix[:, leads:]],
        b_ub=moments.limits - moments.matrix @ study.estimates,
        A_eq=np.r_[0, weights][None],
        b_eq=[theta],
        bounds=(None, None),
    )
    assert (statistics + vertices.slope * theta).max() == pytest.approx(solved.fun, rel=1e-9)


@pytest.mark.parametrize("lags", [1, 3])
@pytest.mark.parametrize("restriction", ["magnitudes", "smoothness"])
def test_the_truth_is_rejected_no_more_often_than_it_may(restriction, lags, make_study):
    """Trends are parallel, so the truth is zero and satisfies any restriction."""
    study, leads = make_study(5, 3, lags), 3
    union = [smoothness(leads, lags, 0.02)]
    if restriction == "magnitudes":
        union = relative_magnitudes(leads, lags, 0.5)
    draws = np.random.default_rng(0).multivariate_normal(np.zeros(leads + lags), study.vcov, 400)
    weights = np.full(lags, 1 / lags)
    rejected = [
        not any(accepted(np.zeros(1), drawn, study.vcov, part, weights, 0.05)[0] for part in union)
        for drawn in draws
    ]
    # Three Monte Carlo errors above the size.
    assert np.mean(rejected) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 400)


def test_far_effects_are_rejected(make_study):
    """Catches a test that accepts everything, which would keep its size."""
    study = make_study(5)
    union = relative_magnitudes(3, 3, 0.5)
    far = np.array([-50.0, 50.0])
    for part in union:
        kept = accepted(far, study.estimates, study.vcov, part, np.full(3, 1 / 3), 0.05)
        assert not kept.any()


def test_shares_hold_far_out_in_the_tail():
    """Catches 0 / 0 where a truncation point is many standard errors from zero."""
    share = _share_above(np.array([1.0, 40.0]), np.array([-1.0, 39.9]), np.array([2.0, np.inf]))
    expected = (stats.norm.cdf(2) - stats.norm.cdf(1)) / (stats.norm.cdf(2) - stats.norm.cdf(-1))
    assert share[0] == pytest.approx(expected, rel=1e-12)
    assert share[1] == pytest.approx(np.exp(stats.norm.logsf(40) - stats.norm.logsf(39.9)))
