"""How far a number may be from the committed one when everything is run again, and why."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

__all__ = [
    "EXACT",
    "LAST_DIGIT",
    "NUMERICAL",
    "PIXELS",
    "Tolerance",
    "error_of_share",
    "tolerance_of_draws",
    "tolerance_of_number",
]

Kind = Literal["exact", "numerical", "draws", "last digit", "pixels"]

# Two independent runs differ by more than this many standard errors in one case of 700.
MONTE_CARLO_ERRORS = 3.2


@dataclass(frozen=True, slots=True)
class Tolerance:
    """What may differ between a run here and the committed one.

    Attributes
    ----------
    kind
        ``exact``; ``numerical`` for what floating-point sums do on another processor; ``draws``
        for what depends on random draws; ``last digit`` for the cells of a table, which are
        rounded; ``pixels`` for figures.
    reason
        Why no less can be asked for.
    relative, absolute
        Allowed differences, the larger of which counts; for ``last digit``, units of the last
        digit written; for ``pixels``, the share of them.
    """

    kind: Kind
    reason: str
    relative: float = 0.0
    absolute: float = 0.0

    def allows(self, committed: float, made: float) -> bool:
        """Say whether one number may stand for another.

        Examples
        --------
        >>> NUMERICAL.allows(0.5, 0.5 + 1e-9), NUMERICAL.allows(0.5, 0.51), EXACT.allows(2, 2)
        (True, False, True)
        """
        return math.isclose(committed, made, rel_tol=self.relative, abs_tol=self.absolute)


EXACT = Tolerance("exact", "it is counted, or copied from its source")
NUMERICAL = Tolerance(
    "numerical",
    "sums of floating-point numbers differ in their last digits between processors",
    relative=1e-6,
    absolute=1e-9,
)
LAST_DIGIT = Tolerance(
    "last digit",
    "its numbers are rounded, and the last digits of sums differ between processors",
    absolute=1.0,
)
PIXELS = Tolerance(
    "pixels",
    "its lines may fall on other pixels where the last digits of sums differ between processors",
    absolute=0.002,
)


def tolerance_of_number(value: float) -> Tolerance:
    """Choose the tolerance of a number of which nothing else is said: whole numbers are exact.

    Examples
    --------
    >>> tolerance_of_number(12).kind, tolerance_of_number(12.5).kind
    ('exact', 'numerical')
    """
    return EXACT if float(value).is_integer() else NUMERICAL


def tolerance_of_draws(error: float, draws: int) -> Tolerance:
    """Make the tolerance of what random draws decide.

    The seed is fixed, so that on one machine nothing differs. Where the last digits of sums do,
    some draws fall on the other side of a comparison.

    Parameters
    ----------
    error
        The Monte Carlo standard error, in the unit of the number.
    draws
        How many draws it is made from.

    Examples
    --------
    >>> tolerance_of_draws(0.01, 200).reason
    'it is made from 200 random draws; 3.2 Monte Carlo standard errors'
    """
    reason = f"it is made from {draws:,} random draws; {MONTE_CARLO_ERRORS} Monte Carlo standard"
    # Two digits are all it is known to, and are the same on every machine.
    absolute = float(f"{MONTE_CARLO_ERRORS * error:.2g}")
    return Tolerance("draws", f"{reason} errors", absolute=absolute)


def error_of_share(share: float, draws: int) -> float:
    """Work out the Monte Carlo standard error of a share of random draws.

    Two draws of either kind are added (Agresti and Coull 1998), so that a share of none or of all
    is not taken for certain.

    Examples
    --------
    >>> round(error_of_share(0.5, 9_996), 3), round(error_of_share(0.0, 96), 3)
    (0.005, 0.014)
    """
    count = draws + 4
    smooth = (share * draws + 2) / count
    return math.sqrt(smooth * (1 - smooth) / count)
