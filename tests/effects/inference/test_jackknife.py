"""The cluster jackknife in closed form: agreement with refitting, and with summclust."""

import numpy as np
import pytest

from analysis.effects.inference.bias_reduced import bias_reduced
from analysis.effects.inference.jackknife import cluster_jackknife, jackknife_vcov
from analysis.errors import DesignError

SAME = 1e-9


@pytest.mark.parametrize("weighted", [False, True])
def test_agrees_with_fitting_again_without_each_cluster(make_model, fit_columns, weighted):
    """Catches period effects that are kept from the whole panel instead of estimated anew."""
    contrasts = np.array([[1.0, 0.0], [1.0, -2.0]])
    for seed in range(4):
        model = make_model(seed, weighted=weighted)
        found = cluster_jackknife(model.fit, model.codes, contrasts)
        for cluster in range(model.fit.cluster_count):
            rest = model.fit.clusters != cluster
            again = fit_columns(
                model.outcome[rest],
                model.regressors[rest],
                *(codes[rest] for codes in model.codes),
                model.fit.clusters[rest],
                model.fit.weights[rest],
            )
            np.testing.assert_allclose(
                found.estimates[cluster], contrasts @ again.fit.coefficients, rtol=1e-8
            )


def test_agrees_with_summclust(reference, fit_reference):
    for row in reference["jackknife"]:
        model = fit_reference(row)
        found = cluster_jackknife(model.fit, model.codes, np.eye(1))
        point = model.fit.coefficients
        for centre, name in (("point", "se_CV3"), ("mean", "se_CV3J")):
            error = np.sqrt(jackknife_vcov(found.estimates, point, centre)[0, 0])
            assert error == pytest.approx(row[name], rel=SAME)
        np.testing.assert_allclose(found.estimates[:, 0], row["leave_one_out_betas"], rtol=SAME)
        np.testing.assert_allclose(found.leverage, row["leverage_g"], rtol=SAME)
        np.testing.assert_allclose(found.partial_leverage[:, 0], row["partial_leverage"], rtol=SAME)
        assert found.leverage_variation == pytest.approx(row["coef_var_leverage_g"], rel=1e-8)


def test_leverage_adds_up(make_model):
    """To the parameters; partial leverage of several regressors to one each."""
    model = make_model(3)
    found = cluster_jackknife(model.fit, model.codes, np.eye(2))
    assert found.leverage.sum() == pytest.approx(model.fit.parameters_full)
    np.testing.assert_allclose(found.partial_leverage.sum(axis=0), 1)
    assert found.partial_leverage_variation.shape == (2,)


def test_partial_leverage_is_that_of_a_regressor_without_the_others(make_model):
    """Catches the leverage of all regressors reported for each."""
    model = make_model(5)
    fit = model.fit
    root = np.sqrt(fit.weights)
    first, second = (root * fit.regressors[:, place] for place in (0, 1))
    left = first - second * (second @ first) / (second @ second)
    squares = np.bincount(fit.clusters, left**2)
    found = cluster_jackknife(fit, model.codes, np.eye(2))
    np.testing.assert_allclose(found.partial_leverage[:, 0], squares / squares.sum())


def test_is_cr3_but_for_its_factor(make_model):
    model = make_model(8)
    estimates = cluster_jackknife(model.fit, model.codes, np.eye(2)).estimates
    groups = model.fit.cluster_count
    expected, _ = bias_reduced(model.fit, model.codes, np.eye(2), "CR3")
    vcov = jackknife_vcov(estimates, model.fit.coefficients)
    np.testing.assert_allclose(vcov * groups / (groups - 1), expected)


def test_what_one_cluster_alone_identifies_is_not_a_number_without_it(make_model, fit_columns):
    """Also a sum with such a coefficient; other contrasts keep their jackknife."""
    model = make_model(4)
    alone = (model.fit.clusters == 2) * model.regressors[:, 1]
    regressors = np.stack([model.regressors[:, 0], alone], axis=1)
    model = fit_columns(model.outcome, regressors, *model.codes, model.fit.clusters)
    contrasts = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    found = cluster_jackknife(model.fit, model.codes, contrasts)
    np.testing.assert_array_equal(
        np.isnan(found.estimates), (np.arange(5) == 2)[:, None] & [False, True, True]
    )
    vcov = jackknife_vcov(found.estimates, contrasts @ model.fit.coefficients)
    np.testing.assert_array_equal(np.isfinite(np.diag(vcov)), [True, False, False])


def test_one_cluster_cannot_be_left_out():
    with pytest.raises(DesignError, match="there are 1"):
        jackknife_vcov(np.ones((1, 1)), np.ones(1))
