"""Fractional logit: against statsmodels with every dummy written out, errors included."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.special import expit

from analysis.effects.design import Design
from analysis.effects.estimate import estimate
from analysis.effects.estimators.fractional_logit import estimate_fractional_logit
from analysis.effects.inference.clustered import small_sample_factor
from analysis.effects.inference.uncertainty import Choices
from analysis.errors import DesignError

UNITS, PERIODS, CLUSTERS = 24, 9, 8
# Both sides solve the same equations; what differs is rounding.
SAME = 1e-8


def draw_panel(seed=1, *, units=UNITS, periods=PERIODS, effect=0.6, growing=0.0):
    """Draw an unbalanced panel of shares with a log-odds effect, and a dose, units in clusters."""
    draw = np.random.default_rng(seed)
    unit, period = np.repeat(np.arange(units), periods), np.tile(np.arange(periods), units)
    adoption = np.array([periods // 3, periods // 2, np.nan, np.nan])[unit % 4]
    treated = (period >= adoption).astype(float)
    dose = np.round(draw.gamma(1.0, size=len(unit)), 3)
    size = draw.normal(size=len(unit))
    index = draw.normal(0.8, 0.8, units)[unit] + draw.normal(0, 0.3, periods)[period] + 0.2 * size
    surveyed = draw.integers(40, 300, len(unit))
    gain = effect * treated + growing * dose
    panel = pd.DataFrame(
        {
            "unit": unit,
            "district": unit % CLUSTERS,
            "period": period,
            "adoption": adoption,
            "dose": dose,
            "size": size,
            "surveyed": surveyed.astype(float),
            "share": draw.binomial(surveyed, expit(index + gain)) / surveyed,
            "chance": expit(index + gain),
            "without": expit(index),
        }
    )
    return panel[draw.random(len(panel)) > 0.1].reset_index(drop=True)


def design_of(treatment="adoption", **changes):
    usual = {"cluster": "district", "weights": "surveyed", "controls": ("size",)}
    return Design("share", "share", treatment, treatment, **(usual | changes))


class WrittenOut:
    """The same model with every dummy a column, and the derivatives of both targets."""

    def __init__(self, panel, treatment, weights=None, **fit):
        self.weights = np.ones(len(panel)) if weights is None else panel[weights].to_numpy()
        if treatment == "adoption":
            self.treatment = (panel["period"] >= panel["adoption"]).to_numpy(dtype="float64")
        else:
            self.treatment = panel["dose"].to_numpy()
        dummies = [pd.get_dummies(panel["unit"]), pd.get_dummies(panel["period"]).iloc[:, 1:]]
        self.columns = np.column_stack([self.treatment, panel["size"], *dummies]).astype(float)
        self.outcome, self.clusters = panel["share"].to_numpy(), panel["district"].to_numpy()
        given = {} if weights is None else {"var_weights": self.weights}
        model = sm.GLM(self.outcome, self.columns, family=sm.families.Binomial(), **given)
        self.fit = model.fit(tol=1e-14, maxiter=200, **fit)
        mean = self.fit.mu
        slope = mean * (1 - mean)
        if treatment == "dose":
            share = self.weights / self.weights.sum()
            effect = self.fit.params[0] * (share @ slope)
            gradient = self.columns.T @ (share * self.fit.params[0] * slope * (1 - 2 * mean))
            gradient[0] += share @ slope
        else:
            share = self.weights * self.treatment / (self.weights @ self.treatment)
            others = self.columns.copy()
            others[:, 0] = 0
            without = expit(others @ self.fit.params)
            effect = share @ (mean - without)
            gradient = self.columns.T @ (share * slope)
            gradient -= others.T @ (share * without * (1 - without))
        self.targets = np.array([effect, self.fit.params[0]])
        self.gradient = np.stack([gradient, np.eye(self.columns.shape[1])[0]])
        self.roots = np.sqrt(self.weights * slope)
        self.rows = self.roots[:, None] * self.columns
        self.residuals = self.roots * (self.outcome - mean) / slope
        self.bread = np.linalg.inv(self.rows.T @ self.rows)

    def errors(self, groups, adjust=np.eye):
        """Standard errors of both targets, residuals adjusted by a function of I - H."""
        meat = 0.0
        for group in np.unique(groups):
            own = self.rows[groups == group]
            left = np.eye(len(own)) - own @ self.bread @ own.T
            score = own.T @ (self.adjusted(left, adjust) @ self.residuals[groups == group])
            meat = meat + np.outer(score, score)
        vcov = self.gradient @ self.bread @ meat @ self.bread @ self.gradient.T
        return np.sqrt(np.diag(vcov))

    @staticmethod
    def adjusted(left, adjust):
        if adjust is np.eye:
            return np.eye(len(left))
        values, vectors = np.linalg.eigh(left)
        roots = np.where(values > 1e-9, adjust(np.maximum(values, 1e-9)), 0.0)
        return (vectors * roots) @ vectors.T


def errors_of(panel, design, inference):
    return estimate(panel, design, "fractional_logit", inference).tidy()["standard_error"]


@pytest.mark.parametrize("treatment", ["adoption", "dose"])
@pytest.mark.parametrize("weights", [None, "surveyed"])
def test_both_targets_are_those_of_the_model_written_out(treatment, weights):
    panel = draw_panel(growing=0.1)
    expected = WrittenOut(panel, treatment, weights)
    targets = estimate_fractional_logit(panel, design_of(treatment, weights=weights)).targets
    assert targets["averaging"].tolist() == ["cells", "regression"]
    np.testing.assert_allclose(targets["value"], expected.targets, rtol=1e-10)


@pytest.mark.parametrize("treatment", ["adoption", "dose"])
def test_clustered_errors_are_those_of_statsmodels_times_our_factor(treatment):
    """Catches a delta method that forgets the fixed effects, and a wrong count of parameters."""
    panel = draw_panel(growing=0.1)
    expected = WrittenOut(
        panel,
        treatment,
        cov_type="cluster",
        cov_kwds={"groups": panel["district"].to_numpy(), "use_correction": False},
    )
    vcov = expected.gradient @ expected.fit.cov_params() @ expected.gradient.T
    # Units are nested in districts: counted are two slopes, the periods, and no unit but one.
    factor = small_sample_factor(CLUSTERS, len(panel), 2 + PERIODS)
    design = design_of(treatment, weights=None)
    wanted = np.sqrt(np.diag(vcov))
    np.testing.assert_allclose(errors_of(panel, design, "CR0"), wanted, rtol=SAME)
    np.testing.assert_allclose(errors_of(panel, design, "CR1"), np.sqrt(factor) * wanted, rtol=SAME)
    uncounted = small_sample_factor(CLUSTERS, len(panel), 2)
    found = errors_of(panel, design, Choices("CR1", factor="none"))
    np.testing.assert_allclose(found, np.sqrt(uncounted) * wanted, rtol=SAME)
    every = small_sample_factor(CLUSTERS, len(panel), expected.columns.shape[1])
    found = errors_of(panel, design, Choices("CR1", factor="full"))
    np.testing.assert_allclose(found, np.sqrt(every) * wanted, rtol=SAME)


@pytest.mark.parametrize("treatment", ["adoption", "dose"])
@pytest.mark.parametrize("cluster", ["district", "unit"])
def test_corrections_for_leverage_count_every_dummy(treatment, cluster):
    """Catches a direction of the fixed effects that the hat matrix counts twice, or not at all."""
    panel = draw_panel(growing=0.1)
    expected = WrittenOut(panel, treatment, "surveyed")
    groups, design = panel[cluster].to_numpy(), design_of(treatment, cluster=cluster)
    second = expected.errors(groups, lambda values: values**-0.5)
    third = expected.errors(groups, lambda values: 1 / values)
    np.testing.assert_allclose(errors_of(panel, design, "CR0"), expected.errors(groups), rtol=SAME)
    np.testing.assert_allclose(errors_of(panel, design, "CR2"), second, rtol=SAME)
    np.testing.assert_allclose(errors_of(panel, design, "CR3"), third, rtol=SAME)


def test_errors_by_period_hold_the_part_of_the_units():
    """Catches an effect on the share whose unit effects count only when summed within units."""
    panel = draw_panel()
    expected = WrittenOut(panel, "adoption", "surveyed")
    period, district = panel["period"].to_numpy(), panel["district"].to_numpy()
    parts = [expected.errors(groups) ** 2 for groups in (district, period, 100 * period + district)]
    # The fewer, districts, set one factor; units and periods are nested, but for one each.
    factor = small_sample_factor(CLUSTERS, len(panel), 2 + 1)
    wanted = np.sqrt(factor * (parts[0] + parts[1] - parts[2]))
    np.testing.assert_allclose(errors_of(panel, design_of(), "two_way"), wanted, rtol=SAME)


def test_the_jackknife_fits_again_without_each_cluster():
    panel = draw_panel()
    found = errors_of(panel, design_of(), "jackknife")
    point = WrittenOut(panel, "adoption", "surveyed").targets
    left_out = np.stack(
        [
            WrittenOut(panel[panel["district"] != cluster], "adoption", "surveyed").targets
            for cluster in range(CLUSTERS)
        ]
    )
    changes = left_out - point
    wanted = np.sqrt((CLUSTERS - 1) / CLUSTERS * (changes**2).sum(axis=0))
    np.testing.assert_allclose(found, wanted, rtol=SAME)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_finds_the_effect_in_log_odds_and_on_the_share(seed):
    """With many periods: with few, the units' own errors bias it."""
    panel = draw_panel(seed, units=60, periods=60, effect=-0.5)
    treated = panel["period"] >= panel["adoption"]
    gain = (panel["chance"] - panel["without"])[treated]
    truth = {
        "cells": np.average(gain, weights=panel["surveyed"][treated]),
        "regression": -0.5,
    }
    design = design_of(cluster="unit", controls=("size",))
    found = estimate(panel, design, "fractional_logit", "CR1").overalls
    for averaging, value in truth.items():
        distance = found.loc[averaging, "value"] - value
        assert abs(distance) < 3 * found.loc[averaging, "standard_error"]
    assert found.loc["cells", "standard_error"] < 0.01


def test_finds_the_derivative_with_respect_to_a_dose():
    panel = draw_panel(4, units=60, periods=60, effect=0.0, growing=0.3)
    slope = panel["chance"] * (1 - panel["chance"])
    truth = 0.3 * np.average(slope, weights=panel["surveyed"])
    found = estimate(panel, design_of("dose", cluster="unit"), "fractional_logit", "CR1").overall
    assert abs(found.value - truth) < 3 * found.standard_error < 0.01


def test_groups_at_a_bound_are_dropped_and_counted():
    """Catches effects that run off to infinity, and groups that only the first round leaves."""
    panel = draw_panel()
    full = panel.copy()
    full.loc[full["unit"] == 3, "share"] = 1.0
    full.loc[(full["period"] == 5) & (full["unit"] != 3), "share"] = 0.0
    # Without period 5, unit 7 is at the upper bound as well.
    full.loc[(full["unit"] == 7) & (full["period"] != 5), "share"] = 1.0
    left = full[~full["unit"].isin([3, 7]) & (full["period"] != 5)]
    whole = estimate_fractional_logit(full, design_of())
    np.testing.assert_allclose(
        whole.targets["value"],
        estimate_fractional_logit(left, design_of()).targets["value"],
        rtol=1e-9,
    )
    reason = "only 0, or only 1, within a fixed effect, so that its effect is infinite"
    assert whole.sample.dropped == {reason: len(full) - len(left)}


def test_a_treatment_that_settles_the_share_has_no_finite_effect():
    panel = draw_panel()
    panel.loc[panel["period"] >= panel["adoption"], "share"] = 1.0
    with pytest.raises(DesignError, match="no finite estimate"):
        estimate_fractional_logit(panel, design_of())


def test_controls_that_explain_each_other_are_refused():
    panel = draw_panel().assign(same=lambda rows: 1 + 2 * rows["size"])
    with pytest.raises(DesignError, match="explain each other"):
        estimate_fractional_logit(panel, design_of(controls=("size", "same")))


@pytest.mark.parametrize("factor", [1e-6, 1e6])
def test_the_unit_of_a_control_does_not_matter(factor):
    """Catches a tolerance that is absolute in the coefficients."""
    panel = draw_panel()
    rescaled = panel.assign(size=factor * (10 + panel["size"]))
    np.testing.assert_allclose(
        estimate_fractional_logit(rescaled, design_of()).targets["value"],
        estimate_fractional_logit(panel, design_of()).targets["value"],
        rtol=1e-9,
    )


def test_one_fixed_effect_and_one_more_than_two():
    """Catches a sum over periods, or over fixed effects, that is taken to be there."""
    panel = draw_panel()
    alone = estimate_fractional_logit(panel, design_of(fixed_effects=(("unit",),)))
    assert alone.evidence.fit.parameters == 3
    panel = panel.assign(kind=panel["unit"] % 3)
    design = design_of(cluster="unit", absorb=(("kind", "period"),))
    kinds = [panel[panel["kind"] == kind] for kind in range(3)]
    assert estimate_fractional_logit(panel, design).evidence.effects.rank == sum(
        rows["unit"].nunique() + PERIODS - 1 for rows in kinds
    )
    assert (errors_of(panel, design, "CR2") > 0).all()


def test_shares_outside_the_unit_interval_are_refused():
    panel = draw_panel()
    panel.loc[[0, 5], "share"] = [1.2, -0.1]
    with pytest.raises(DesignError, match="2 values lie below 0 or above 1"):
        estimate_fractional_logit(panel, design_of())
