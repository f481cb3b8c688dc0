"""Multipliers have the moments they should, and fit the number of clusters."""

import numpy as np
import pytest

from analysis.effects.inference.multipliers import draw_multipliers


@pytest.mark.parametrize(
    ("clusters", "draws", "words"),
    [
        (6, 10_000, "Webb six-point"),
        (10, 10_000, "Webb six-point"),
        (11, 2**10, "all 1,024 distinct"),
        (17, 2**16, "all 65,536 distinct"),
        (18, 10_000, "9,999 Rademacher draws"),
    ],
)
def test_the_default_fits_the_number_of_clusters(clusters, draws, words):
    drawn = draw_multipliers(clusters, seed=3)
    assert drawn.draws.shape == (draws, clusters)
    assert drawn.exhaustive == words.startswith("all")
    assert words in drawn.words
    assert (drawn.draws[0] == 1).all()


@pytest.mark.parametrize(
    ("kind", "points", "third"), [("rademacher", 2, 0), ("webb", 6, 0), ("mammen", 2, 1)]
)
def test_moments(kind, points, third):
    """Mean zero and variance one; Mammen's third moment is one."""
    drawn = draw_multipliers(30, 3, kind).draws[1:]
    assert len(np.unique(drawn)) == points
    assert abs(drawn.mean()) < 0.01
    assert abs(drawn.var() - 1) < 0.01
    assert abs((drawn**3).mean() - third) < 0.03


def test_signs_are_all_gone_through_if_that_takes_no_more_draws():
    assert draw_multipliers(8, 1, "rademacher", 128).exhaustive
    assert not draw_multipliers(8, 1, "rademacher", 127).exhaustive
    assert draw_multipliers(8, 1, "webb", 50).draws.shape == (51, 8)


def test_enumerated_vectors_are_distinct_and_no_mirror_of_another():
    signs = draw_multipliers(11, seed=0).draws
    assert len(np.unique(np.vstack([signs, -signs]), axis=0)) == 2 * len(signs)


def test_the_seed_decides():
    one, same, other = (draw_multipliers(20, seed).draws for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert (one != other).any()
