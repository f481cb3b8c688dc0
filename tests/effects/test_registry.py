"""One way in for every estimator, and every row of the registry keeps its promises."""

import dataclasses

import numpy as np
import pytest

from analysis.effects.registry import ESTIMATORS, estimate, estimators_for, get_estimator
from analysis.errors import DesignError


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda estimator: estimator.name)
@pytest.mark.parametrize("scale", ["count", "share"])
@pytest.mark.parametrize("treatment", ["adoption", "dose"])
def test_every_estimator_gives_a_whole_result_or_refuses(
    estimator, scale, treatment, make_panel, count_design, rate_design
):
    """Conformance: whatever is added to the registry must pass this unchanged."""
    panel = make_panel(9)
    panel["dose"] = np.random.default_rng(0).uniform(0, 1, len(panel))
    design = count_design if scale == "count" else rate_design
    if treatment == "dose":
        design = dataclasses.replace(design, treatment="dose", treatment_column="dose")
    if not estimator.fits(design):
        with pytest.raises(DesignError, match="does not fit the design"):
            estimate(panel, design, estimator.name)
        return
    result = estimate(panel, design, estimator.name)
    overall = result.overall
    assert result.estimator == estimator.name
    assert result.design == design
    assert overall.lower < overall.value < overall.upper
    assert 0 < overall.p_value <= 1
    assert overall.standard_error > 0
    assert result.observations + sum(result.dropped.values()) == len(panel)
    assert result.clusters == 60
    assert result.inference
    assert result.library
    if result.event_time is not None:
        times = len(result.event_time) - 1
        assert result.event_time_vcov.shape == (times, times)


def test_names_are_unique():
    names = [estimator.name for estimator in ESTIMATORS]
    assert len(set(names)) == len(names)


def test_a_mistyped_name_is_answered_with_the_nearest(make_panel, count_design):
    with pytest.raises(DesignError, match="did you mean 'poisson'"):
        estimate(make_panel(9), count_design, "poison")


def test_an_estimator_that_does_not_fit_names_those_that_do(make_panel, rate_design):
    with pytest.raises(DesignError, match="'twfe' and 'twfe_event_study'"):
        estimate(make_panel(9), rate_design, "poisson")


def test_rates_have_no_poisson(rate_design):
    assert [found.name for found in estimators_for(rate_design)] == ["twfe", "twfe_event_study"]
    assert not get_estimator("poisson").fits(rate_design)
