"""How far another run may be from a p-value or an interval that random draws decide."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from analysis.effects.result import Result
from analysis.ledger.tolerance import NUMERICAL, Tolerance, error_of_share, tolerance_of_draws

__all__ = ["count_draws", "tolerance_of_p_values", "tolerances_of_effect"]

# How methods of inference say that they drew at random. All sign vectors, or all assignments,
# that there are do not match: going through them draws nothing.
_DRAWN = re.compile(r"(\d[\d,]*) (?:[\w-]+ ){0,2}(?:draws|placebo estimates)\b")

# The error of an interval's end is that of the p-value there over its slope; in standard errors,
# sqrt(.05 .95) over twice the normal density at 1.96.
_END = 1.87


def count_draws(words: str) -> int:
    """Count the random draws that the words of an inference speak of; 0 if nothing is random.

    Examples
    --------
    >>> count_draws("wild cluster bootstrap by unit, null imposed, 9,999 Rademacher draws, seed 1")
    9999
    >>> count_draws("wild cluster bootstrap by unit, all 32,768 distinct Rademacher sign vectors")
    0
    """
    found = _DRAWN.search(words)
    return int(found[1].replace(",", "")) if found else 0


def tolerance_of_p_values(p_values: Iterable[float], draws: int) -> Tolerance | None:
    """Say how far p-values may be from those of another run; None if nothing was drawn.

    Parameters
    ----------
    p_values
        Each a share of the draws; the least certain of them counts.
    draws
        How many draws they are made from, such as `count_draws` finds.
    """
    if not draws:
        return None
    return tolerance_of_draws(max(error_of_share(p, draws) for p in p_values), draws)


def tolerances_of_effect(result: Result) -> dict[str, Tolerance]:
    """Say how far the parts of an overall effect may be from those of another run.

    Parameters
    ----------
    result
        Of any estimator and inference.

    Returns
    -------
    dict
        For ``se``, ``lower``, ``upper`` and ``p``, in the result's own unit; empty if nothing in it
        was drawn at random.
    """
    draws = count_draws(result.inference)
    p_value = tolerance_of_p_values([result.overall.p_value], draws)
    if p_value is None:
        return {}
    error = result.overall.standard_error
    end = tolerance_of_draws(_END * error / math.sqrt(draws), draws)
    # The wild bootstrap draws tests, while its standard error is that of clustered scores.
    drawn = tolerance_of_draws(error / math.sqrt(2 * draws), draws)
    own = NUMERICAL if result.inference_name == "wild" else drawn
    return {"se": own, "lower": end, "upper": end, "p": p_value}
