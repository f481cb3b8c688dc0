"""Robust bounds and breakdown values: R's numbers, invariance, and what is refused."""

import subprocess
import sys

import numpy as np
import pytest

from analysis.effects.sensitivity.event_study import EventStudy, target_weights
from analysis.effects.sensitivity.honest import (
    breakdown_value,
    honest_bounds,
    honest_sensitivity,
    original_interval,
)
from analysis.errors import DesignError

# Both sides test the same points with the same draws.
SAME = 1e-12
# R takes quantiles of 1e6 draws where ours are exact.
SIMULATED_BY_R = 2e-3


def arrays(study):
    return study.estimates, study.vcov, study.leads, study.lags


def test_relative_magnitudes_are_those_of_r(authors):
    """HonestDiD 0.2.6, first effect, Mbar 0.5, 1 and 2; at 2 R's upper end is its grid's."""
    study, known = authors
    expected = known["HonestDiD"]["DeltaRM C-LF gridPoints=1000 l_vec=first"]
    bounds = honest_bounds(*arrays(study), parameters=expected["Mbar"])
    np.testing.assert_allclose(bounds["lower"], expected["lb"], rtol=SAME)
    np.testing.assert_allclose(bounds["upper"][:2], expected["ub"][:2], rtol=SAME)
    assert bounds["upper"][2] > expected["ub"][2]


def test_smoothness_is_that_of_r(authors):
    study, known = authors
    for method, close in (("C-LF", SAME), ("FLCI", SIMULATED_BY_R)):
        expected = known["HonestDiD"][f"DeltaSD {method} l_vec=first"]
        bounds = honest_bounds(
            *arrays(study), restriction="smoothness", method=method, parameters=expected["M"]
        )
        np.testing.assert_allclose(bounds["lower"], expected["lb"], rtol=close)
        np.testing.assert_allclose(bounds["upper"], expected["ub"], rtol=close)


def test_the_original_interval_is_that_of_r(authors):
    study, known = authors
    expected = known["HonestDiD"]["original l_vec=first"]
    found = original_interval(*arrays(study))
    assert (found.lower, found.upper) == pytest.approx((expected["lb"], expected["ub"]), rel=SAME)


def test_the_earliest_change_counts():
    """A single large change, between the two earliest leads, lets later ones be as large."""
    values, vcov = np.array([0.5, 0.0, 0.0, 0.0, 1.0, 1.0]), 1e-4 * np.eye(6)
    bounds = honest_bounds(values, vcov, 4, 2, parameters=[1.0])
    # Identified are effects between 1 - 0.5 and 1 + 0.5; noise adds a little.
    assert bounds["lower"][0] == pytest.approx(0.5, abs=0.05)
    assert bounds["upper"][0] == pytest.approx(1.5, abs=0.05)


@pytest.mark.parametrize("restriction", ["relative_magnitudes", "smoothness"])
@pytest.mark.parametrize("method", ["C-LF", None])
def test_scaling_estimates_scales_bounds(restriction, method, make_study):
    study = make_study(3)
    parameters = np.array([0.0, 0.5, 1.0])
    unit = 0.02 if restriction == "smoothness" else 1.0
    values, vcov, leads, lags = arrays(study)
    options = {"restriction": restriction, "method": method, "weights": np.full(3, 1 / 3)}
    once = honest_bounds(*arrays(study), parameters=unit * parameters, **options)
    unit = 100 * unit if restriction == "smoothness" else 1.0
    scaled = honest_bounds(
        100 * values, 1e4 * vcov, leads, lags, parameters=unit * parameters, **options
    )
    np.testing.assert_allclose(
        scaled[["lower", "upper"]], 100 * once[["lower", "upper"]], rtol=1e-6
    )


@pytest.mark.parametrize("restriction", ["relative_magnitudes", "smoothness"])
def test_turning_signs_turns_bounds(restriction, make_study):
    """The grid has no middle point and the draws are not symmetric, so up to three steps."""
    study = make_study(4)
    values, vcov, leads, lags = arrays(study)
    once = honest_bounds(values, vcov, leads, lags, parameters=[0.3], restriction=restriction)
    turned = honest_bounds(-values, vcov, leads, lags, parameters=[0.3], restriction=restriction)
    step = 40 * np.sqrt(vcov[leads, leads]) / 999
    np.testing.assert_allclose(turned["lower"], -once["upper"], atol=3 * step)
    np.testing.assert_allclose(turned["upper"], -once["lower"], atol=3 * step)


@pytest.mark.parametrize(
    ("restriction", "method"),
    [("relative_magnitudes", "C-LF"), ("smoothness", "C-LF"), ("smoothness", "FLCI")],
)
@pytest.mark.parametrize(("leads", "lags"), [(1, 1), (1, 3), (4, 1), (3, 4)])
def test_the_breakdown_value_is_where_zero_comes_in(restriction, method, leads, lags, make_study):
    study = make_study(leads + 10 * lags, leads, lags)
    # A clear effect, on top of any trend.
    values = np.r_[np.zeros(leads), np.full(lags, 1.0)] + 0.1 * study.estimates
    options = {"restriction": restriction, "method": method}
    breakdown = breakdown_value(values, study.vcov, leads, lags, **options)
    assert breakdown > 0
    bounds = honest_bounds(
        values, study.vcov, leads, lags, parameters=[breakdown, 1.01 * breakdown], **options
    )
    assert bounds["contains_zero"].tolist() == [False, True]


def test_an_effect_that_is_not_significant_has_no_breakdown_value(make_study):
    study = make_study(1)
    assert np.isnan(breakdown_value(0 * study.estimates, *arrays(study)[1:]))


def test_an_interval_beyond_the_first_grid_is_found():
    """An effect of 60 standard errors, and bounds wider than 20, lie outside R's grid."""
    values, vcov = np.array([0.3, 0.0, 6.0]), 0.01 * np.eye(3)
    bounds = honest_bounds(values, vcov, 2, 1, parameters=[0, 10])
    assert bounds["lower"][0] == pytest.approx(6 - 0.2, abs=0.1)
    assert bounds["upper"][1] > 8
    assert np.isfinite(bounds[["lower", "upper"]]).all(axis=None)
    assert bounds["note"].tolist() == ["", ""]


def test_an_end_that_is_not_found_is_infinite_and_says_so(make_study):
    study = make_study(2)
    bounds = honest_bounds(*arrays(study), parameters=[1e4])
    assert bounds["lower"][0] == -np.inf
    assert bounds["upper"][0] == np.inf
    assert bounds["contains_zero"][0]
    assert "the lower end is below -" in bounds["note"][0]


def test_a_covariance_of_low_rank_is_noted_or_refused():
    """Five clusters cannot show how six estimates vary; FLCI would exploit that."""
    scores = np.random.default_rng(0).normal(size=(4, 6))
    vcov, values = scores.T @ scores / 100, np.r_[np.zeros(3), np.ones(3)]
    bounds = honest_bounds(values, vcov, 3, 3, parameters=[0.5])
    assert bounds["note"].tolist() == ["the covariance has rank 4 of 6"]
    with pytest.raises(DesignError, match="its rank is 4 for 6 estimates"):
        honest_bounds(values, vcov, 3, 3, parameters=[0.5], restriction="smoothness")


def test_a_result_is_bounded_at_its_average(castle_result):
    found = honest_sensitivity(castle_result, parameters=[0, 1])
    after = castle_result.event_time.loc[0:, "value"]
    assert found.value == pytest.approx(after.mean(), rel=1e-12)
    assert found.target == "mean effect from adoption on"
    assert found.bounds["contains_zero"].tolist() == [False, True]
    assert 0 < found.breakdown < 1


def test_periods_of_anticipation_have_no_weight_in_targets():
    times = np.array([-4.0, -3.0, -1.0, 0.0, 1.0])
    study = EventStudy(times, np.zeros(5), np.eye(5), -2)
    assert target_weights(study, "average").tolist() == [0, 0.5, 0.5]
    assert target_weights(study, "first").tolist() == [0, 1, 0]
    assert target_weights(study, -1).tolist() == [1, 0, 0]


def test_a_gap_is_refused():
    study = EventStudy(np.array([-4.0, -2.0, 0.0]), np.zeros(3), np.eye(3), -1)
    with pytest.raises(DesignError, match="-3 is missing") as caught:
        target_weights(study, 5)
    assert "there is no effect 5" in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"leads": 0, "lags": 6}, "there are 0 leads"),
        ({"leads": 6, "lags": 0}, "there are 0 lags"),
        ({"lags": 4}, r"expected \(7,\)"),
        ({"vcov": -np.eye(6)}, "no variance"),
        ({"weights": np.zeros(3)}, "not all of them zero"),
        ({"weights": np.ones(2)}, "give 3 numbers"),
        ({"restriction": "smooth"}, "did you mean 'smoothness'"),
        ({"method": "FLCI"}, "'FLCI' is for smoothness only"),
        ({"level": 95}, "give a share"),
        ({"parameters": [-1]}, "-1 bounds nothing"),
    ],
)
def test_what_cannot_be_bounded_is_refused(changes, words):
    given = {"values": np.zeros(6), "vcov": np.eye(6), "leads": 3, "lags": 3, "parameters": [1]}
    with pytest.raises(DesignError, match=words):
        honest_bounds(**(given | changes))


@pytest.mark.slow
def test_bounds_do_not_depend_on_the_hash_seed():
    code = (
        "import numpy as np; from analysis.effects.sensitivity.honest import honest_bounds;"
        "v = np.array([.1, .02, .3, 1, 1.2]); s = .01 * (np.eye(5) + .3);"
        "print(honest_bounds(v, s, 3, 2, parameters=[.5, 1]).to_json(double_precision=15))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-W", "error", "-c", code],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(outputs) == 1
