"""Fixed effects are projected out exactly, and their rank is counted right."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.effects.fixed_effects import FixedEffects, is_nested, parameters_used


def codes_of(*columns):
    return [np.unique(column, return_inverse=True)[1] for column in columns]


def dummies_of(codes):
    return np.hstack([np.eye(given.max() + 1)[given] for given in codes])


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), effects=st.integers(1, 3))
def test_agrees_with_regression_on_all_dummies(seed, effects):
    """Catches a wrong projection or rank on unbalanced, disconnected, weighted panels."""
    draw = np.random.default_rng(seed)
    rows = int(draw.integers(2, 40))
    codes = codes_of(*(draw.integers(0, draw.integers(1, 8), rows) for _ in range(effects)))
    weights = draw.uniform(0.1, 5, rows)
    columns = draw.normal(size=(rows, 2))
    dummies = dummies_of(codes)
    root = np.sqrt(weights)[:, None]
    fitted = dummies @ np.linalg.lstsq(root * dummies, root * columns, rcond=None)[0]
    fixed = FixedEffects(codes)
    np.testing.assert_allclose(
        fixed.project(weights).residualise(columns), columns - fitted, atol=1e-9
    )
    assert fixed.rank == np.linalg.matrix_rank(dummies)


def test_keeps_the_shape_of_a_single_column():
    fixed = FixedEffects(codes_of([0, 0, 1, 1], [0, 1, 0, 1]))
    assert fixed.project(np.ones(4)).residualise(np.arange(4.0)).shape == (4,)


@pytest.mark.parametrize(
    ("clusters", "expected"),
    [
        # Units are nested in clusters: a slope, a constant and periods less one.
        ([0, 0, 0, 1, 1, 1], 1 + 1 + 2),
        # Nothing is nested: a slope and all of the dummies' rank (2 + 3 - 1).
        ([0, 1, 1, 0, 1, 0], 1 + 4),
    ],
)
def test_counts_parameters_as_fixest_does(clusters, expected):
    codes = codes_of([0, 0, 0, 1, 1, 1], [0, 1, 2, 0, 1, 2])
    assert parameters_used(1, codes, FixedEffects(codes), np.array(clusters)) == expected


def test_nesting_is_not_symmetric():
    street, district = np.array([0, 1, 2, 3]), np.array([0, 0, 1, 1])
    assert is_nested(street, district)
    assert not is_nested(district, street)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), effects=st.integers(1, 3))
def test_crossed_sums_are_those_of_each_cluster_alone(seed, effects):
    """Catches a wrong share of other clusters, whether or not clusters hold whole effects."""
    draw = np.random.default_rng(seed)
    rows = int(draw.integers(4, 40))
    codes = codes_of(*(draw.integers(0, draw.integers(1, 8), rows) for _ in range(effects)))
    clusters = codes_of(codes[0] // 2 if seed % 2 else draw.integers(0, 5, rows))[0]
    projection = FixedEffects(codes).project(draw.uniform(0.1, 5, rows))
    left, right, values = (draw.normal(size=size) for size in (rows, rows, (3, clusters.max() + 1)))
    alone = np.eye(clusters.max() + 1)[clusters]
    full = alone.T @ (left[:, None] * projection.residualise(alone * right[:, None]))
    found = projection.crossed_sums(left, right, clusters).times(values)
    np.testing.assert_allclose(found, values @ full.T, atol=1e-9)
