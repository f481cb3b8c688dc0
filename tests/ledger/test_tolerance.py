"""How far another run may be: nothing for counts, last digits for sums, more for draws."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.ledger.tolerance import (
    EXACT,
    NUMERICAL,
    tolerance_of_draws,
    tolerance_of_number,
)


@given(st.integers(-(10**15), 10**15))
def test_a_count_that_is_off_by_one_is_not_the_same(count: int) -> None:
    tolerance = tolerance_of_number(count)
    assert tolerance is EXACT
    assert tolerance.allows(count, count)
    assert not tolerance.allows(count, count + 1)


@given(st.floats(0.001, 1e6), st.floats(-1, 1))
def test_an_estimate_may_differ_in_its_last_digits_only(value: float, share: float) -> None:
    assert NUMERICAL.allows(value, value * (1 + 5e-7 * share))
    assert not NUMERICAL.allows(value, value * (1 + 1e-4))


def test_one_digit_of_an_effect_as_it_is_written_is_noticed() -> None:
    """Catches a tolerance as wide as a digit of the text."""
    assert not NUMERICAL.allows(-0.1301, -0.1311)


@pytest.mark.parametrize(("made", "allowed"), [(0.53, True), (0.47, True), (0.55, False)])
def test_what_draws_decide_may_differ_by_monte_carlo_errors(made: float, allowed: bool) -> None:
    tolerance = tolerance_of_draws(0.01, 2500)
    assert tolerance.allows(0.5, made) is allowed
    assert "2,500 random draws" in tolerance.reason
