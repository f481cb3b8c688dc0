"""The other ways in which adoption could have been dealt out, and the panels they would give."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.columns import period_numbers
from analysis.effects.design import Design
from analysis.effects.sample import Sample
from analysis.errors import DesignError, Problem

__all__ = ["Deal", "count_assignments", "deal_adoption", "deal_out"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Deal:
    """A panel, and the assignments of adoption to its groups that could have been.

    Attributes
    ----------
    panel
        The rows of the units that take part, numbered from 0.
    column
        The column of adoption periods.
    among
        What adoption is dealt out among, in words.
    words
        How the assignments were made, in words.
    groups
        Group of each row, shape (n,).
    donors
        The row from whose group each group takes its adoption, shape (R, G), one line for each
        assignment; the first is the data's own.
    """

    panel: pd.DataFrame
    column: str
    among: str
    words: str
    groups: IntArray
    donors: IntArray

    def panels(self, panel: pd.DataFrame) -> Iterator[pd.DataFrame]:
        """Go through all assignments of a panel with the same rows, the data's own first."""
        dates = self.panel[self.column]
        for donors in self.donors:
            dealt = dates.take(donors[self.groups]).set_axis(panel.index)
            yield panel.assign(**{self.column: dealt})


def deal_adoption(panel: pd.DataFrame, design: Design, sample: Sample, draws: int) -> Deal:
    """Deal the adoption periods of a panel out anew.

    They are dealt among clusters, if adoption is constant within them, else among units. Units
    that the sample does not use take no part, so that none of them enters under another adoption.

    Parameters
    ----------
    panel, design, sample
        The panel, numbered from 0, and what was estimated on it.
    draws
        How many assignments are drawn, with the design's seed. If there are at most twice as many
        distinct ones (2,000 for 999 draws), all of these are taken instead.

    Raises
    ------
    DesignError
        If the treatment is a dose, or there is only one way to deal adoption out.
    """
    if design.treatment == "dose":
        hint = "take a method that clusters errors"
        problem = Problem("a dose cannot be dealt out anew", design.treatment_column, hint)
        raise DesignError("there is no randomization of adoption", [problem])
    units = panel.groupby(list(design.unit), observed=True, sort=True).ngroup().to_numpy()
    used = panel[np.isin(units, units[sample.rows])].reset_index(drop=True)
    by_cluster = _by_cluster(sample)
    names = [design.cluster] if by_cluster else list(design.unit)
    groups = used.groupby(names, observed=True, sort=True).ngroup()
    codes = np.asarray(groups, dtype=np.int64)
    _, first = np.unique(codes, return_index=True)
    adoption = period_numbers(used[design.treatment_column])[first]
    dealt, words = deal_out(adoption, draws, design.seed)
    if len(dealt) < 2:
        hint = "it needs groups that adopt at different times, or never"
        problem = Problem("all have the same adoption", design.treatment_column, hint)
        raise DesignError("there is no randomization of adoption", [problem])
    among = f"{len(first)} {'clusters' if by_cluster else 'units'} by {' and '.join(names)}"
    donors = np.asarray(first[dealt], dtype=np.int64)
    return Deal(used, design.treatment_column, among, words, codes, donors)


def count_assignments(sample: Sample) -> int:
    """Count the distinct ways to deal the adoption periods out, as `deal_adoption` does."""
    groups = sample.clusters if _by_cluster(sample) else sample.units
    _, first = np.unique(groups, return_index=True)
    return _count(np.bincount(_kinds(sample.adoption[first])))


def deal_out(adoption: FloatArray, draws: int, seed: int) -> tuple[IntArray, str]:
    """Deal adoption periods out anew: in all distinct ways if they are few, else by chance.

    Parameters
    ----------
    adoption
        Adoption period of each group, shape (G,); NaN for never.
    draws, seed
        How many assignments are drawn, if there are more than about twice as many, and the seed.

    Returns
    -------
    tuple
        Which group's adoption each group gets, shape (R, G), and how the assignments were made, in
        words. The first row is the data's own: 0, 1, ..., G - 1.

    Examples
    --------
    >>> dealt, words = deal_out(np.array([3.0, np.nan, np.nan]), draws=9, seed=1)
    >>> dealt.tolist()
    [[0, 1, 2], [1, 0, 1], [1, 1, 0]]
    >>> words
    'all 3 distinct assignments'
    """
    kinds = _kinds(adoption)
    own = np.arange(len(adoption))
    ways = _count(np.bincount(kinds))
    if ways > 2 * (draws + 1):
        random = np.random.default_rng(seed)
        drawn = [random.permutation(len(adoption)) for _ in range(draws)]
        return np.stack([own, *drawn]), f"{draws:,} draws with seed {seed} and the data's own"
    _, holder = np.unique(kinds, return_index=True)
    others = [holder[order] for order in _all_orders(kinds) if (order != kinds).any()]
    return np.stack([own, *others]), f"all {ways:,} distinct assignments"


def _by_cluster(sample: Sample) -> bool:
    """Say whether adoption is constant within clusters."""
    filled = np.nan_to_num(sample.adoption, nan=np.inf)
    of_cluster = np.zeros(sample.clusters.max() + 1)
    of_cluster[sample.clusters] = filled
    return bool((of_cluster[sample.clusters] == filled).all())


def _kinds(adoption: FloatArray) -> IntArray:
    _, codes = np.unique(np.nan_to_num(adoption, nan=np.inf), return_inverse=True)
    return np.asarray(codes, dtype=np.int64)


def _count(sizes: NDArray[np.intp]) -> int:
    ways = math.factorial(int(sizes.sum()))
    for size in sizes:
        ways //= math.factorial(int(size))
    return ways


def _all_orders(kinds: IntArray) -> Iterator[IntArray]:
    """Go through all distinct orders of a row of codes."""
    sizes = np.bincount(kinds)
    # The most frequent code takes what the others leave, so that only short lists are chosen.
    ascending = np.argsort(sizes, kind="stable")
    for chosen in _choose_places(sizes[ascending].tolist(), tuple(range(len(kinds)))):
        order = np.empty_like(kinds)
        for code, places in zip(ascending, chosen, strict=True):
            order[list(places)] = code
        yield order


def _choose_places(
    sizes: Sequence[int], places: tuple[int, ...]
) -> Iterator[list[tuple[int, ...]]]:
    if len(sizes) == 1:
        yield [places]
        return
    for chosen in combinations(places, sizes[0]):
        taken = set(chosen)
        left = tuple(place for place in places if place not in taken)
        for rest in _choose_places(sizes[1:], left):
            yield [chosen, *rest]
