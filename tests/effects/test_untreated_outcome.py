"""The untreated outcome against the same algebra with dense matrices."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from analysis.effects.untreated_outcome import UntreatedOutcome, indicators

SAME = 1e-8


def codes_of(draw, levels, rows):
    return np.unique(draw.integers(0, levels, rows), return_inverse=True)[1].astype(np.int64)


class Drawn:
    """A random panel with gaps and up to three fixed effects, and its dense matrices."""

    def __init__(self, seed, *, rows=60, controls=0):
        draw = np.random.default_rng(seed)
        levels = (8, 6, 3)[: 2 + seed % 2]
        self.effects = [codes_of(draw, count, rows) for count in levels]
        self.controls = draw.normal(size=(rows, controls))
        self.weights = draw.uniform(0.1, 50, rows)
        self.untreated = draw.random(rows) < 0.6
        self.untreated[0] = True
        self.outcome = draw.normal(5, 3, rows)
        self.draw = draw
        dummies = [np.eye(codes.max() + 1)[codes] for codes in self.effects]
        self.z = np.hstack([*dummies, self.controls])
        self.w0 = np.where(self.untreated, self.weights, 0.0)
        self.inverse = np.linalg.pinv(self.z.T @ (self.w0[:, None] * self.z), rcond=1e-11)

    def model(self):
        return UntreatedOutcome(self.effects, self.controls, self.weights, self.untreated)


SEEDS = st.integers(0, 100_000)


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS, rows=st.integers(8, 40))
def test_identified_rows_lie_in_the_span_of_the_untreated_ones(seed, rows):
    """Catches a row predicted through effects that the untreated rows leave open."""
    drawn = Drawn(seed, rows=rows)
    observed = drawn.z[drawn.untreated]
    span = np.linalg.pinv(observed) @ observed
    expected = np.abs(drawn.z - drawn.z @ span).max(axis=1) < 1e-8
    assert drawn.model().identified.tolist() == expected.tolist()


@settings(max_examples=20, deadline=None)
@given(seed=SEEDS)
def test_predictions_are_those_of_weighted_least_squares(seed):
    drawn = Drawn(seed, controls=2)
    model = drawn.model()
    predicted = drawn.z @ (drawn.inverse @ drawn.z.T @ (drawn.w0 * drawn.outcome))
    left = model.residualise(drawn.outcome)
    kept = model.identified
    np.testing.assert_allclose(left[kept], (drawn.outcome - predicted)[kept], atol=SAME)


@settings(max_examples=20, deadline=None)
@given(seed=SEEDS)
def test_shares_of_the_error(seed):
    """Catches an error that leaves out the estimation of effects or of controls."""
    drawn = Drawn(seed, controls=2)
    model = drawn.model()
    loads = drawn.draw.uniform(size=(60, 3)) * model.identified[:, None]
    residuals, groups = drawn.draw.normal(size=60), codes_of(drawn.draw, 5, 60)
    rows = (drawn.w0 * residuals)[:, None] * (drawn.z @ drawn.inverse @ drawn.z.T @ loads)
    expected = np.stack([rows[groups == one].sum(axis=0) for one in range(groups.max() + 1)])
    found = model.error_shares(residuals, sparse.csr_array(loads), groups)
    np.testing.assert_allclose(found, expected, atol=SAME)


@settings(max_examples=10, deadline=None)
@given(seed=SEEDS)
def test_what_is_left_of_sparse_columns(seed):
    drawn = Drawn(seed, controls=1)
    columns = indicators(codes_of(drawn.draw, 3, 60))
    dense = columns.toarray()
    left = dense - drawn.z @ (drawn.inverse @ drawn.z.T @ (drawn.w0[:, None] * dense))
    expected = left.T @ (drawn.w0[:, None] * left)
    np.testing.assert_allclose(drawn.model().gram_left(columns), expected, atol=1e-7)


def test_rows_are_linked_through_chains_only():
    """Two islands of units and periods: nothing in one tells of periods in the other."""
    unit = np.array([0, 0, 1, 1, 2, 2, 3, 3, 0, 1])
    period = np.array([0, 1, 0, 1, 2, 3, 2, 3, 3, 1])
    untreated = np.array([True] * 8 + [False] * 2)
    model = UntreatedOutcome([unit, period], np.empty((10, 0)), np.ones(10), untreated)
    assert model.identified.tolist() == [True] * 8 + [False, True]


def test_badly_scaled_weights_and_levels_keep_their_digits():
    """Weights over seven orders of magnitude, outcomes far from zero."""
    draw = np.random.default_rng(3)
    unit, period = np.repeat(np.arange(40), 12), np.tile(np.arange(12), 40)
    untreated = ~((unit % 3 == 0) & (period > 5))
    weights = 10 ** draw.uniform(0, 7, 480)
    model = UntreatedOutcome([unit, period], np.empty((480, 0)), weights, untreated)
    exact = 1e6 + 3.0 * unit + np.sqrt(period)
    assert model.residualise(exact) == pytest.approx(np.zeros(480), abs=1e-7)


def test_indicators_leave_out_rows_without_a_code():
    assert indicators(np.array([1, -1, 0])).toarray().tolist() == [[0, 1], [0, 0], [1, 0]]
