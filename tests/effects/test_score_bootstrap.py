"""The score bootstrap: restricted fits, one-step draws, intervals by inversion."""

import dataclasses
import itertools

import numpy as np
import pytest

from analysis.effects.design import Design
from analysis.effects.registry import estimate


@pytest.fixture
def panel(make_panel):
    return make_panel(8, units=22, periods=8, districts=11, effect=-0.1)


@pytest.fixture
def design():
    return Design("complaints", "count", "adoption", "adoption_period", cluster="district")


def brute_force(panel, null):
    """Fit by Newton on all dummies with the effect held at the null, then flip scores."""
    units = np.unique(panel["unit"], return_inverse=True)[1]
    periods = np.unique(panel["period"].array.asi8, return_inverse=True)[1]
    clusters = np.unique(panel["district"], return_inverse=True)[1]
    counts = panel["complaints"].to_numpy(float)
    treatment = (panel["period"] >= panel["adoption_period"]).to_numpy(float)
    others = np.hstack([np.eye(units.max() + 1)[units], np.eye(periods.max() + 1)[periods][:, 1:]])
    coefficients = np.linalg.lstsq(others, np.log(counts + 1), rcond=None)[0]
    for _ in range(50):
        means = np.exp(others @ coefficients + null * treatment)
        hessian = others.T @ (means[:, None] * others)
        coefficients = coefficients + np.linalg.solve(hessian, others.T @ (counts - means))
    means = np.exp(others @ coefficients + null * treatment)
    full = np.hstack([treatment[:, None], others])
    bread = np.linalg.inv(full.T @ (means[:, None] * full))

    def squared_t(signs):
        drawn = signs[clusters] * (counts - means)
        step = bread @ (full.T @ drawn)
        rows = full * (drawn - means * (full @ step))[:, None]
        scores = np.zeros((clusters.max() + 1, full.shape[1]))
        np.add.at(scores, clusters, rows)
        return step[0] ** 2 / (bread @ scores.T @ scores @ bread)[0, 0]

    own = squared_t(np.ones(11))
    drawn = [squared_t(np.array((1, *v))) for v in itertools.product([1, -1], repeat=10)]
    return float(np.mean(np.array(drawn) >= own * (1 - 1e-9)))


def test_agrees_with_brute_force_over_all_sign_vectors(panel, design):
    assert estimate(panel, design, "poisson").overall.p_value == brute_force(panel, 0.0)


def test_the_interval_ends_where_the_test_begins_to_reject(panel, design):
    overall = estimate(panel, design, "poisson").overall
    step = 2e-3 * overall.standard_error
    for end, inwards in ((overall.lower, 1), (overall.upper, -1)):
        assert brute_force(panel, end + inwards * step) > 0.05
        assert brute_force(panel, end - inwards * step) <= 0.05


@pytest.mark.slow
def test_size_is_right_with_few_clusters(make_panel, design):
    """Under no effect, 5% tests with 12 clusters; 60 panels, Monte Carlo error 0.028."""
    few = dataclasses.replace(design, cluster="district")
    rejections = sum(
        estimate(
            make_panel(seed, units=24, periods=9, effect=0.0, overdispersion=0.3), few, "poisson"
        ).overall.p_value
        <= 0.05
        for seed in range(60)
    )
    assert rejections <= 7
