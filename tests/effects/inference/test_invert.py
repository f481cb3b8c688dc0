"""p-values from draws, and intervals from p-values."""

import numpy as np
import pytest

from analysis.effects.inference.invert import invert_test, share_as_extreme

DISTANCE, ONES = np.array([3.0, 0.1, -3.0, 4.0]), np.ones(4)


@pytest.mark.parametrize(
    ("ties", "own_draw", "expected"),
    [
        ("count", "first", 3 / 4),
        ("count", "none", 3 / 4),
        ("strict", "first", 1 / 3),
        ("strict", "first of all", 1 / 4),
        ("strict", "none", 1 / 4),
    ],
)
def test_ties(ties, own_draw, expected):
    """The third draw ties with the data; the first is the data, if it is among the draws."""
    found = share_as_extreme(DISTANCE, ONES, (3.0, 1.0), ties=ties, own_draw=own_draw)
    assert found == expected


def test_the_datas_own_draw_counts_whatever_rounding_says():
    """Catches p = 0, which no finite number of draws can show."""
    distance = np.array([3.0, 0.1, 0.2, 0.0])
    assert share_as_extreme(distance, ONES, (3.0, 1.0)) == 1 / 4
    assert share_as_extreme(distance, ONES, (3.0001, 1.0)) == 1 / 4
    assert share_as_extreme(distance, ONES, (3.0001, 1.0), own_draw="none") == 0


def test_a_draw_without_variance_is_extreme():
    variance = np.array([1.0, 0.0, 1.0, 1.0])
    found = share_as_extreme(np.array([3.0, 0.1, 0.2, 0.0]), variance, (3.0, 1.0))
    assert found == 2 / 4


def test_inversion_finds_the_ends_of_a_normal_interval():
    def p_value(null):
        return 0.05 if abs(null - 1) >= 4 else 0.06

    lower, upper = invert_test(p_value, 1.0, 2.0, 1e-9)
    assert (lower, upper) == (pytest.approx(-3), pytest.approx(5))


def test_a_test_that_never_rejects_gives_an_unbounded_interval():
    assert invert_test(lambda null: 0.5, 1.0, 1.0, 1e-6) == (-np.inf, np.inf)
