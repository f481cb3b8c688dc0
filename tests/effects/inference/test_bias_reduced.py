"""CR2, CR3, Satterthwaite and HTZ: agreement with clubSandwich and with whole matrices."""

import dataclasses

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.effects.inference.bias_reduced import bias_reduced, htz_test
from analysis.effects.inference.clustered import clustered_vcov
from analysis.errors import DesignError

SAME = 1e-9


def whole_matrices(model, kind, contrasts, variances="equal"):
    """Compute everything from dense matrices with all dummies, as the papers write it."""
    design, fit = model.dummies, model.fit
    weights, residuals = fit.weights, fit.residuals
    if variances == "inverse_weights":
        root = np.sqrt(weights)
        design, residuals, weights = root[:, None] * design, root * residuals, np.ones(len(root))
    bread = np.linalg.inv(design.T @ (weights[:, None] * design))
    maker = np.eye(len(weights)) - design @ bread @ (design.T * weights)
    k = len(fit.coefficients)
    vectors, totals = [], []
    for cluster in range(fit.cluster_count):
        rows = fit.clusters == cluster
        adjustment = np.eye(rows.sum())
        if kind == "CR2":
            values, axes = np.linalg.eigh(maker[rows] @ maker[rows].T)
            roots = [0 if value < 1e-12 else value**-0.5 for value in values]
            adjustment = (axes * roots) @ axes.T
        if kind == "CR3":
            adjustment = np.linalg.pinv(maker[np.ix_(rows, rows)], rcond=1e-10)
        lever = (bread @ (design[rows] * weights[rows, None]).T)[:k] @ adjustment
        vectors.append(contrasts @ lever @ maker[rows])
        totals.append(contrasts @ lever @ residuals[rows])
    totals = np.array(totals)
    products = np.einsum("gsn,htn->stgh", vectors, vectors)
    return totals.T @ totals, products


def degrees_of(products):
    return np.array(
        [np.trace(own := products[s, s]) ** 2 / (own**2).sum() for s in range(len(products))]
    )


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("variances", ["equal", "inverse_weights"])
@pytest.mark.parametrize("kind", ["CR0", "CR2", "CR3"])
def test_agrees_with_whole_matrices(make_model, kind, variances, weighted):
    """Catches absorbed effects, weights or cross-products lost in the low-rank algebra."""
    contrasts = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, -2.0]])
    for seed in range(4):
        model = make_model(seed, weighted=weighted)
        vcov, degrees = bias_reduced(model.fit, model.codes, contrasts, kind, variances=variances)
        expected, products = whole_matrices(model, kind, contrasts, variances)
        np.testing.assert_allclose(vcov, expected, rtol=1e-7)
        np.testing.assert_allclose(degrees, degrees_of(products), rtol=1e-7)


def test_agrees_if_clusters_are_periods(make_model):
    """Then unit effects cross the clusters, and period effects are nested in them."""
    model = make_model(3)
    model = dataclasses.replace(model, fit=dataclasses.replace(model.fit, clusters=model.periods))
    for kind in ("CR2", "CR3"):
        vcov, degrees = bias_reduced(model.fit, model.codes, np.eye(2), kind)
        expected, products = whole_matrices(model, kind, np.eye(2))
        np.testing.assert_allclose(vcov, expected, rtol=1e-7)
        np.testing.assert_allclose(degrees, degrees_of(products), rtol=1e-7)


def test_agrees_with_several_effects_nested_in_clusters(make_model):
    """Catches nested dummies that imply each other and are counted twice."""
    model = make_model(2)
    blocks = np.unique([model.fit.clusters, model.periods // 3], axis=1, return_inverse=True)[1]
    nested = np.eye(blocks.max() + 1)[blocks]
    codes = [*model.codes, blocks.astype(np.int64)]
    every = np.hstack([model.dummies[:, 2:], nested])
    root = np.sqrt(model.fit.weights)[:, None]
    axes = np.linalg.svd(root * every, full_matrices=False)
    basis = axes[0][:, axes[1] > 1e-9 * axes[1][0]]

    def partial(columns):
        return columns - basis @ (basis.T @ columns)

    left = partial(root * model.regressors) / root
    outcome = (partial(root * model.outcome[:, None]) / root)[:, 0]
    coefficients = np.linalg.lstsq(root * left, root[:, 0] * outcome, rcond=None)[0]
    residuals = outcome - left @ coefficients
    fit = dataclasses.replace(
        model.fit, coefficients=coefficients, regressors=left, residuals=residuals
    )
    vcov, degrees = bias_reduced(fit, codes, np.eye(2), "CR2")
    columns = np.hstack([model.regressors, basis / root])

    class Whole:
        dummies = columns

    Whole.fit = fit
    expected, products = whole_matrices(Whole, "CR2", np.eye(2))
    np.testing.assert_allclose(vcov, expected, rtol=1e-7)
    np.testing.assert_allclose(degrees, degrees_of(products), rtol=1e-7)


def test_agrees_with_clubsandwich_and_estimatr(reference, fit_reference):
    for row in reference["bias_reduced"]:
        model = fit_reference(row)
        kind = "CR0" if row["kind"].startswith("CR1") else row["kind"]
        leverage = "regressors" if row["package"].endswith("plm") and kind == "CR3" else "full"
        vcov, degrees = bias_reduced(model.fit, model.codes, np.eye(1), kind, leverage=leverage)
        if row["kind"] == "CR1":
            vcov = clustered_vcov(model.fit, "groups")
        if row["kind"] == "CR1S":
            vcov = clustered_vcov(model.fit, "full")
        assert np.sqrt(vcov[0, 0]) == pytest.approx(row["standard_error"], rel=SAME), row
        assert degrees[0] == pytest.approx(row["degrees"], rel=SAME), row


def test_joint_test_agrees_with_clubsandwich(reference, read_reference, fit_columns):
    """The leads of an event study of castle, event times pooled at -3 and 3."""
    expected, data = reference["htz"], read_reference("castle")
    times = np.clip(data["period"] - data["g"], -3, 3)
    dummies = np.stack([times == time for time in (-3, -2, 0, 1, 2, 3)], axis=1)
    model = fit_columns(data["l_homicide"], dummies, data["unit"], data["period"], data["sid"])
    found = htz_test(model.fit, model.codes, np.eye(6)[:2])
    assert found.statistic == pytest.approx(expected["statistic"], rel=SAME)
    assert found.degrees_numerator == 2
    assert found.degrees_denominator == pytest.approx(expected["degrees_denominator"], rel=SAME)
    assert found.p_value == pytest.approx(expected["p_value"], rel=SAME)


def test_joint_test_of_one_contrast_is_the_t_test(make_model):
    model = make_model(5)
    vcov, degrees = bias_reduced(model.fit, model.codes, np.eye(2)[:1])
    found = htz_test(model.fit, model.codes, np.eye(2)[:1])
    assert found.statistic == pytest.approx(model.fit.coefficients[0] ** 2 / vcov[0, 0])
    assert found.degrees_denominator == pytest.approx(degrees[0])


def test_joint_test_does_not_depend_on_how_the_hypothesis_is_written(make_model):
    model = make_model(6, clusters=6)
    plain = htz_test(model.fit, model.codes, np.eye(2))
    turned = htz_test(model.fit, model.codes, np.array([[2.0, 1.0], [-1.0, 3.0]]))
    assert dataclasses.astuple(turned) == pytest.approx(dataclasses.astuple(plain), rel=1e-8)


def test_dependent_contrasts_cannot_be_tested_jointly(make_model):
    model = make_model(1)
    with pytest.raises(DesignError, match="covariance is singular"):
        htz_test(model.fit, model.codes, np.array([[1.0, 0.0], [2.0, 0.0]]))


@pytest.mark.parametrize("weighted", [False, True])
def test_is_unbiased_when_its_working_model_holds(make_model, weighted):
    """The expected variance, added up over errors in one row at a time, is the true one."""
    model, contrast = make_model(7, units=10, weighted=weighted), np.array([[1.0, 1.0]])
    fit = model.fit
    bread = np.linalg.inv((fit.regressors.T * fit.weights) @ fit.regressors)
    expected = 0.0
    for error in np.diag(1 / np.sqrt(fit.weights)):
        left = model.projection.residualise(error)
        residuals = left - fit.regressors @ (bread @ (fit.regressors.T @ (fit.weights * left)))
        one = dataclasses.replace(fit, residuals=residuals)
        vcov, _ = bias_reduced(one, model.codes, contrast, variances="inverse_weights")
        expected += vcov[0, 0]
    assert expected == pytest.approx((contrast @ bread @ contrast.T)[0, 0], rel=1e-8)


def test_a_contrast_of_zeros_has_no_variance_and_no_degrees(make_model):
    model = make_model(1)
    vcov, degrees = bias_reduced(model.fit, model.codes, np.zeros((1, 2)))
    assert vcov[0, 0] == 0
    assert np.isnan(degrees[0])


def test_what_one_cluster_alone_identifies_has_no_cr3(make_model, fit_columns):
    """Catches the finite, far too small number that a generalised inverse would give."""
    model = make_model(4, weighted=False)
    alone = (model.fit.clusters == 2) * model.regressors[:, 1]
    model = fit_columns(
        model.outcome,
        np.stack([model.regressors[:, 0], alone], axis=1),
        *model.codes,
        model.fit.clusters,
    )
    vcov, degrees = bias_reduced(model.fit, model.codes, np.eye(2), "CR3")
    assert np.isfinite(vcov[0, 0])
    assert np.isfinite(degrees[0])
    assert np.isnan(vcov[1]).all()
    assert np.isnan(degrees[1])


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 10_000), scale=st.floats(0.01, 100))
def test_does_not_depend_on_row_order_or_the_scale_of_weights(make_model, seed, scale):
    model = make_model(seed)
    fit, order = model.fit, np.random.default_rng(seed).permutation(len(model.outcome))
    shuffled = dataclasses.replace(
        fit,
        regressors=fit.regressors[order],
        residuals=fit.residuals[order],
        weights=fit.weights[order] * scale,
        clusters=fit.clusters[order],
    )
    codes = [given[order] for given in model.codes]
    vcov, degrees = bias_reduced(fit, model.codes, np.eye(2))
    same_vcov, same_degrees = bias_reduced(shuffled, codes, np.eye(2))
    np.testing.assert_allclose(same_vcov, vcov, rtol=1e-6)
    np.testing.assert_allclose(same_degrees, degrees, rtol=1e-6)
