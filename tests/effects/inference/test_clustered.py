"""The sandwich and its factors: agreement with whole regressions and with fixest."""

import dataclasses

import numpy as np
import pytest

from analysis.effects.inference.clustered import clustered_vcov
from analysis.effects.inference.fit import coefficient_influence
from analysis.errors import DesignError

SAME = 1e-9


def test_agrees_with_the_sandwich_of_the_whole_regression(make_model):
    """Catches partialled-out scores or a bread that differ from those with all dummies."""
    model = make_model(5)
    design, fit = model.dummies, model.fit
    weighted = fit.weights[:, None] * design
    bread = np.linalg.inv(weighted.T @ design)
    residuals = model.outcome - design @ (bread @ (weighted.T @ model.outcome))
    scores = np.stack([(weighted * residuals[:, None])[fit.clusters == g].sum(0) for g in range(5)])
    expected = (bread @ scores.T @ scores @ bread)[:2, :2]
    np.testing.assert_allclose(clustered_vcov(fit, "zero"), expected, rtol=1e-8)


def test_each_factor_agrees_with_fixest(reference, fit_reference):
    for row in reference["factors"]:
        fit = fit_reference(row).fit
        for factor, expected in row["standard_errors"].items():
            assert np.sqrt(clustered_vcov(fit, factor)[0, 0]) == pytest.approx(expected, rel=SAME)


def test_halving_duplicated_weights_changes_only_the_factor(make_model):
    """Clusters, not rows, carry information: writing each row twice must not shrink errors."""
    fit = make_model(5).fit
    twice = dataclasses.replace(
        fit,
        regressors=np.repeat(fit.regressors, 2, axis=0),
        residuals=np.repeat(fit.residuals, 2),
        weights=np.repeat(fit.weights / 2, 2),
        clusters=np.repeat(fit.clusters, 2),
    )
    for factor in ("zero", "groups"):
        np.testing.assert_allclose(clustered_vcov(twice, factor), clustered_vcov(fit, factor))
    rows, used = len(fit.residuals), fit.parameters
    factors = (rows - 1) / (rows - used), (2 * rows - 1) / (2 * rows - used)
    expected = clustered_vcov(fit) * factors[1] / factors[0]
    np.testing.assert_allclose(clustered_vcov(twice), expected, rtol=1e-12)


def test_influence_of_clusters_adds_up_to_the_sandwich(make_model):
    fit, gradient = make_model(2).fit, np.array([[1.0, 1.0], [0.0, 2.0], [0.0, 0.0]])
    influence = coefficient_influence(fit, gradient)
    assert influence.shape == (5, 3)
    np.testing.assert_allclose(
        influence.T @ influence, gradient @ clustered_vcov(fit, "zero") @ gradient.T
    )


def test_the_full_factor_needs_a_count_of_all_parameters(make_model):
    fit = dataclasses.replace(make_model(2).fit, parameters_full=None)
    with pytest.raises(DesignError, match="rank of the fixed effects is not known"):
        clustered_vcov(fit, "full")


def test_too_many_parameters_are_refused(make_model):
    """Catches a negative factor, whose root would be no number."""
    model = make_model(2)
    fit = dataclasses.replace(model.fit, parameters=len(model.outcome))
    with pytest.raises(DesignError, match="count fewer of the fixed effects"):
        clustered_vcov(fit)
