"""The rows of a restriction say what its words say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.effects.sensitivity.restrictions import relative_magnitudes, smoothness

SIZES = st.integers(1, 5)
SEEDS = st.integers(0, 2**32 - 1)


def path(seed: int, leads: int, lags: int) -> np.ndarray:
    """Draw a violation at every event time, zero at the reference."""
    violation = np.random.default_rng(seed).normal(size=leads + lags + 1)
    return violation - violation[leads]


@given(SIZES, SIZES, SEEDS, st.floats(0, 3))
def test_relative_magnitudes(leads, lags, seed, mbar):
    """Catches a change before the reference that cannot be the largest, as the earliest one."""
    violation = path(seed, leads, lags)
    changes = np.abs(np.diff(violation))
    largest = changes[:leads].max()
    excess = changes[leads:].max() - mbar * largest
    if abs(excess) < 1e-9:
        return
    inside = [
        (part.matrix @ np.delete(violation, leads) <= part.limits + 1e-12).all()
        for part in relative_magnitudes(leads, lags, mbar)
    ]
    assert any(inside) == (excess < 0)
    assert sum(inside) <= 1


@given(SIZES, SIZES, SEEDS, st.floats(0, 5))
def test_smoothness(leads, lags, seed, m):
    violation = path(seed, leads, lags)
    excess = np.abs(np.diff(violation, 2)).max() - m
    if abs(excess) < 1e-9:
        return
    part = smoothness(leads, lags, m)
    assert (part.matrix @ np.delete(violation, leads) <= part.limits).all() == (excess < 0)


@pytest.mark.parametrize("lags", [1, 2, 4])
def test_rows_about_leads_only_are_left_out(lags):
    for part in [*relative_magnitudes(3, lags, 0.5), smoothness(3, lags, 0.1)]:
        kept = part.on_lags()
        assert len(kept.matrix) == len(kept.limits) == 2 * lags
        assert (kept.lags, kept.leads) == (lags, 3)
