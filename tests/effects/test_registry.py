"""One way in for every estimator, and every row of the registry keeps its promises."""

import dataclasses
import json
import re
from typing import get_args

import numpy as np
import pytest

from analysis.effects.design import Scale
from analysis.effects.estimate import estimate
from analysis.effects.registry import ESTIMATORS, estimators_for, get_estimator
from analysis.effects.report import result_as_json, result_as_text
from analysis.errors import DesignError


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda estimator: estimator.name)
@pytest.mark.parametrize("scale", get_args(Scale))
@pytest.mark.parametrize("treatment", ["adoption", "dose"])
def test_every_estimator_gives_a_whole_result_or_refuses(
    estimator, scale, treatment, make_panel, count_design, rate_design
):
    """Conformance: whatever is added to the registry must pass this unchanged."""
    panel = make_panel(9)
    design = count_design if scale == "count" else dataclasses.replace(rate_design, weights=None)
    design = dataclasses.replace(design, scale=scale)
    if treatment == "dose":
        design = dataclasses.replace(design, treatment="dose", treatment_column="dose")
    if not estimator.fits(design):
        with pytest.raises(DesignError, match="does not fit the design"):
            estimate(panel, design, estimator.name)
        return
    result = estimate(panel, design, estimator.name)
    overall, rows = result.overall, result.tidy()
    assert (result.estimator, result.design) == (estimator.name, design)
    assert overall.lower < overall.value < overall.upper
    assert 0 < overall.p_value <= 1
    assert overall.standard_error > 0
    assert result.averaging in result.overalls.index
    assert np.isfinite(rows["value"]).all()
    assert (rows["standard_error"] >= 0).all()
    assert result.units <= 60
    assert result.clusters == 60
    assert result.treated_clusters == 40
    assert all((result.estimand, result.inference, result.inference_name, result.library))
    if treatment == "adoption":
        assert result.cohort_weights.sum() == pytest.approx(1)
    if result.event_time is not None:
        free = result.event_time["standard_error"] > 0
        errors = np.sqrt(np.diag(result.event_time_vcov))
        np.testing.assert_allclose(errors, result.event_time.loc[free, "standard_error"])
        inside = result.event_time[free]
        assert (inside["band_upper"] >= inside["upper"] - 1e-12).all()
    assert json.loads(result_as_json(result))["overall"]["value"] == overall.value
    assert estimator.label_en in result_as_text(result)


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda estimator: estimator.name)
def test_every_row_of_the_registry_is_filled_in(estimator):
    words = (estimator.label_en, estimator.label_zh, estimator.estimand, estimator.assumes)
    assert all((*words, estimator.prefer, estimator.paper))
    assert re.search(r"\(\d{4}\)", estimator.paper), "a paper is named with its year"


def test_names_are_unique():
    names = [estimator.name for estimator in ESTIMATORS]
    assert len(set(names)) == len(names)


def test_a_mistyped_name_is_answered_with_the_nearest(make_panel, count_design):
    with pytest.raises(DesignError, match="did you mean 'poisson'"):
        estimate(make_panel(9), count_design, "poison")


def test_an_estimator_that_does_not_fit_names_those_that_do(make_panel, rate_design):
    with pytest.raises(DesignError, match="estimators that can: 'twfe', 'twfe_event_study'"):
        estimate(make_panel(9), rate_design, "poisson")


def test_rates_have_no_poisson(rate_design):
    names = [found.name for found in estimators_for(rate_design)]
    assert names[:2] == ["twfe", "twfe_event_study"]
    assert "poisson" not in names
    assert not get_estimator("poisson").fits(rate_design)
