"""Romano-Wolf p-values: by hand, between single tests and Bonferroni, and at the right size."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.effects.inference.fit import coefficient_influence
from analysis.effects.inference.romano_wolf import align_clusters, joint_t, romano_wolf
from analysis.errors import DesignError


def by_hand(statistics, drawn):
    """Step down one hypothesis at a time."""
    left, adjusted, least = list(range(len(statistics))), {}, 0.0
    while left:
        best = max(left, key=lambda place: abs(statistics[place]))
        largest = np.abs(drawn[:, left]).max(axis=1)
        least = max(least, (1 + (largest >= abs(statistics[best])).sum()) / (1 + len(drawn)))
        adjusted[best] = least
        left.remove(best)
    return [adjusted[place] for place in range(len(statistics))]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_agrees_with_stepping_down_by_hand(seed):
    draw = np.random.default_rng(seed)
    statistics, drawn = 2 * draw.normal(size=5), draw.normal(size=(60, 5))
    found = romano_wolf(statistics, drawn)
    np.testing.assert_allclose(found, by_hand(statistics, drawn))
    single = (1 + (np.abs(drawn) >= np.abs(statistics)).sum(axis=0)) / 61
    assert (found >= single).all()
    assert (np.diff(found[np.argsort(-np.abs(statistics))]) >= 0).all()


def test_one_outcome_written_five_times_is_not_punished():
    """Catches Bonferroni in disguise."""
    draw = np.random.default_rng(1)
    drawn = np.repeat(draw.normal(size=(999, 1)), 5, axis=1)
    found = romano_wolf(np.full(5, 2.5), drawn)
    assert found == pytest.approx((1 + (np.abs(drawn[:, 0]) >= 2.5).sum()) / 1000)


def test_t_of_draws_are_studentised_by_their_own_spread():
    draw = np.random.default_rng(2)
    contributions = draw.normal(size=(20, 2))
    values = np.array([3.0, -1.0])
    t_values, drawn = joint_t(values, contributions, 4, draws=50)
    assert drawn.shape == (50, 2)
    np.testing.assert_allclose(t_values, values / np.sqrt((contributions**2).sum(axis=0) * 20 / 19))
    scaled = joint_t(values * [1, 100], contributions * [1, 100], 4, draws=50)
    np.testing.assert_allclose(scaled[0], t_values)
    np.testing.assert_allclose(scaled[1], drawn)


def test_the_same_multipliers_serve_all_outcomes():
    """Catches outcomes drawn apart, which loses their correlation."""
    one = np.random.default_rng(2).normal(size=(30, 1))
    _, drawn = joint_t(np.ones(2), np.hstack([one, -2 * one]), 4, draws=50)
    np.testing.assert_allclose(drawn[:, 1], -drawn[:, 0])


def test_clusters_are_matched_by_name():
    found = align_clusters([["x", "y"], ["z", "y"]], [np.array([1.0, 2.0]), np.array([3.0, 4.0])])
    assert found.tolist() == [[1.0, 0.0], [2.0, 4.0], [0.0, 3.0]]


def test_what_cannot_be_tested_is_refused():
    with pytest.raises(DesignError) as raised:
        joint_t(np.ones(2), np.array([[1.0, 0.0]]), 1)
    assert "estimate 1" in str(raised.value)
    assert "there are 1" in str(raised.value)


def test_from_fits_to_adjusted_p_values(make_model, fit_columns):
    """Three outcomes of one panel, of which the first has an effect."""
    model = make_model(3, units=60, clusters=30, weighted=False)
    noise = np.random.default_rng(1).normal(size=(2, len(model.outcome)))
    values, columns = [], []
    for outcome in (model.outcome, *noise):
        fit = fit_columns(outcome, model.regressors, *model.codes, model.fit.clusters).fit
        values.append(fit.coefficients[0])
        columns.append(coefficient_influence(fit, np.array([[1.0, 0.0]]))[:, 0])
    names = [list(range(30))] * 3
    found = romano_wolf(*joint_t(np.array(values), align_clusters(names, columns), 1))
    assert found[0] < 0.01
    assert (found[1:] > 0.1).all()


@pytest.mark.slow
def test_any_false_rejection_happens_in_one_of_twenty_families():
    """Eight correlated true nulls in 25 clusters, 1,000 families; Monte Carlo error 0.007."""
    draw = np.random.default_rng(3)
    false = 0
    for seed in range(1000):
        rows = draw.normal(size=(25, 8)) + draw.normal(size=(25, 1))
        centred = (rows - rows.mean(0)) / 25
        t_values, drawn = joint_t(rows.mean(0), centred, seed, draws=499)
        false += romano_wolf(t_values, drawn).min() <= 0.05
    assert 0.03 <= false / 1000 <= 0.075
