"""Contributions of units in two-stage estimation, against its moment conditions with dummies."""

import numpy as np
import pandas as pd
import pytest

from analysis.effects.design import Design
from analysis.effects.estimators.two_stage import estimate_two_stage

DESIGN = Design("y", "share", "adoption", "adoption", "unit", weights="weight", controls=("x",))


@pytest.fixture
def panel():
    draw = np.random.default_rng(4)
    rows = [(u, t, g) for u, g in enumerate([2, 2, 2, 3, 3, None, None]) for t in range(5)]
    panel = pd.DataFrame(rows, columns=["unit", "period", "adoption"])
    return panel.assign(
        y=draw.normal(size=35), x=draw.normal(size=35), weight=draw.uniform(1, 9, 35)
    )


@pytest.mark.parametrize("kind", ["cells", "event_time", "cohort", "calendar", "group_time"])
def test_contributions_solve_both_stages_moments(panel, kind):
    """Catches an error that takes the first stage as known; each kind is a second stage."""
    effects = estimate_two_stage(panel, DESIGN)
    treated = (panel["period"] >= panel["adoption"]).to_numpy()
    second = second_stage(panel, treated, kind)
    first = np.hstack(
        [np.eye(7)[panel["unit"]], np.eye(5)[panel["period"]], panel[["x"]].to_numpy()]
    )
    weights, outcome = panel["weight"].to_numpy(), panel["y"].to_numpy()
    observed = np.where(treated, 0.0, weights)
    inverse = np.linalg.pinv(first.T @ (observed[:, None] * first), rcond=1e-12)
    left = outcome - first @ (inverse @ (first.T @ (observed * outcome)))
    bread = np.linalg.inv(second.T @ (weights[:, None] * second))
    coefficients = bread @ (second.T @ (weights * left))
    moments = second * (weights * (left - second @ coefficients))[:, None]
    through = (second.T @ (weights[:, None] * first)) @ inverse
    moments -= (first * (observed * left)[:, None]) @ through.T
    expected = pd.DataFrame(moments @ bread).groupby(panel["unit"]).sum()
    column = "averaging" if kind == "cells" else "kind"
    places = np.flatnonzero(effects.targets[column] == kind)
    np.testing.assert_allclose(effects.targets["value"][places], coefficients, atol=1e-10)
    np.testing.assert_allclose(effects.evidence.contributions[:, places], expected, atol=1e-10)


def second_stage(panel, treated, kind):
    """Dummies in the order of the targets."""
    if kind == "cells":
        return treated[:, None].astype("float64")
    event_time = (panel["period"] - panel["adoption"]).where(lambda time: time != -1)
    labels = {
        "event_time": event_time,
        "cohort": panel["adoption"].where(treated),
        "calendar": panel["period"].where(treated),
        "group_time": (100 * panel["adoption"] + panel["period"]).where(treated),
    }
    return pd.get_dummies(labels[kind], dtype="float64").to_numpy()


def test_event_times_before_adoption_without_the_reference(panel):
    targets = estimate_two_stage(panel, DESIGN).targets
    times = targets.loc[targets["kind"] == "event_time", "event_time"]
    assert times.tolist() == [-3, -2, 0, 1, 2]


def test_overall_effects_are_means_of_coefficients(panel):
    effects = estimate_two_stage(panel, DESIGN)
    targets, contributions = effects.targets, effects.evidence.contributions
    after = ((targets["kind"] == "event_time") & (targets["event_time"] >= 0)).to_numpy()
    place = np.flatnonzero(targets["averaging"] == "event_time").item()
    assert targets["value"][place] == pytest.approx(targets["value"][after].mean())
    expected = contributions[:, after].mean(axis=1)
    assert contributions[:, place] == pytest.approx(expected)
