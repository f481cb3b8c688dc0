"""The score bootstrap: restricted fits, one-step draws, intervals by inversion."""

import itertools

import numpy as np
import pytest

from analysis.effects.fixed_effects import FixedEffects
from analysis.effects.inference.fit import WeightedFit
from analysis.effects.inference.multipliers import draw_multipliers
from analysis.effects.inference.score_bootstrap import score_bootstrap

CONTRASTS = {"one": np.array([1.0, 0.0]), "several": np.array([1.0, 0.5])}


def newton(counts, design, offset):
    """Fit a Poisson model on all dummies."""
    coefficients = np.linalg.lstsq(design, np.log(counts + 1) - offset, rcond=None)[0]
    for _ in range(60):
        means = np.exp(offset + design @ coefficients)
        hessian = design.T @ (means[:, None] * design)
        coefficients = coefficients + np.linalg.solve(hessian, design.T @ (counts - means))
    return coefficients, np.exp(offset + design @ coefficients)


class Counts:
    """Counts of 18 units in 8 periods and G clusters, with two regressors and an exposure."""

    def __init__(self, clusters, seed):
        draw = np.random.default_rng(seed)
        units, periods = np.repeat(np.arange(18), 8), np.tile(np.arange(8), 18)
        self.clusters = units % clusters
        treatment = (periods >= 3 + units % 4) & (units % 3 > 0)
        self.regressors = np.stack([treatment, draw.normal(size=len(units))], axis=1)
        self.offset = np.log(draw.uniform(0.5, 2, len(units)))
        shocks = draw.normal(0, 0.3, (clusters, 8))[self.clusters, periods]
        rate = np.exp(self.offset + 2 + shocks + 0.2 * self.regressors[:, 1])
        self.counts = draw.poisson(rate).astype("float64")
        self.effects = FixedEffects([units, periods])
        self.dummies = np.hstack([np.eye(18)[units], np.eye(8)[periods][:, 1:]])

    def run(self, contrast, **options):
        design = np.hstack([self.regressors, self.dummies])
        coefficients, means = newton(self.counts, design, self.offset)
        left = self.effects.project(means).residualise(self.regressors)
        residuals = (self.counts - means) / means
        fit = WeightedFit(coefficients[:2], left, residuals, means, self.clusters, 2)
        # Whatever number begins the search, its ends are the same.
        return score_bootstrap(
            fit,
            self.counts,
            self.regressors,
            np.log(means),
            self.effects,
            contrast,
            0.1,
            3,
            **options,
        )

    def squared_t(self, contrast, null, multipliers):
        """Fit by Newton with the contrast held at the null, then perturb all scores."""
        first, second = self.regressors.T
        # b1 x1 + b2 x2 with b1 + c b2 = null: the offset null x1, and x2 - c x1 is free.
        free = (second - contrast[1] * first)[:, None]
        _, means = newton(self.counts, np.hstack([free, self.dummies]), self.offset + null * first)
        full = np.hstack([self.regressors, self.dummies])
        bread = np.linalg.inv(full.T @ (means[:, None] * full))
        wide = np.concatenate([contrast, np.zeros(full.shape[1] - 2)])

        def one(signs):
            drawn = signs[self.clusters] * (self.counts - means)
            step = bread @ (full.T @ drawn)
            rows = full * (drawn - means * (full @ step))[:, None]
            scores = np.zeros((self.clusters.max() + 1, full.shape[1]))
            np.add.at(scores, self.clusters, rows)
            return (wide @ step) ** 2 / ((scores @ bread @ wide) ** 2).sum()

        return np.array([one(signs) for signs in multipliers])


def every_sign(clusters):
    return np.array([(1, *tail) for tail in itertools.product([1.0, -1.0], repeat=clusters - 1)])


@pytest.mark.parametrize("contrast", CONTRASTS.values(), ids=CONTRASTS)
@pytest.mark.parametrize(("clusters", "seed"), [(6, 1), (9, 2)])
def test_agrees_with_brute_force_over_all_sign_vectors(clusters, seed, contrast):
    """Catches nuisance coefficients that are kept from the fit instead of refitted at the null."""
    counts = Counts(clusters, seed)
    squares = counts.squared_t(contrast, 0.0, every_sign(clusters))
    found = counts.run(contrast, multipliers="rademacher")
    assert found.p_value == np.mean(squares >= squares[0] * (1 - 1e-9))
    strict = counts.run(contrast, multipliers="rademacher", ties="strict")
    assert strict.p_value == np.mean(squares > squares[0] * (1 + 1e-9))


def test_draws_at_random_agree_with_brute_force():
    counts, contrast = Counts(6, 3), CONTRASTS["several"]
    drawn = draw_multipliers(6, 3, "webb", 199)
    squares = counts.squared_t(contrast, 0.0, drawn.draws)
    found = counts.run(contrast, multipliers="webb", draws=199)
    assert found.p_value == np.mean(squares >= squares[0] * (1 - 1e-9))


def test_the_interval_ends_where_the_test_begins_to_reject():
    counts, contrast = Counts(9, 4), CONTRASTS["several"]
    found = counts.run(contrast, multipliers="rademacher")
    step = 2e-3 * 0.1
    for end, inwards in ((found.lower, 1), (found.upper, -1)):
        for null, rejected in ((end + inwards * step, False), (end - inwards * step, True)):
            squares = counts.squared_t(contrast, null, every_sign(9))
            assert (np.mean(squares >= squares[0] * (1 - 1e-9)) <= 0.05) == rejected


@pytest.mark.slow
def test_size_is_right_with_few_clusters():
    """Without an effect, 5% tests with 9 clusters and correlated counts; 200 draws, error 0.015."""
    rejections = sum(
        Counts(9, seed).run(CONTRASTS["one"], multipliers="rademacher").p_value <= 0.05
        for seed in range(200)
    )
    assert 0.01 <= rejections / 200 <= 0.1
