"""The library's coefficients are those of the exact projection, also on ragged panels."""

import dataclasses

import numpy as np
import pytest

from analysis.effects.estimators.linear import fit_linear
from analysis.effects.sample import draw_sample
from analysis.errors import DesignError


@pytest.mark.parametrize("weights", [None, "satisfaction_rate_weight"])
def test_coefficients_are_those_of_partialled_out_regression(make_panel, rate_design, weights):
    """Catches an iterative solver that stops too early when rows are missing."""
    panel = make_panel(7, units=80, districts=8).sample(frac=0.6, random_state=1)
    design = dataclasses.replace(rate_design, weights=weights, absorb=(("district", "period"),))
    sample = draw_sample(panel, design, "level")
    model = fit_linear(sample, sample.treatment[:, None], ["treatment"])
    regressor = model.fit.regressors[:, 0] * sample.weights
    exact = regressor @ model.outcome / (regressor @ model.fit.regressors[:, 0])
    assert model.fit.coefficients[0] == pytest.approx(exact, rel=1e-10)


def test_regressors_that_explain_each_other_are_refused(make_panel, rate_design):
    sample = draw_sample(make_panel(7), rate_design, "level")
    twice = np.stack([sample.treatment, 2 * sample.treatment], axis=1)
    with pytest.raises(DesignError, match="'a' and 'b': the regressors explain each other"):
        fit_linear(sample, twice, ["a", "b"])


def test_a_regressor_that_changes_with_the_calendar_only_is_refused(make_panel, rate_design):
    sample = draw_sample(make_panel(7), rate_design, "level")
    calendar = sample.effects[1][:, None].astype(float)
    with pytest.raises(DesignError, match="calendar: the fixed effects explain it entirely"):
        fit_linear(sample, calendar, ["calendar"])
