"""How much is left of a panel once units, and the paths of cohorts, are fitted to it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from analysis.effects.columns import count_different, recode
from analysis.effects.sample import Sample

__all__ = ["degrees_left"]

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


def degrees_left(
    sample: Sample, with_effect: BoolArray, together: IntArray | None = None, controls: int = 0
) -> int:
    """Count the residual degrees of freedom of effects on cohorts in periods.

    An estimator that compares changes fits a level to each unit, a path to the untreated, and an
    effect to each cohort in each period. Its errors are made of what that leaves. The rank of two
    sets of dummies is the number of their levels, less that of the parts of the panel which no row
    links.

    Parameters
    ----------
    sample
        The rows.
    with_effect
        Rows in which the cohort has an effect of its own, shape (n,).
    together
        Codes of rows that are compared with each other only, shape (n,); by default all are.
    controls
        How many slopes are fitted besides.

    Returns
    -------
    int
        Rows less the rank of what is fitted; below zero if there are fewer rows than slopes.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis.effects.design import Design
    >>> from analysis.effects.sample import draw_sample
    >>> rows = [(u, t, 2 if u == "a" else None, t) for u in "abc" for t in (1, 2, 3)]
    >>> panel = pd.DataFrame(rows, columns=["unit", "period", "adoption", "y"])
    >>> design = Design("y", "level", "adoption", "adoption", cluster="unit")
    >>> sample = draw_sample(panel, design, "level")
    >>> degrees_left(sample, sample.event_time >= 0)
    2
    """
    path = recode(sample.period)
    for codes in (np.where(with_effect, recode(sample.adoption), -1), together):
        if codes is not None:
            path = recode(path * (int(codes.max()) + 2) + codes)
    units, cells = sample.unit_count, count_different(path)
    places = (sample.units, units + path)
    links = sparse.coo_array((np.ones(len(path)), places), shape=(units + cells, units + cells))
    parts = csgraph.connected_components(links, directed=False, return_labels=False)
    return sample.observations - (units + cells - int(parts)) - controls
