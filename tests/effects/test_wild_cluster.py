"""The wild cluster bootstrap agrees with brute force, row by row and draw by draw."""

import dataclasses
import itertools

import numpy as np
import pytest

from analysis.effects.estimators.linear import fit_linear, infer_contrast
from analysis.effects.inference.wild_cluster import (
    draw_multipliers,
    invert_test,
    share_as_extreme,
    wild_cluster,
)
from analysis.effects.registry import estimate
from analysis.effects.sample import draw_sample


@pytest.fixture
def sample(make_panel, rate_design):
    panel = make_panel(6, units=33, periods=9, effect=-0.05, districts=11)
    return draw_sample(panel, dataclasses.replace(rate_design, cluster="district"), "level")


def brute_force(sample, null):
    """Impose the null, flip residuals of whole clusters, and run every regression anew."""
    dummies = [np.eye(codes.max() + 1)[codes] for codes in sample.effects]
    others = np.hstack([dummies[0], dummies[1][:, 1:]])
    full = np.hstack([sample.treatment[:, None], others])
    root = np.sqrt(sample.weights)

    def fit(design, outcome):
        return np.linalg.lstsq(root[:, None] * design, root * outcome, rcond=None)[0]

    def squared_t(outcome):
        coefficients = fit(full, outcome)
        residuals = outcome - full @ coefficients
        weighted = sample.weights[:, None] * full
        bread = np.linalg.inv(weighted.T @ full)
        scores = np.zeros((sample.cluster_count, full.shape[1]))
        np.add.at(scores, sample.clusters, weighted * residuals[:, None])
        variance = (bread @ scores.T @ scores @ bread)[0, 0]
        return (coefficients[0] - null) ** 2 / variance

    adjusted = sample.outcome - null * sample.treatment
    fitted = others @ fit(others, adjusted)
    residuals = adjusted - fitted
    own = squared_t(sample.outcome)
    extreme = total = 0
    for tail in itertools.product([1, -1], repeat=sample.cluster_count - 1):
        signs = np.array((1, *tail))[sample.clusters]
        drawn = squared_t(fitted + null * sample.treatment + signs * residuals)
        extreme += drawn >= own * (1 - 1e-9)
        total += 1
    return extreme / total


@pytest.mark.parametrize("null", [0.0, -0.05])
def test_agrees_with_brute_force_over_all_sign_vectors(sample, null):
    shifted = dataclasses.replace(sample, outcome=sample.outcome - null * sample.treatment)
    model = fit_linear(shifted, sample.treatment[:, None], ["treatment"])
    found = wild_cluster(
        model.fit, model.outcome, model.projection.residualise, np.ones(1), 0.01, seed=0
    )
    assert found.p_value == brute_force(sample, null)


def test_the_interval_ends_where_the_test_begins_to_reject(sample):
    """Inversion, checked by imposing nulls just inside and just outside each end."""
    model = fit_linear(sample, sample.treatment[:, None], ["treatment"])
    error = float(np.sqrt(model.vcov[0, 0]))

    def run(fitted):
        return wild_cluster(
            fitted.fit, fitted.outcome, fitted.projection.residualise, np.ones(1), error, seed=0
        )

    found = run(model)
    for end, inwards in ((found.lower, 1), (found.upper, -1)):
        for step, rejected in ((1e-6, False), (-1e-6, True)):
            null = end + inwards * step * error
            moved = dataclasses.replace(sample, outcome=sample.outcome - null * sample.treatment)
            p_value = run(fit_linear(moved, sample.treatment[:, None], ["treatment"])).p_value
            assert (p_value <= 0.05) == rejected


def test_a_contrast_of_two_coefficients_is_one_coefficient_of_a_rotated_model(sample, rate_design):
    """Catches nuisance regressors that are not partialled out of the draws."""
    other = np.random.default_rng(0).normal(size=sample.observations)
    plain = np.stack([sample.treatment, other], axis=1)
    # With b1 t + b2 o = (b1 + b2) t + b2 (o - t), the sum is the rotated model's first.
    rotated = np.stack([sample.treatment, other - sample.treatment], axis=1)
    design = dataclasses.replace(rate_design, cluster="district")
    summed, _ = infer_contrast(fit_linear(sample, plain, ["t", "o"]), np.ones(2), design)
    [first] = [
        infer_contrast(fit_linear(sample, rotated, ["s", "o"]), np.array([1.0, 0.0]), design)[0]
    ]
    for name in ("value", "standard_error", "lower", "upper", "p_value"):
        assert getattr(summed, name) == pytest.approx(getattr(first, name), rel=1e-6)


@pytest.mark.parametrize(
    ("clusters", "draws", "words"),
    [
        (6, 10_000, "Webb six-point"),
        (10, 10_000, "Webb six-point"),
        (11, 2**10, "all 1,024 distinct"),
        (17, 2**16, "all 65,536 distinct"),
        (18, 10_000, "9,999 Rademacher draws"),
    ],
)
def test_draws_fit_the_number_of_clusters(clusters, draws, words):
    multipliers, said = draw_multipliers(clusters, seed=3)
    assert multipliers.shape == (draws, clusters)
    assert words in said
    assert (multipliers[0] == 1).all()


def test_webb_multipliers_have_mean_zero_and_variance_one():
    drawn = draw_multipliers(8, seed=3)[0][1:]
    assert abs(drawn.mean()) < 0.02
    assert abs(drawn.var() - 1) < 0.02
    assert len(np.unique(drawn)) == 6


def test_enumerated_vectors_are_distinct_and_no_mirror_of_another():
    signs = draw_multipliers(11, seed=0)[0]
    assert len(np.unique(np.vstack([signs, -signs]), axis=0)) == 2 * len(signs)


def test_the_datas_own_draw_counts_whatever_rounding_says():
    """Catches p = 0, which no finite number of draws can show."""
    distance, variance = np.array([3.0, 0.1, 0.2, 0.0]), np.ones(4)
    assert share_as_extreme(distance, variance) == 1 / 4
    assert share_as_extreme(distance, np.array([np.nan, 1, 1, 1])) == 1 / 4


def test_a_test_that_never_rejects_gives_an_unbounded_interval():
    assert invert_test(lambda null: 0.5, 1.0, 1.0, 1e-6) == (-np.inf, np.inf)


@pytest.mark.slow
def test_size_is_right_where_t_tests_reject_too_often(make_panel, rate_design):
    """Under no effect, 5% tests with 12 clusters of unequal size; 400 panels, error 0.011."""
    design = dataclasses.replace(rate_design, cluster="district")
    rejections = 0
    for seed in range(400):
        panel = make_panel(seed, units=24, periods=9, effect=0.0)
        draw = np.random.default_rng(seed)
        shocks = draw.normal(0, 0.05, (12, 9)).cumsum(axis=1)
        where = panel["district"].str[-2:].astype(int), panel["period"].array.asi8 % 9
        panel["satisfaction_rate"] += shocks[where]
        rejections += estimate(panel, design, "twfe").overall.p_value <= 0.05
    assert 0.02 <= rejections / 400 <= 0.09
