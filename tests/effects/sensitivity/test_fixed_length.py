"""Fixed-length intervals against closed forms, linear programmes and numerical search."""

import numpy as np
import pytest
from scipy import optimize, stats

from analysis.effects.sensitivity.fixed_length import (
    _half_length,
    fixed_length_interval,
)
from analysis.effects.sensitivity.restrictions import difference_rows

SIZE = 0.05


@pytest.mark.parametrize("seed", range(6))
def test_without_curvature_it_is_the_trend_adjusted_estimate(seed, make_study):
    """M = 0: generalised least squares of all estimates on a trend and one effect for each lag."""
    draw = np.random.default_rng(seed)
    leads, lags = draw.integers(1, 6), draw.integers(1, 5)
    study, weights = make_study(seed, leads, lags), draw.normal(size=lags)
    found = fixed_length_interval(study.estimates, study.vcov, leads, weights, 0.0, SIZE)
    effects = np.vstack([np.zeros((leads, lags)), np.eye(lags)])
    model = np.c_[study.event_time - study.reference, effects]
    inverse = np.linalg.inv(study.vcov)
    covariance = np.linalg.inv(model.T @ inverse @ model)
    value = np.r_[0, weights] @ covariance @ model.T @ inverse @ study.estimates
    sd = np.sqrt(np.r_[0, weights] @ covariance @ np.r_[0, weights])
    half = stats.norm.isf(SIZE / 2) * sd
    assert (found.lower, found.upper) == pytest.approx((value - half, value + half), rel=1e-9)
    assert found.bias == 0


@pytest.mark.parametrize("seed", range(4))
def test_the_bias_is_the_worst_there_is(seed, make_study):
    study, leads, lags = make_study(seed, 4, 3), 4, 3
    weights = np.random.default_rng(seed).normal(size=lags)
    found = fixed_length_interval(study.estimates, study.vcov, leads, weights, 0.03, SIZE)
    curvature = difference_rows(leads, lags, order=2)
    # Linear trends cancel up to rounding, so the violation may be zero at the last lead.
    np.testing.assert_allclose(found.weights @ (study.event_time + 1), 0, atol=1e-12)
    worst = optimize.linprog(
        -found.weights,
        A_ub=np.vstack([curvature, -curvature]),
        b_ub=np.full(2 * len(curvature), 0.03),
        bounds=[(0, 0) if column == leads - 1 else (None, None) for column in range(leads + lags)],
    )
    assert found.bias == pytest.approx(-worst.fun, rel=1e-9)
    variance = found.weights @ study.vcov @ found.weights
    assert found.standard_error == pytest.approx(np.sqrt(variance), rel=1e-12)
    np.testing.assert_allclose(found.weights[leads:], weights, rtol=1e-12)


@pytest.mark.parametrize("seed", range(12))
def test_no_search_finds_a_shorter_one(seed, make_study):
    draw = np.random.default_rng(seed)
    leads, lags = draw.integers(2, 7), draw.integers(1, 5)
    study, weights = make_study(seed, leads, lags), draw.normal(size=lags)
    m = draw.choice([0.002, 0.01, 0.05, 0.3])
    found = fixed_length_interval(study.estimates, study.vcov, leads, weights, m, SIZE)
    rows = difference_rows(leads, lags, order=2)
    free, tied = rows[: leads - 1], rows[leads - 1 :]
    given = np.linalg.solve(tied[:, leads:].T, weights)

    def half_length(split):
        up, down = np.split(split, 2)
        estimator = tied.T @ given + free.T @ (up - down)
        sd = np.sqrt(estimator @ study.vcov @ estimator)
        return _half_length(m * (split.sum() + np.abs(given).sum()), sd, SIZE)

    searched = optimize.minimize(
        half_length,
        np.full(2 * (leads - 1), 0.1),
        bounds=[(0, None)] * (2 * (leads - 1)),
        method="SLSQP",
        options={"ftol": 1e-13, "maxiter": 1000},
    )
    half = (found.upper - found.lower) / 2
    assert half <= searched.fun * (1 + 1e-9)
    assert half == pytest.approx(searched.fun, rel=1e-5)


@pytest.mark.parametrize("bias", [0.0, 1e-6, 0.7, 5.0, 1e4])
def test_the_half_length_covers(bias):
    half = _half_length(bias, 2.0, SIZE)
    missed = stats.norm.sf((half - bias) / 2) + stats.norm.cdf((-half - bias) / 2)
    assert missed == pytest.approx(SIZE, rel=1e-6)
