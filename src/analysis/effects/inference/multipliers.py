"""What bootstrap draws multiply the clusters' residuals, scores or contributions by."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["MultiplierKind", "Multipliers", "draw_multipliers"]

FloatArray = NDArray[np.float64]

MultiplierKind = Literal["auto", "rademacher", "webb", "mammen"]

DRAWS = 9_999
# With at most this many clusters, two-point signs give too few distinct draws; Webb's six points
# give enough (Webb 2023).
WEBB_AT_MOST = 10
# Up to so many sign vectors, all are gone through: those of 17 clusters.
ENUMERATE_AT_MOST = 2**16

GOLDEN = (1 + np.sqrt(5)) / 2
# Each kind's values and their chances, with mean zero and variance one. Mammen's have a third
# moment of one as well.
POINTS: dict[str, tuple[FloatArray, FloatArray]] = {
    "rademacher": (np.array([-1.0, 1.0]), np.array([0.5, 0.5])),
    "webb": (np.sqrt([1.5, 1.0, 0.5, 0.5, 1.0, 1.5]) * [-1, -1, -1, 1, 1, 1], np.full(6, 1 / 6)),
    "mammen": (np.array([1 - GOLDEN, GOLDEN]), np.array([GOLDEN, GOLDEN - 1]) / np.sqrt(5)),
}
NAMES = {"rademacher": "Rademacher", "webb": "Webb six-point", "mammen": "Mammen two-point"}


@dataclass(frozen=True, slots=True, eq=False)
class Multipliers:
    """Draws of what clusters are multiplied by.

    Attributes
    ----------
    draws
        Shape (draws, G). The first row is all ones: the data's own draw.
    exhaustive
        Whether the rows are all sign vectors there are, so that nothing is random. A vector and
        its mirror give the same t, so only one of the two is there.
    words
        How they were drawn.
    """

    draws: FloatArray
    exhaustive: bool
    words: str


def draw_multipliers(
    clusters: int, seed: int, kind: MultiplierKind = "auto", draws: int | None = None
) -> Multipliers:
    """Draw multipliers for a bootstrap test, or go through all of them.

    Parameters
    ----------
    clusters
        How many there are.
    seed
        Of the draws; not used when all sign vectors are gone through.
    kind
        ``rademacher`` signs, all of them where there are few enough; ``webb`` six points (Webb
        2023); ``mammen`` two points (Mammen 1993); ``auto`` for Webb's with ten clusters or
        fewer, else signs.
    draws
        How many to draw; None for 9,999. All sign vectors are gone through if they are no more
        than this, or than 65,536 if it is None.

    Examples
    --------
    >>> found = draw_multipliers(12, seed=1)
    >>> found.draws.shape, found.words
    ((2048, 12), 'all 2,048 distinct Rademacher sign vectors')
    """
    if kind == "auto":
        kind = "webb" if clusters <= WEBB_AT_MOST else "rademacher"
    if kind == "rademacher" and 2 ** (clusters - 1) <= (draws or ENUMERATE_AT_MOST):
        return _all_signs(clusters)
    count = draws or DRAWS
    values, chances = POINTS[kind]
    drawn = np.empty((1 + count, clusters))
    drawn[0] = 1.0
    generator = np.random.default_rng(seed)
    if len(values) == 2:
        # What `choice` does, without its search among many points.
        second = generator.random(out=drawn[1:]) >= chances[0] / chances.sum()
        np.take(values, second.view(np.int8), out=drawn[1:], mode="clip")
    else:
        drawn[1:] = generator.choice(values, size=(count, clusters), p=chances)
    words = f"{count:,} {NAMES[kind]} draws, seed {seed}"
    return Multipliers(drawn, exhaustive=False, words=words)


@lru_cache(maxsize=2)
def _all_signs(clusters: int) -> Multipliers:
    # The first sign stays +1, which leaves one of each vector and its mirror.
    count = 2 ** (clusters - 1)
    bits = (np.arange(count)[:, None] >> np.arange(clusters - 1)) & 1
    signs = np.hstack([np.ones((count, 1)), 1.0 - 2.0 * bits])
    words = f"all {count:,} distinct Rademacher sign vectors"
    return Multipliers(signs, exhaustive=True, words=words)
