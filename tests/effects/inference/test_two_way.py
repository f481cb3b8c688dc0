"""Two-way clustering and Driscoll-Kraay: agreement with fixest, plm and statsmodels."""

import numpy as np
import pytest
import statsmodels.api as sm

from analysis.effects.fixed_effects import FixedEffects, parameters_used
from analysis.effects.inference.driscoll_kraay import driscoll_kraay_vcov, usual_lags
from analysis.effects.inference.two_way import positive_semidefinite, two_way_vcov
from analysis.errors import DesignError

SAME = 1e-9


def parameters_of(model):
    """Count the parameters that are nested in neither way."""
    effects = FixedEffects(model.codes)
    k = len(model.fit.coefficients)
    return parameters_used(k, model.codes, effects, model.fit.clusters, model.periods)


def test_two_way_agrees_with_fixest(reference, fit_reference):
    for row in reference["two_way"]:
        model = fit_reference(row)
        for degrees, expected in row["standard_errors"].items():
            parameters = None if degrees == "none" else parameters_of(model)
            vcov = two_way_vcov(model.fit, model.periods, parameters, degrees)
            assert np.sqrt(vcov[0, 0]) == pytest.approx(expected, rel=SAME)


def test_two_way_of_an_event_study_and_its_eigenvalues_agree_with_fixest(
    reference, read_reference, fit_columns
):
    expected, data = reference["event_study"], read_reference("castle")
    times = (data["period"] - data["g"]).to_numpy()
    dummies = np.stack([times == time for time in expected["event_time"]], axis=1)
    model = fit_columns(data["l_homicide"], dummies, data["unit"], data["period"], data["sid"])
    vcov = two_way_vcov(model.fit, model.periods, parameters_of(model))
    np.testing.assert_allclose(np.sqrt(np.diag(vcov)), expected["two_way_not_fixed"], rtol=SAME)
    fixed = positive_semidefinite(vcov)
    np.testing.assert_allclose(np.sqrt(np.diag(fixed)), expected["two_way_fixed"], rtol=SAME)
    assert np.linalg.eigvalsh(vcov)[0] < 0
    assert np.linalg.eigvalsh(fixed)[0] > -1e-12


def test_two_ways_that_are_one_are_that_one(make_model):
    """V + V - V: catches an intersection that mixes up codes."""
    fit = make_model(1).fit
    weighted = fit.weights[:, None] * fit.regressors
    bread = np.linalg.inv(weighted.T @ fit.regressors)
    scores = np.stack(
        [(weighted * fit.residuals[:, None])[fit.clusters == g].sum(0) for g in range(5)]
    )
    found = two_way_vcov(fit, fit.clusters, None, "none")
    np.testing.assert_allclose(found, bread @ scores.T @ scores @ bread)


def test_driscoll_kraay_agrees_with_plm(reference, fit_reference):
    for row in reference["driscoll_kraay"]:
        model = fit_reference(row)
        for lags, expected in row["standard_errors"].items():
            vcov = driscoll_kraay_vcov(
                model.fit, model.periods.astype(float), int(lags), small_sample=False
            )
            assert np.sqrt(vcov[0, 0]) == pytest.approx(expected, rel=SAME)


def test_driscoll_kraay_agrees_with_statsmodels(make_model):
    """With weights and several regressors."""
    model = make_model(6)
    fit = model.fit
    outcome = fit.regressors @ fit.coefficients + fit.residuals
    settings = {"time": model.periods, "maxlags": 2, "use_correction": False}
    expected = sm.WLS(outcome, fit.regressors, fit.weights).fit(
        cov_type="hac-groupsum", cov_kwds=settings
    )
    found = driscoll_kraay_vcov(fit, model.periods.astype(float), 2, small_sample=False)
    np.testing.assert_allclose(found, expected.cov_params(), rtol=1e-9)


def test_lags_are_periods_and_not_places_in_a_list(make_model):
    """Catches distant periods taken for neighbours when those between are missing."""
    model = make_model(6)
    apart = np.where(model.periods >= 3, model.periods + 100, model.periods).astype(float)
    near, far = (
        driscoll_kraay_vcov(model.fit, numbers, 1)[0, 0]
        for numbers in (model.periods.astype(float), apart)
    )
    assert near != pytest.approx(far, rel=1e-3)
    later = driscoll_kraay_vcov(model.fit, apart + 24_000, 1)[0, 0]
    assert later == pytest.approx(far)


def test_small_sample_factor_of_driscoll_kraay(make_model):
    model = make_model(6)
    periods, rows = model.periods.astype(float), len(model.outcome)
    plain = driscoll_kraay_vcov(model.fit, periods, 1, small_sample=False)
    found = driscoll_kraay_vcov(model.fit, periods, 1, parameters=9)
    np.testing.assert_allclose(found, plain * 6 / 5 * (rows - 1) / (rows - 9))


@pytest.mark.parametrize("lags", [-1, 6])
def test_lags_beyond_the_panel_are_refused(make_model, lags):
    model = make_model(6)
    with pytest.raises(DesignError, match="choose 0 to 5"):
        driscoll_kraay_vcov(model.fit, model.periods.astype(float), lags)


def test_usual_lags_of_exact_fourth_powers():
    """Catches 81 ** 0.25 rounded down to 2."""
    assert [usual_lags(count) for count in (80, 81, 255, 256, 625)] == [2, 3, 3, 4, 5]
