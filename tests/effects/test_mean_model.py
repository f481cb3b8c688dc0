"""Means with a log or logit link: against statsmodels, and what cannot be fitted or predicted."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import sparse

from analysis.effects import mean_model
from analysis.effects.mean_model import fit_mean
from analysis.errors import DesignError

FAMILIES = {"log": sm.families.Poisson(), "logit": sm.families.Binomial()}


def draw_data(link, seed=1):
    draw = np.random.default_rng(seed)
    n = 300
    group = draw.integers(0, 5, n)
    columns = np.column_stack([np.eye(5)[group], draw.normal(size=n)])
    predictor = columns @ draw.normal(0, 0.5, 6)
    counts = draw.poisson(np.exp(predictor))
    rates = draw.binomial(20, 1 / (1 + np.exp(-predictor))) / 20
    outcome = counts.astype(float) if link == "log" else rates
    offset = draw.normal(0, 0.3, n) if link == "log" else np.zeros(n)
    return columns, outcome, draw.integers(1, 9, n).astype(float), offset, group


@pytest.mark.parametrize("link", ["log", "logit"])
def test_agrees_with_statsmodels(link):
    """Catches wrong weights, a forgotten offset, a Hessian that is not that of the optimum."""
    columns, outcome, weights, offset, _ = draw_data(link)
    model = fit_mean(sparse.csr_array(columns), outcome, weights, offset, link)
    family = FAMILIES[link]
    fitted = sm.GLM(outcome, columns, family=family, var_weights=weights, offset=offset)
    expected = fitted.fit(tol=1e-14, maxiter=100)
    np.testing.assert_allclose(model.coefficients, expected.params, rtol=1e-10)
    np.testing.assert_allclose(
        np.linalg.inv(model.hessian), expected.normalized_cov_params, rtol=1e-8, atol=1e-14
    )


def test_errors_are_the_sandwich():
    # statsmodels warns of robust errors with weights; without them the two must agree.
    columns, outcome, _, offset, group = draw_data("log")
    model = fit_mean(sparse.csr_array(columns), outcome, np.ones(len(outcome)), offset, "log")
    shares = model.error_of(np.eye(6), sparse.csr_array(np.eye(5)[group]))
    fitted = sm.GLM(outcome, columns, family=FAMILIES["log"], offset=offset).fit(
        tol=1e-14,
        maxiter=100,
        cov_type="cluster",
        cov_kwds={"groups": group, "use_correction": False},
    )
    np.testing.assert_allclose(shares.T @ shares, fitted.cov_params(), rtol=1e-7, atol=1e-12)


def test_redundant_columns_change_nothing():
    columns, outcome, weights, offset, _ = draw_data("logit")
    doubled = np.hstack([columns, columns[:, :1] + columns[:, 5:], np.ones((len(columns), 1))])
    first = fit_mean(sparse.csr_array(columns), outcome, weights, offset, "logit")
    second = fit_mean(sparse.csr_array(doubled), outcome, weights, offset, "logit")
    np.testing.assert_allclose(second.means, first.means, rtol=1e-10)
    assert second.identified.all()


def test_rows_that_the_fit_says_nothing_about_are_named():
    """Catches predictions for a group that was never fitted."""
    columns, outcome, weights, offset, group = draw_data("log")
    model = fit_mean(sparse.csr_array(columns), outcome, weights, offset, "log", group != 3)
    np.testing.assert_array_equal(model.identified, group != 3)


@pytest.mark.parametrize("link", ["log", "logit"])
def test_outcomes_that_are_predicted_for_sure_are_refused(link):
    """Catches a coefficient that runs off to minus infinity."""
    columns, outcome, weights, offset, group = draw_data(link)
    outcome[group == 2] = 0.0
    with pytest.raises(DesignError, match="mean has no finite estimate"):
        fit_mean(sparse.csr_array(columns), outcome, weights, offset, link)


@pytest.mark.parametrize("link", ["log", "logit"])
def test_rows_alike_can_be_fitted_as_one(link):
    """Catches a pooled row that counts by its rows instead of its weights and exposures."""
    columns, outcome, weights, offset, group = draw_data(link)
    dummies = sparse.csr_array(columns[:, :5])
    apart = fit_mean(dummies, outcome, weights, offset, link)
    together = fit_mean(dummies, outcome, weights, offset, link, alike=group)
    np.testing.assert_allclose(together.coefficients, apart.coefficients, rtol=1e-10)
    np.testing.assert_allclose(together.hessian, apart.hessian, rtol=1e-10, atol=1e-12)


def test_columns_of_very_different_size_are_fitted():
    """Catches a tolerance that holds for columns of size one only."""
    columns, outcome, weights, offset, _ = draw_data("log")
    sizes = np.array([1, 1, 1, 1, 1, 1e8])
    plain = fit_mean(sparse.csr_array(columns), outcome, weights, offset, "log")
    for factor in (sizes, 1 / sizes):
        found = fit_mean(sparse.csr_array(columns * factor), outcome, weights, offset, "log")
        np.testing.assert_allclose(found.coefficients * factor, plain.coefficients, rtol=1e-9)


def test_too_many_columns_to_write_out_are_refused(monkeypatch):
    columns, outcome, weights, offset, _ = draw_data("log")
    monkeypatch.setattr(mean_model, "MOST_NUMBERS", columns.size - 1)
    with pytest.raises(DesignError, match="300 rows with 6 columns are too many"):
        fit_mean(sparse.csr_array(columns), outcome, weights, offset, "log")
