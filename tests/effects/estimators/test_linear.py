"""Linear fits with fixed effects agree with a library's, also on ragged panels."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from linearmodels.iv.absorbing import AbsorbingLS

from analysis.effects.estimators.linear import fit_linear
from analysis.effects.sample import draw_sample
from analysis.errors import DesignError


@pytest.mark.parametrize("weights", [None, "satisfaction_rate_weight"])
def test_coefficients_are_those_of_linearmodels(make_panel, rate_design, weights):
    """Catches a projection or normal equations that are wrong when rows are missing."""
    panel = make_panel(7, units=80, districts=8).sample(frac=0.6, random_state=1)
    design = dataclasses.replace(rate_design, weights=weights, absorb=(("district", "period"),))
    sample = draw_sample(panel, design, "level")
    noise = np.random.default_rng(3).normal(size=sample.observations)
    regressors = np.stack([sample.treatment, noise + sample.treatment], axis=1)
    model = fit_linear(sample, regressors, ["treatment", "other"])
    absorbed = {str(place): pd.Categorical(codes) for place, codes in enumerate(sample.effects)}
    theirs = AbsorbingLS(
        sample.outcome, regressors, absorb=pd.DataFrame(absorbed), weights=sample.weights
    ).fit(method="lsmr", absorb_options={"atol": 1e-15, "btol": 1e-15}, use_cache=False)
    np.testing.assert_allclose(model.fit.coefficients, theirs.params, rtol=1e-12)


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
