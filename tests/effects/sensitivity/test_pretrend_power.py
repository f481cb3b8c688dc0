"""The power of the pre-test: R's numbers, independent leads by hand, and simulation."""

import numpy as np
import pytest
from scipy import stats

from analysis.effects.sensitivity.event_study import EventStudy
from analysis.effects.sensitivity.passing import passing
from analysis.effects.sensitivity.pretrend_power import (
    pretest_power,
    pretrend_power,
    slope_for_power,
)
from analysis.errors import DesignError

# R's pretrends 0.1.0 integrates at random, to about 1e-3, and stops its search for a slope at an
# absolute 1e-4.
SIMULATED_BY_R = 2e-3
# Of our own integration; see `passing`.
CLOSE = 1e-5


def test_slopes_and_power_are_those_of_r(authors):
    study, known = authors
    expected = known["pretrends"]
    for power in (0.5, 0.8):
        slope = expected["slope_for_power"][f"power{power}"]
        assert slope_for_power(study, power) == pytest.approx(slope, rel=SIMULATED_BY_R)
    at = expected["power_at_50pct_slope"]
    found = pretrend_power(study, slope=at["slope"])
    assert found.power == pytest.approx(at["df_power"]["Power"], rel=SIMULATED_BY_R)
    assert found.bayes_factor == pytest.approx(at["df_power"]["Bayes.Factor"], rel=SIMULATED_BY_R)
    likelihood = at["df_power"]["Likelihood.Ratio"]
    assert found.likelihood_ratio == pytest.approx(likelihood, rel=1e-9)
    plotted = at["df_eventplot"]
    assert found.event_time.index.tolist() == plotted["t"]
    for ours, theirs in (("value", "betahat"), ("trend", "deltatrue"), ("standard_error", "se")):
        np.testing.assert_allclose(found.event_time[ours], plotted[theirs], rtol=1e-9)
    np.testing.assert_allclose(
        found.event_time["after_pretest"], plotted["meanAfterPretesting"], rtol=1e-3
    )


def test_independent_leads_multiply():
    """Chance and mean of cut-off normal variables are known in closed form."""
    study = EventStudy(np.array([-4.0, -3, -2, 0]), np.zeros(4), np.diag([1, 4, 9, 1.0]), -1)
    found = pretrend_power(study, slope=1.5)
    sd, trend = np.array([1, 2, 3]), 1.5 * np.array([-3, -2, -1])
    lower, upper = (-1.96 * sd - trend) / sd, (1.96 * sd - trend) / sd
    chances = stats.norm.cdf(upper) - stats.norm.cdf(lower)
    assert found.power == pytest.approx(1 - chances.prod(), rel=CLOSE)
    expected = stats.truncnorm.mean(lower, upper, loc=trend, scale=sd)
    np.testing.assert_allclose(found.event_time["after_pretest"][:3], expected, rtol=1e-4)
    assert found.event_time.loc[0, "after_pretest"] == 1.5


@pytest.mark.parametrize("entries", [2, 3, 4])
def test_chances_are_those_of_another_integration(entries):
    gaps = np.abs(np.subtract.outer(range(entries), range(entries)))
    vcov, mean = 0.6**gaps + 0.2, 0.4 * np.arange(entries)
    limit = 1.96 * np.sqrt(np.diag(vcov))
    expected = stats.multivariate_normal.cdf(
        limit,
        mean,
        vcov,
        lower_limit=-limit,
        abseps=1e-7,
        releps=1e-7,
        maxpts=10**6,
        rng=np.random.default_rng(0),
    )
    assert passing(mean, vcov, 1.96)[0] == pytest.approx(expected, abs=2e-6)


def test_draws_that_pass_are_where_they_are_expected(make_study):
    """Catches a wrong sign in what the leads tell of the lags."""
    study = make_study(7, 3, 3)
    found = pretrend_power(study, power=0.6)
    trend = found.event_time["trend"].drop(-1).to_numpy()
    draws = np.random.default_rng(0).multivariate_normal(trend, study.vcov, 200_000)
    sd = np.sqrt(np.diag(study.vcov))
    passed = draws[(np.abs(draws[:, :3]) <= 1.96 * sd[:3]).all(axis=1)]
    assert len(passed) / len(draws) == pytest.approx(0.4, abs=0.005)
    after = found.event_time["after_pretest"].drop(-1)
    error = 4 * sd / np.sqrt(len(passed))
    assert (np.abs(passed.mean(axis=0) - after) < error).all()


def test_the_slope_has_the_power_it_was_asked_for(make_study):
    study = make_study(8, 5, 2)
    slope = slope_for_power(study, 0.8)
    assert pretest_power(study, slope) == pytest.approx(0.8, abs=1e-6)
    assert pretest_power(study, -slope) == pytest.approx(0.8, abs=1e-4)


def test_scaling_estimates_scales_the_slope(make_study):
    study = make_study(9)
    scaled = EventStudy(study.event_time, 50 * study.estimates, 2500 * study.vcov, -1)
    assert slope_for_power(scaled) == pytest.approx(50 * slope_for_power(study), rel=1e-6)


def test_a_trend_starts_at_the_reference(castle_result, make_study):
    """Catches slopes counted from adoption where the reference is two periods before it."""
    study = make_study(3)
    earlier = EventStudy(study.event_time - 1, study.estimates, study.vcov, -2)
    assert slope_for_power(earlier) == slope_for_power(study)
    found = pretrend_power(castle_result)
    assert found.event_time.loc[-1].tolist() == [0, 0, 0, 0]
    assert found.event_time.loc[0, "trend"] == pytest.approx(found.slope)
    assert found.power == pytest.approx(0.5, abs=CLOSE)


@pytest.mark.parametrize("power", [0.05, 1.0, -1])
def test_a_power_that_no_slope_has_is_refused(power, make_study):
    with pytest.raises(DesignError, match="if trends are parallel"):
        slope_for_power(make_study(1), power)


def test_more_leads_than_clusters_are_refused():
    scores = np.random.default_rng(0).normal(size=(2, 4))
    study = EventStudy(np.array([-4.0, -3, -2, 0]), np.zeros(4), scores.T @ scores, -1)
    with pytest.raises(DesignError, match="the 3 leads vary in 2 directions only"):
        pretrend_power(study)
