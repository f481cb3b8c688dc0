"""Averages of effects by cohort and period, and the error of estimated shares."""

import dataclasses

import numpy as np
import pytest

from analysis.effects.group_time.attgt import estimate_group_time
from analysis.effects.group_time.averages import average, weights_of_cells
from analysis.effects.group_time.wide import WidePanel

ESTIMANDS = ["cells", "event_time", "cohort", "calendar"]


def panel(seed=0, units=50, count=7, missing=0.0):
    random = np.random.default_rng(seed)
    outcome = random.normal(size=(units, count))
    outcome[random.random(outcome.shape) < missing] = np.nan
    return WidePanel(
        periods=np.arange(1.0, count + 1),
        outcome=outcome,
        adoption=random.choice([3.0, 5.0, 6.0, np.nan], units),
        weights=random.uniform(0.5, 2, units),
        controls=random.normal(size=(units, count, 1)),
        clusters=np.arange(units),
    )


@pytest.mark.parametrize("missing", [0.0, 0.05])
@pytest.mark.parametrize("adjustment", ["doubly_robust", "regression", "weighting"])
def test_contributions_are_derivatives(adjustment, missing):
    """Catches shares of cohorts taken as known: a unit's weight moves them, too."""
    given = panel(missing=missing)

    def averages(weights):
        varied = dataclasses.replace(given, weights=weights)
        return average(estimate_group_time(varied, adjustment=adjustment))

    found = averages(given.weights)
    step = 1e-6
    for unit in (0, 3, 11, 20):
        shift = np.where(np.arange(50) == unit, step, 0.0)
        up, down = averages(given.weights * (1 + shift)), averages(given.weights * (1 - shift))
        pairs = [(found.overall[one], up.overall[one], down.overall[one]) for one in ESTIMANDS]
        pairs += [
            (getattr(found, kind), getattr(up, kind), getattr(down, kind))
            for kind in ("event_time", "cohort", "calendar")
        ]
        for middle, high, low in pairs:
            slope = (high.value - low.value) / (2 * step)
            np.testing.assert_allclose(middle.contributions[unit], slope, rtol=1e-5, atol=1e-8)


@pytest.mark.parametrize("estimand", ESTIMANDS)
@pytest.mark.parametrize("window", [(-np.inf, np.inf), (-1, 1)])
def test_weights_of_cells_make_the_average(estimand, window):
    effects = estimate_group_time(panel())
    weights = weights_of_cells(effects, estimand, window)
    assert weights.sum() == pytest.approx(1)
    assert (weights[~effects.treated] == 0).all()
    value = average(effects, window).overall[estimand].value[0]
    assert weights @ effects.att == pytest.approx(value, abs=1e-14)


def test_window_bounds_event_times_only():
    effects = estimate_group_time(panel())
    narrow, wide = average(effects, (-2, 1)), average(effects)
    assert narrow.event_time.key.tolist() == [-2, -1, 0, 1]
    places = np.isin(wide.event_time.key, narrow.event_time.key)
    np.testing.assert_array_equal(narrow.event_time.value, wide.event_time.value[places])
    assert narrow.overall["cells"].value == wide.overall["cells"].value
    assert narrow.overall["event_time"].value == narrow.event_time.value[2:].mean()


def test_shares_matter_only_if_effects_differ():
    """With the same effect everywhere, errors do not come from shares."""
    effects = estimate_group_time(panel())
    even = dataclasses.replace(effects, att=np.ones_like(effects.att))
    weights = weights_of_cells(even, "cells")
    np.testing.assert_allclose(
        average(even).overall["cells"].contributions[:, 0],
        even.contributions @ weights,
        atol=1e-15,
    )
