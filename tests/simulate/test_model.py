"""Would catch a model that breaks its bounds, its calibration or its equations."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.contract.columns import column
from analysis.simulate.constants import CALLED_BACK, EFFECTS, MONTHS
from analysis.simulate.model import (
    Baseline,
    City,
    World,
    calibrate,
    draw_baseline,
    draw_counts,
    expect,
)
from analysis.simulate.paths import city_counts
from analysis.simulate.streets import draw_streets


@pytest.fixture(scope="module")
def baseline() -> Baseline:
    return draw_baseline(draw_streets(np.random.default_rng(1)), np.random.default_rng(2))


@pytest.fixture(scope="module")
def city(baseline: Baseline) -> City:
    return calibrate(baseline, np.zeros((343, len(MONTHS))))


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), strength=st.floats(0, 2))
def test_counts_keep_the_bounds_of_the_contract(
    baseline: Baseline, city: City, seed: int, strength: float
) -> None:
    world = expect(baseline, city, np.full((343, len(MONTHS)), strength))
    counts = draw_counts(world, np.random.default_rng(seed))
    for name, values in counts.items():
        assert (values >= 0).all(), name
        for bound in column(name).at_most:
            assert (values <= counts[bound]).all(), f"{name} exceeds {bound}"


@settings(max_examples=10, deadline=None)
@given(strength=st.floats(0, 2))
def test_programme_changes_means_as_the_equations_say(
    baseline: Baseline, city: City, strength: float
) -> None:
    nothing = np.zeros((343, len(MONTHS)))
    without, with_it = expect(baseline, city, nothing), expect(baseline, city, nothing + strength)
    for part, values in (("need", "need"), ("reporting", "reporting")):
        change = np.log(getattr(with_it, values) / getattr(without, values))
        assert np.allclose(change, EFFECTS[part] * strength)
    for name in ("consultations", "proactive_cases"):
        change = np.log(with_it.counts[name] / without.counts[name])
        assert np.allclose(change, EFFECTS[name] * strength)


def test_shares_change_by_logits(baseline: Baseline, city: City) -> None:
    nothing = np.zeros((343, len(MONTHS)))
    logits = [_logit(expect(baseline, city, nothing + d), "resolved", "surveyed") for d in (0, 1)]
    assert np.allclose(logits[1] - logits[0], EFFECTS["resolved"])


def test_non_response_lowers_the_published_share_by_a_constant_logit(
    baseline: Baseline, city: City
) -> None:
    """The share solved among all complaints, worked out backwards, must fit Bayes' rule."""
    world = expect(baseline, city, np.zeros((343, len(MONTHS))))
    solved = world.counts["resolved"] / CALLED_BACK["solved"] / world.counts["complaints"]
    published = world.counts["resolved"] / world.counts["surveyed"]
    shift = np.log(published / (1 - published)) - np.log(solved / (1 - solved))
    assert np.allclose(shift, np.log(CALLED_BACK["solved"] / CALLED_BACK["unsolved"]))
    assert (published < solved).all()


def test_city_meets_its_targets_in_the_world_that_is_observed(baseline: Baseline) -> None:
    strength = np.random.default_rng(3).uniform(0, 1.5, (343, len(MONTHS)))
    world = expect(baseline, calibrate(baseline, strength), strength)
    for name, target in city_counts().items():
        assert np.allclose(world.counts[name].sum(axis=0), target)


def test_shocks_are_autocorrelated(baseline: Baseline) -> None:
    shocks = baseline.differences["resolved"]
    shocks = shocks - shocks.mean(axis=1, keepdims=True)
    correlation = np.corrcoef(shocks[:, 1:].ravel(), shocks[:, :-1].ravel())[0, 1]
    assert 0.45 < correlation < 0.7


def _logit(world: World, part: str, whole: str) -> np.ndarray:
    share = world.counts[part] / world.counts[whole]
    return np.log(share / (1 - share))
