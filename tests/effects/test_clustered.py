"""CR1 is the sandwich it says it is, and t has G - 1 degrees of freedom."""

import dataclasses

import numpy as np
import pytest
from scipy import stats

from analysis.effects.estimators.linear import fit_linear
from analysis.effects.inference.clustered import clustered_vcov, t_estimate
from analysis.effects.sample import draw_sample


def test_agrees_with_the_sandwich_of_the_whole_regression(make_panel, rate_design):
    """Catches partialled-out scores or a bread that differ from those with all dummies."""
    panel = make_panel(5, units=20, periods=10)
    sample = draw_sample(panel, rate_design, "level")
    model = fit_linear(sample, sample.treatment[:, None], ["treatment"])
    dummies = [np.eye(codes.max() + 1)[codes] for codes in sample.effects]
    design = np.hstack([sample.treatment[:, None], dummies[0], dummies[1][:, 1:]])
    weighted = sample.weights[:, None] * design
    bread = np.linalg.inv(weighted.T @ design)
    residuals = sample.outcome - design @ (bread @ (weighted.T @ sample.outcome))
    scores = np.stack(
        [(weighted * residuals[:, None])[sample.clusters == g].sum(0) for g in range(20)]
    )
    raw = (bread @ scores.T @ scores @ bread)[0, 0]
    factor = 20 / 19 * (200 - 1) / (200 - (1 + 10))
    assert model.vcov[0, 0] == pytest.approx(factor * raw, rel=1e-9)


def test_halving_duplicated_weights_changes_only_the_factor(make_panel, rate_design):
    """Clusters, not rows, carry information: writing each row twice must not shrink errors."""
    panel = make_panel(5, units=20, periods=10)
    sample = draw_sample(panel, rate_design, "level")
    fit = fit_linear(sample, sample.treatment[:, None], ["treatment"]).fit
    twice = dataclasses.replace(
        fit,
        regressors=np.repeat(fit.regressors, 2, axis=0),
        residuals=np.repeat(fit.residuals, 2),
        weights=np.repeat(fit.weights / 2, 2),
        clusters=np.repeat(fit.clusters, 2),
    )
    rows, used = 200, fit.parameters
    factors = (rows - 1) / (rows - used), (2 * rows - 1) / (2 * rows - used)
    expected = clustered_vcov(fit) * factors[1] / factors[0]
    np.testing.assert_allclose(clustered_vcov(twice), expected, rtol=1e-12)


def test_interval_and_p_value_come_from_t_with_clusters_less_one():
    found = t_estimate(1.0, 0.5, clusters=8)
    assert found.p_value == pytest.approx(2 * stats.t.sf(2, 7))
    assert found.upper - found.lower == pytest.approx(2 * stats.t.ppf(0.975, 7) * 0.5)
