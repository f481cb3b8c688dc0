"""The multiplier bootstrap of Callaway and Sant'Anna (2021), on influence functions.

Each draw multiplies what every cluster contributes to the error of an estimate by a random number
with mean zero and variance one, and adds up. Nothing is estimated again, so that thousands of draws
are one matrix product.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from analysis.effects.inference.fit import cluster_sums
from analysis.effects.inference.multipliers import MultiplierKind, draw_multipliers
from analysis.effects.inference.simultaneous import sup_t_from_draws

__all__ = ["MultiplierBootstrap", "multiplier_bootstrap"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

DRAWS = 999
# Of the normal distribution, in standard deviations.
QUARTILE_RANGE = float(stats.norm.ppf(0.75) - stats.norm.ppf(0.25))


@dataclass(frozen=True, slots=True, eq=False)
class MultiplierBootstrap:
    """What the bootstrap found.

    Attributes
    ----------
    draws
        What each draw's estimates differ by from the estimates, shape (draws, T).
    standard_error
        From the range between the draws' quartiles, shape (T,).
    words
        How the draws were made.
    """

    draws: FloatArray
    standard_error: FloatArray
    words: str

    def critical_value(self, targets: IntArray) -> float:
        """Return the sup-t critical value of a band over some of the targets, by their places."""
        return sup_t_from_draws(self.draws[:, targets], self.standard_error[targets])


def multiplier_bootstrap(
    contributions: FloatArray,
    clusters: IntArray,
    seed: int,
    *,
    multipliers: MultiplierKind = "mammen",
    draws: int | None = None,
) -> MultiplierBootstrap:
    """Draw the errors of estimates from the contributions of units to them.

    Parameters
    ----------
    contributions
        Of m units to T estimates, a factor 1/m already in them, shape (m, T). Those of a cluster
        are added up.
    clusters
        Codes of the units' clusters, shape (m,).
    seed
        Of the draws.
    multipliers
        Mammen's two points, as the authors propose, which ``auto`` means too; or others, see
        `multipliers.draw_multipliers`.
    draws
        How many; None for 999.

    Examples
    --------
    >>> contributions = np.random.default_rng(1).normal(size=(400, 1)) / 400
    >>> found = multiplier_bootstrap(contributions, np.arange(400), seed=1)
    >>> found.draws.shape, round(float(found.standard_error[0]), 2)
    ((999, 1), 0.04)
    """
    sums = cluster_sums(contributions, clusters)
    kind = "mammen" if multipliers == "auto" else multipliers
    drawn = draw_multipliers(len(sums), seed, kind, draws or DRAWS)
    # All signs hold the identity as any other draw; drawn at random, it is there for tests only.
    values = drawn.draws if drawn.exhaustive else drawn.draws[1:]
    errors = values @ sums
    quarters = np.quantile(errors, [0.25, 0.75], axis=0, method="inverted_cdf")
    spread = (quarters[1] - quarters[0]) / QUARTILE_RANGE
    # A sum of nothing but zeros is zero in each draw but for rounding.
    spread[~np.any(sums != 0, axis=0)] = 0.0
    return MultiplierBootstrap(errors, spread, drawn.words)
