"""The smallest effect that an analysis as precise as the one at hand would probably have found.

Bloom (1995), "Minimum Detectable Effects". A two-sided test finds an effect with a given chance if
the effect is (t at 1 - size/2) + (t at the power) standard errors large. It says what the data
could show, and is no test of what they did show: a small effect that was not found may be there.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from analysis.errors import DesignError, Problem

__all__ = ["minimal_effects"]


def minimal_effects(
    standard_error: float,
    *,
    degrees: float = np.inf,
    size: float = 0.05,
    powers: Sequence[float] = (0.5, 0.8, 0.9),
) -> pd.DataFrame:
    """Compute minimal detectable effects by power.

    Parameters
    ----------
    standard_error
        Of the estimate, in its unit.
    degrees
        Degrees of freedom of its t distribution: clusters less one, or what the inference says;
        infinite for a normal one.
    size
        Of the two-sided test.
    powers
        Chances to find an effect, each above the size.

    Returns
    -------
    pandas.DataFrame
        One row for each power: `power`, `size`, `degrees`, `multiplier` (of the standard error)
        and `effect`, in the unit of the standard error.

    Raises
    ------
    DesignError
        With all problems together: a standard error or degrees that are not above zero, a size
        or power that is no chance, or a power that is not above the size.

    Examples
    --------
    >>> minimal_effects(0.1, powers=[0.8])["effect"].round(3).tolist()
    [0.28]
    """
    problems = []
    if not (np.isfinite(standard_error) and standard_error > 0):
        hint = "take an inference that estimates one"
        problems.append(Problem(f"it is {standard_error}", "standard_error", hint))
    if not degrees > 0:
        problems.append(Problem(f"they are {degrees}", "degrees", "expected a number above 0"))
    if not 0 < size < 1:
        problems.append(Problem(f"it is {size}", "size", "give a share, such as 0.05"))
    for power in powers:
        if not size < power < 1:
            hint = "a test finds nothing less often than its size"
            problems.append(Problem(f"{power} is not between size and 1", "powers", hint))
    if problems:
        raise DesignError("minimal effects cannot be computed", problems)
    given = np.asarray(powers, dtype="float64")
    multiplier = stats.t.isf(size / 2, degrees) + stats.t.ppf(given, degrees)
    return pd.DataFrame(
        {
            "power": given,
            "size": size,
            "degrees": float(degrees),
            "multiplier": multiplier,
            "effect": multiplier * standard_error,
        }
    )
