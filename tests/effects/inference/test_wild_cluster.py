"""The wild cluster bootstrap agrees with brute force, row by row and draw by draw."""

import itertools

import numpy as np
import pytest

from analysis.effects.inference.clustered import clustered_vcov
from analysis.effects.inference.multipliers import draw_multipliers
from analysis.effects.inference.wild_cluster import wild_cluster

CONTRASTS = {"one": np.array([1.0, 0.0, 0.0]), "several": np.array([0.5, -1.0, 2.0])}


def run(model, contrast, **options):
    error = float(np.sqrt(contrast @ clustered_vcov(model.fit) @ contrast))
    projection, outcome = model.projection, model.partialled_outcome
    return wild_cluster(model.fit, outcome, projection, contrast, error, 7, **options)


def brute_force(model, contrast, null, multipliers, impose_null=True):
    """Run every regression anew on every draw, with all dummies; return the squared t of each.

    The data's own comes first.
    """
    design, fit = model.dummies, model.fit
    k = len(contrast)
    wide = np.concatenate([contrast, np.zeros(design.shape[1] - k)])
    weighted = fit.weights[:, None] * design
    bread = np.linalg.inv(weighted.T @ design)

    def fitted(outcome, null=None):
        free = bread @ (weighted.T @ outcome)
        if null is None:
            return free
        # Least squares under one linear restriction.
        toward = bread @ wide
        return free - toward * (wide @ free - null) / (wide @ toward)

    def squared_t(outcome, centre):
        coefficients = fitted(outcome)
        rows = weighted * (outcome - design @ coefficients)[:, None]
        scores = np.zeros((fit.cluster_count, design.shape[1]))
        np.add.at(scores, fit.clusters, rows)
        variance = ((scores @ bread @ wide) ** 2).sum()
        return (coefficients @ wide - centre) ** 2 / variance

    start = fitted(model.outcome, null if impose_null else None)
    mean, residuals = design @ start, model.outcome - design @ start
    drawn = [squared_t(mean + v[fit.clusters] * residuals, start @ wide) for v in multipliers]
    return np.array([squared_t(model.outcome, null), *drawn])


def every_sign(clusters):
    return np.array([(1, *tail) for tail in itertools.product([1.0, -1.0], repeat=clusters - 1)])


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("contrast", CONTRASTS.values(), ids=CONTRASTS)
@pytest.mark.parametrize(("clusters", "seed"), [(6, 1), (7, 2), (9, 3)])
def test_restricted_agrees_with_brute_force(make_model, clusters, seed, contrast, weighted):
    model = make_model(seed, clusters=clusters, units=20, weighted=weighted, k=3)
    squares = brute_force(model, contrast, 0.0, every_sign(clusters))
    found = run(model, contrast, multipliers="rademacher")
    assert found.p_value == np.mean(squares[1:] >= squares[0] * (1 - 1e-9))
    strict = run(model, contrast, multipliers="rademacher", ties="strict")
    assert strict.p_value == np.mean(squares[1:] > squares[0] * (1 + 1e-9))
    assert strict.p_value < found.p_value


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("contrast", CONTRASTS.values(), ids=CONTRASTS)
@pytest.mark.parametrize(("clusters", "seed"), [(6, 1), (8, 4)])
def test_unrestricted_agrees_with_brute_force(make_model, clusters, seed, contrast, weighted):
    model = make_model(seed, clusters=clusters, units=20, weighted=weighted, k=3)
    squares = brute_force(model, contrast, 0.0, every_sign(clusters)[1:], impose_null=False)
    found = run(model, contrast, multipliers="rademacher", impose_null=False)
    # The identity draw gives back the fit, whose t is zero.
    assert found.p_value == np.sum(squares[1:] >= squares[0] * (1 - 1e-9)) / 2 ** (clusters - 1)


@pytest.mark.parametrize("kind", ["webb", "mammen", "rademacher"])
@pytest.mark.parametrize("impose_null", [True, False])
def test_draws_at_random_agree_with_brute_force(make_model, kind, impose_null):
    """Ninety-nine draws, the data's own added; strict ties leave it out again."""
    model, contrast = make_model(5, clusters=8, units=20, k=3), CONTRASTS["several"]
    drawn = draw_multipliers(8, 7, kind, 99)
    assert not drawn.exhaustive
    squares = brute_force(model, contrast, 0.0, drawn.draws[1:], impose_null)
    options = {"multipliers": kind, "draws": 99, "impose_null": impose_null}
    beyond = np.sum(squares[1:] >= squares[0] * (1 - 1e-9))
    assert run(model, contrast, **options).p_value == (1 + beyond) / 100
    beyond = np.sum(squares[1:] > squares[0] * (1 + 1e-9))
    assert run(model, contrast, **options, ties="strict").p_value == beyond / 99


@pytest.mark.parametrize("impose_null", [True, False])
def test_the_interval_ends_where_the_test_begins_to_reject(make_model, impose_null):
    """Inversion, checked by testing nulls just inside and just outside each end."""
    model, contrast = make_model(3, clusters=9, units=20, k=3), CONTRASTS["several"]
    found = run(model, contrast, multipliers="rademacher", impose_null=impose_null)
    width = found.upper - found.lower
    signs = every_sign(9) if impose_null else every_sign(9)[1:]
    for end, inwards in ((found.lower, 1), (found.upper, -1)):
        for step, rejected in ((1e-6, False), (-1e-6, True)):
            squares = brute_force(model, contrast, end + inwards * step * width, signs, impose_null)
            p_value = np.sum(squares[1:] >= squares[0] * (1 - 1e-9)) / 2**8
            assert (p_value <= 0.05) == rejected


def test_a_contrast_of_two_coefficients_is_one_coefficient_of_a_rotated_model(
    make_model, fit_columns
):
    """Catches nuisance regressors that are not partialled out of the draws."""
    model = make_model(2, clusters=11, units=25)
    first, second = model.regressors.T
    # With b1 x1 + b2 x2 = (b1 + b2) x1 + b2 (x2 - x1), the sum is the rotated model's first.
    rotated = fit_columns(
        model.outcome,
        np.stack([first, second - first], axis=1),
        *model.codes,
        model.fit.clusters,
        model.fit.weights,
    )
    summed, alone = run(model, np.ones(2)), run(rotated, np.array([1.0, 0.0]))
    assert summed.p_value == alone.p_value
    assert summed.lower == pytest.approx(alone.lower, rel=1e-6)
    assert summed.upper == pytest.approx(alone.upper, rel=1e-6)


@pytest.mark.slow
def test_size_is_right_with_few_clusters(fit_columns):
    """Under no effect, 5% tests with 12 clusters of unequal size; 400 panels, error 0.011."""
    rejections = 0
    unit, period = np.repeat(np.arange(24), 9), np.tile(np.arange(9), 24)
    cluster = (unit**2 // 48).clip(max=11)
    treatment = ((period >= 4) & (cluster % 2 == 0)).astype(float)
    for seed in range(400):
        draw = np.random.default_rng(seed)
        shocks = draw.normal(size=(12, 9)).cumsum(axis=1)
        outcome = shocks[cluster, period] + draw.normal(size=len(unit))
        model = fit_columns(outcome, treatment, unit, period, cluster)
        rejections += run(model, np.ones(1)).p_value <= 0.05
    assert 0.02 <= rejections / 400 <= 0.09
