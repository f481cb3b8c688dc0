"""Extended Mundlak for rates: the pooled regression written out, and the truth near a bound."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analysis.effects.estimate import estimate
from analysis.effects.estimators.etwfe_logit import estimate_etwfe_logit
from analysis.effects.inference.fit import cluster_sums
from analysis.errors import DesignError


def expit(values):
    return 1 / (1 + np.exp(-values))


def test_it_is_the_pooled_regression(make_panel, rate_design):
    """Fitting controls and predicting the treated must be the pooled fit with weights."""
    panel = make_panel(3, units=30, periods=6)
    period = panel["period"].array.asi8
    adoption = np.where(panel["adoption_period"].isna(), -1, panel["adoption_period"].array.asi8)
    inside = (adoption > 0) & (period >= adoption)
    cell = pd.Series([f"{g} {t}" for g, t in zip(adoption, period, strict=True)]).where(inside)
    cells = pd.get_dummies(cell).to_numpy(float)
    others = np.hstack([pd.get_dummies(adoption), pd.get_dummies(period).iloc[:, 1:]])
    columns = np.hstack([cells, others.astype(float)])
    weights = panel["satisfaction_rate_weight"].to_numpy()
    fitted = sm.GLM(
        panel["satisfaction_rate"].to_numpy(),
        columns,
        family=sm.families.Binomial(),
        var_weights=weights,
    ).fit(tol=1e-14, maxiter=200)
    without = others.astype(float) @ fitted.params[cells.shape[1] :]
    gain = fitted.mu - expit(without)
    expected = np.average(gain[inside], weights=weights[inside])
    scores = columns * (weights * (panel["satisfaction_rate"].to_numpy() - fitted.mu))[:, None]
    share = np.where(inside, weights, 0) / weights[inside].sum()
    slope, slope_without = fitted.mu * (1 - fitted.mu), expit(without) * (1 - expit(without))
    gradient = columns.T @ (share * slope)
    gradient[cells.shape[1] :] -= others.T @ (share * slope_without)
    hessian = (columns * (weights * slope)[:, None]).T @ columns
    influence = cluster_sums(scores, pd.factorize(panel["unit"])[0]) @ np.linalg.solve(
        hessian, gradient
    )
    effects = estimate_etwfe_logit(panel, rate_design)
    found = cluster_sums(effects.evidence.contributions, effects.evidence.clusters)[:, 0]
    assert effects.targets["averaging"].iloc[0] == "cells"
    assert effects.targets["value"].iloc[0] == pytest.approx(expected, rel=1e-9)
    assert np.sqrt(found @ found) == pytest.approx(np.sqrt(influence @ influence), rel=1e-8)


def ceiling_panel(seed, effect):
    """Draw a panel whose cohorts lie near one, on parallel paths of the log odds."""
    draw = np.random.default_rng(seed)
    units, periods = 300, 10
    unit, period = np.repeat(np.arange(units), periods), np.tile(np.arange(periods), units)
    adoption = np.array([5.0, np.nan])[unit % 2]
    treated = period >= adoption
    index = np.where(unit % 2 == 0, 2.5, 0.5) + 0.15 * period
    surveyed = draw.integers(50, 400, len(unit))
    chance = expit(index + effect * treated)
    gain = np.average((chance - expit(index))[treated], weights=surveyed[treated])
    return gain, pd.DataFrame(
        {
            "unit": unit,
            "period": period,
            "adoption_period": adoption,
            "satisfaction_rate": draw.binomial(surveyed, chance) / surveyed,
            "satisfaction_rate_weight": surveyed.astype(float),
        }
    )


def test_near_the_ceiling_it_is_right_where_a_linear_model_is_not(rate_design):
    """Catches an effect in log odds, or one by a linear trend that the ceiling bends."""
    truth, panel = ceiling_panel(1, 0.4)
    logit = estimate(panel, rate_design, "etwfe_logit", "CR1").overall
    linear = estimate(panel, rate_design, "etwfe", "CR1").overall
    assert abs(logit.value - truth) < 3 * logit.standard_error < 0.01
    assert abs(linear.value - truth) > 5 * linear.standard_error


def test_rates_outside_the_unit_interval_are_refused(make_panel, rate_design):
    panel = make_panel(3)
    panel.loc[[0, 5], "satisfaction_rate"] = [1.2, -0.1]
    with pytest.raises(DesignError, match="2 values lie below 0 or above 1"):
        estimate_etwfe_logit(panel, rate_design)
