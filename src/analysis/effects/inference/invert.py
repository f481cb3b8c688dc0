"""From bootstrap draws to a p-value, and from p-values to an interval."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["Bootstrap", "OwnDraw", "Ties", "invert_test", "share_as_extreme"]

FloatArray = NDArray[np.float64]

Ties = Literal["count", "strict"]
OwnDraw = Literal["first", "first of all", "none"]

SIZE = 0.05
# Two statistics that differ by less than rounding are a tie.
TIE = 1e-9
# An interval that reaches further than this many standard errors is reported as unbounded.
WIDEST = 1e4


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """What a bootstrap found.

    Attributes
    ----------
    p_value
        Of the two-sided test that the contrast is zero; see `share_as_extreme`.
    lower, upper
        Ends of the 95 per cent interval: where the test's p-value crosses 5 per cent. Infinite
        where it never does.
    draws
        How the multipliers were drawn, in words.
    """

    p_value: float
    lower: float
    upper: float
    draws: str


def share_as_extreme(
    distance: FloatArray,
    variance: FloatArray,
    own: tuple[float, float],
    *,
    ties: Ties = "count",
    own_draw: OwnDraw = "first",
) -> float:
    """Return the share of draws whose squared t is at least that of the data.

    Parameters
    ----------
    distance, variance
        Numerator of t and square of its denominator, shape (draws,).
    own
        The same for the data.
    ties
        Whether draws that equal the data ``count`` as extreme, or only those beyond do (``strict``,
        the convention of fwildclusterboot). Strict p-values are smaller by the share of ties, the
        data's own draw among them, and can be zero.
    own_draw
        Whether the first draw is the data's own: ``first`` of draws at random, which strict ties
        leave out; ``first of all`` that exist, which stays in the count of draws; or ``none``.

    Examples
    --------
    >>> share_as_extreme(np.array([2.0, 1.0, 3.0, 0.0]), np.ones(4), (2.0, 1.0))
    0.5
    """
    # Multiplied out, so that a draw without variance needs no division by zero.
    drawn, data = distance**2 * own[1], own[0] ** 2 * variance
    if ties == "strict":
        beyond = drawn > data * (1 + TIE)
        if own_draw != "none":
            beyond[0] = False
        return float(beyond.sum() / (len(beyond) - (own_draw == "first")))
    as_extreme = drawn >= data * (1 - TIE)
    if own_draw != "none":
        # The data's own draw counts because it is one of them, not because rounding says so.
        as_extreme[0] = True
    return float(as_extreme.mean())


def invert_test(
    p_value: Callable[[float], float], estimate: float, standard_error: float, precision: float
) -> tuple[float, float]:
    """Find the ends of the interval of nulls that the test does not reject.

    Parameters
    ----------
    p_value
        The test's p-value at a null.
    estimate
        Where the p-value is largest.
    standard_error
        The unit in which the search steps outwards.
    precision
        How exactly the ends are found, in standard errors.
    """

    def end(direction: float) -> float:
        def rejects(steps: float) -> bool:
            return p_value(estimate + direction * steps * standard_error) <= SIZE

        inside, outside = 0.0, 2.0
        while not rejects(outside):
            inside, outside = outside, 2 * outside
            if outside > WIDEST:
                return direction * np.inf
        while outside - inside > precision:
            middle = (inside + outside) / 2
            inside, outside = (inside, middle) if rejects(middle) else (middle, outside)
        return estimate + direction * inside * standard_error

    return end(-1.0), end(1.0)
