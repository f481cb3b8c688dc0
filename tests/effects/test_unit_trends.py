"""Unit trends: taken out as dummies and slopes written out would be."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.effects.unit_trends import TrendEffects


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_residuals_and_rank_are_those_of_columns_written_out(seed):
    """Catches trends that ignore weights or gaps, and units seen once."""
    draw = np.random.default_rng(seed)
    kept = np.sort(draw.choice(6 * 8, 30, replace=False))
    unit = np.unique(np.repeat(np.arange(6), 8)[kept], return_inverse=True)[1]
    period = np.unique(np.tile(np.arange(8), 6)[kept], return_inverse=True)[1]
    weights = draw.uniform(0.2, 3, 30)
    time = period - period.mean()
    effects = TrendEffects(unit, time, [period])
    units = np.eye(unit.max() + 1)[unit]
    columns = np.hstack([units, units * time[:, None], np.eye(period.max() + 1)[period]])
    assert effects.rank == np.linalg.matrix_rank(columns)
    assert effects.trend_rank == np.linalg.matrix_rank(columns[:, : 2 * units.shape[1]])
    outcome = draw.normal(size=(30, 2))
    root = np.sqrt(weights)[:, None]
    expected = outcome - columns @ np.linalg.lstsq(root * columns, root * outcome, rcond=None)[0]
    found = effects.project(weights).residualise(outcome)
    np.testing.assert_allclose(found, expected, atol=1e-8)


def test_crossed_sums_are_those_of_each_cluster_alone():
    """Catches levels or trends that are shared out wrongly between clusters."""
    draw = np.random.default_rng(4)
    unit, period = np.repeat(np.arange(6), 8), np.tile(np.arange(8), 6)
    projection = TrendEffects(unit, period - 3.5, [period]).project(draw.uniform(0.2, 3, 48))
    for clusters in (unit // 2, draw.integers(0, 5, 48)):
        left, right = draw.normal(size=(2, 48))
        alone = np.eye(clusters.max() + 1)[clusters]
        full = alone.T @ (left[:, None] * projection.residualise(alone * right[:, None]))
        found = projection.crossed_sums(left, right, clusters).times(np.eye(len(full)))
        np.testing.assert_allclose(found, full.T, atol=1e-9)
