"""Compare texts that hold numbers: the same words, and numbers that a tolerance allows."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from itertools import zip_longest

from analysis.ledger.tolerance import NUMERICAL, Tolerance

__all__ = [
    "allowed_in_cell",
    "allowed_in_output",
    "first_difference",
    "plain_number",
    "same_but_for_numbers",
]

_NUMBER = re.compile(r"[−+-]?(?:\d[\d,]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")

# Longer lines than this are cut where values are shown.
_SHOWN = 120


def allowed_in_cell(tolerance: Tolerance, committed: str, made: str) -> bool:
    """Say whether one cell of a table may stand for another.

    The words must be the same. Of ``last digit``, numbers with decimals may differ by so many units
    of the last digit that is written; whole numbers must be the same, since they are counts,
    months or years. What ``draws`` decide may differ by its Monte Carlo error or so.

    Examples
    --------
    >>> from analysis.ledger.tolerance import LAST_DIGIT
    >>> allowed_in_cell(LAST_DIGIT, "−0.12 (0.05)", "−0.13 (0.05)")
    True
    >>> allowed_in_cell(LAST_DIGIT, "1,204", "1,205")
    False
    """
    if tolerance.kind == "last digit":
        return same_but_for_numbers(
            committed, made, lambda old, new: _in_last_digit(old, new, tolerance.absolute)
        )
    # Cells are rounded, so what draws decide may besides fall on the other side of a rounding.
    return same_but_for_numbers(
        committed,
        made,
        lambda old, new: (
            tolerance.allows(float(old), float(new))
            or (tolerance.kind == "draws" and _in_last_digit(old, new, 1.0))
        ),
    )


def allowed_in_output(committed: str, made: str) -> bool:
    """Say whether printed text differs only as floating-point sums do between processors."""

    def allows(old: str, new: str) -> bool:
        return NUMERICAL.allows(float(old), float(new)) or _in_last_digit(old, new, 1.0)

    return same_but_for_numbers(committed, made, allows)


def same_but_for_numbers(committed: str, made: str, allows: Callable[[str, str], bool]) -> bool:
    """Say whether two texts have the same words, and numbers of which one may stand for the other.

    Parameters
    ----------
    committed, made
        The texts.
    allows
        Is given each pair of numbers as text, with a plain minus sign and no thousands separators.
    """
    if _NUMBER.sub("#", committed) != _NUMBER.sub("#", made):
        return False
    pairs = zip(_NUMBER.findall(committed), _NUMBER.findall(made), strict=True)
    return all(old == new or allows(plain_number(old), plain_number(new)) for old, new in pairs)


def first_difference(committed: str, made: str) -> tuple[str, str]:
    r"""Return the first lines that differ, without indentation and cut to what can be read.

    Examples
    --------
    >>> first_difference("a\n  b", "a\n  c")
    ('b', 'c')
    """
    lines = zip_longest(committed.splitlines(), made.splitlines(), fillvalue="")
    pair = next(((old, new) for old, new in lines if old != new), (committed, made))
    return _cut(pair[0]), _cut(pair[1])


def _in_last_digit(old: str, new: str, units: float) -> bool:
    if "." not in old or "." not in new:
        return False
    before, after = Decimal(old), Decimal(new)
    if before.as_tuple().exponent != after.as_tuple().exponent:
        # Written with other decimals, it is rounded otherwise.
        return False
    last_digit = Decimal(1).scaleb(int(before.as_tuple().exponent))
    return abs(before - after) <= Decimal(units) * last_digit


def plain_number(number: str) -> str:
    """Write a number as Python does, with a plain minus sign and no thousands separators."""
    return number.replace("−", "-").replace(",", "")


def _cut(line: str) -> str:
    line = line.strip()
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
