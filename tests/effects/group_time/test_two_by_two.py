"""One comparison of two periods: its estimates, errors and refusals."""

import numpy as np
import pytest

from analysis.effects.group_time.logit import fit_logit
from analysis.effects.group_time.two_by_two import NotComparableError, compare_changes

ADJUSTMENTS = ["doubly_robust", "regression", "weighting"]


def draw(seed=0, units=300):
    """Draw units whose treatment and change depend on a covariate; the effect is 2."""
    random = np.random.default_rng(seed)
    covariates = random.normal(size=(units, 2))
    treated = random.random(units) < 1 / (1 + np.exp(0.5 - covariates[:, 0]))
    changes = 1 + 3 * covariates[:, :1] + 2 * treated[:, None] + random.normal(size=(units, 3))
    return changes, treated, random.uniform(0.5, 2, units), covariates


@pytest.mark.parametrize("adjustment", ADJUSTMENTS)
def test_controls_remove_confounding(adjustment):
    changes, treated, weights, covariates = draw(units=4000)
    naive = compare_changes(changes, treated, weights)
    found = compare_changes(changes, treated, weights, covariates, adjustment)
    error = np.sqrt((found.contributions**2).sum(axis=0))
    assert (np.abs(found.att - 2) < 4 * error).all()
    assert (naive.att > 3).all()


@pytest.mark.parametrize("adjustment", [None, *ADJUSTMENTS])
def test_contributions_are_derivatives(adjustment):
    """Catches a missing term of the influence function: it is the derivative in a unit's weight."""
    changes, treated, weights, covariates = draw(units=40)
    given = (None, "doubly_robust") if adjustment is None else (covariates, adjustment)
    found = compare_changes(changes, treated, weights, *given)
    step = 1e-6
    for unit in range(0, 40, 7):
        more, less = weights.copy(), weights.copy()
        more[unit] *= 1 + step
        less[unit] *= 1 - step
        up = compare_changes(changes, treated, more, *given).att
        down = compare_changes(changes, treated, less, *given).att
        np.testing.assert_allclose(
            found.contributions[unit], (up - down) / (2 * step), rtol=1e-5, atol=1e-8
        )


@pytest.mark.parametrize("adjustment", ADJUSTMENTS)
def test_scale_of_covariates_and_weights_does_not_matter(adjustment):
    changes, treated, weights, covariates = draw(units=80)
    found = compare_changes(changes, treated, weights, covariates, adjustment)
    other = compare_changes(changes, treated, 7 * weights, 1e6 * covariates + 5, adjustment)
    np.testing.assert_allclose(other.att, found.att, rtol=1e-8)
    np.testing.assert_allclose(other.contributions, found.contributions, rtol=1e-6, atol=1e-10)


@pytest.mark.parametrize("adjustment", ADJUSTMENTS)
def test_covariates_without_information_change_little(adjustment):
    """With a constant propensity and no slope, every adjustment is the difference in means."""
    treated = np.array([True, True, False, False] * 2)
    covariate = np.array([[-1.0], [1], [-1], [1]] * 2)
    changes = np.array([[4.0], [4], [1], [1]] * 2)
    found = compare_changes(changes, treated, np.ones(8), covariate, adjustment)
    assert found.att[0] == pytest.approx(3)


def test_refusals_say_why():
    changes, treated, weights, covariates = draw(units=60)
    nobody = np.zeros(60, dtype=bool)
    with pytest.raises(NotComparableError, match="no unit of the cohort"):
        compare_changes(changes, nobody, weights)
    with pytest.raises(NotComparableError, match="no unit is left to compare with"):
        compare_changes(changes, ~nobody, weights)
    with pytest.raises(NotComparableError, match="does not vary"):
        compare_changes(changes, treated, weights, np.ones((60, 1)))
    twice = np.column_stack([covariates, covariates.sum(axis=1)])
    with pytest.raises(NotComparableError, match="collinear"):
        compare_changes(changes, treated, weights, twice)


@pytest.mark.parametrize("adjustment", ["doubly_robust", "weighting"])
def test_no_overlap_is_refused(adjustment):
    """Catches weights made from chances of one, which would put all weight on a few units."""
    changes, treated, weights, covariates = draw(units=60)
    telling = np.where(treated, 1.0, -1.0) + 0.1 * covariates[:, 0]
    with pytest.raises(NotComparableError, match="no overlap"):
        compare_changes(changes, treated, weights, telling[:, None], adjustment)
    assert np.isfinite(
        compare_changes(changes, treated, weights, telling[:, None], "regression").att
    ).all()


def test_logit_reaches_the_optimum():
    """The scores are zero there, and with a constant the chances add up to the treated."""
    _, treated, weights, covariates = draw(units=200)
    design = np.column_stack([np.ones(200), covariates])
    chances = fit_logit(treated, weights, design)
    np.testing.assert_allclose(design.T @ (weights * (treated - chances)), 0, atol=1e-9)


def test_logit_that_separates_goes_to_the_limit():
    design = np.column_stack([np.ones(6), np.arange(6.0)])
    treated = np.arange(6) > 2
    np.testing.assert_allclose(fit_logit(treated, np.ones(6), design), treated, atol=1e-6)
