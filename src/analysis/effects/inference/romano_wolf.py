"""Romano-Wolf p-values: several outcomes tested, false discoveries among them held at bay.

Romano and Wolf (2005, 2016) compare each outcome's t with the largest t of a bootstrap draw over
all outcomes not yet rejected. As the draws are joint, outcomes that move together are hardly
punished for being many, in contrast to Bonferroni or Holm.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.inference.multipliers import MultiplierKind, draw_multipliers
from analysis.errors import DesignError, Problem

__all__ = ["align_clusters", "joint_t", "romano_wolf"]

FloatArray = NDArray[np.float64]


def romano_wolf(statistics: FloatArray, drawn: FloatArray) -> FloatArray:
    """Adjust the p-values of several tests for their number, by the stepdown method.

    Parameters
    ----------
    statistics
        t of each of S hypotheses, shape (S,).
    drawn
        t of each in bootstrap draws in which all hypotheses hold, shape (draws, S).

    Returns
    -------
    numpy.ndarray
        Shape (S,): the share of draws, the data among them, whose largest t over this and all less
        significant hypotheses is at least as large, and no less than that of a more significant
        one.

    Examples
    --------
    >>> drawn = np.array([[0.5, 2.5], [1.0, 0.2], [3.5, 0.1], [0.3, 0.4]])
    >>> romano_wolf(np.array([3.0, -2.0]), drawn).tolist()
    [0.4, 0.4]
    """
    size, order = np.abs(statistics), np.argsort(-np.abs(statistics), kind="stable")
    # The largest t among a hypothesis and all that come after it, for each draw.
    ordered = np.abs(drawn)[:, order]
    largest = np.maximum.accumulate(ordered[:, ::-1], axis=1)[:, ::-1]
    beyond = (largest >= size[order] * (1 - 1e-9)).sum(axis=0)
    stepped = np.maximum.accumulate((1 + beyond) / (1 + len(drawn)))
    adjusted = np.empty(len(statistics))
    adjusted[order] = stepped
    return adjusted


def joint_t(
    values: FloatArray,
    contributions: FloatArray,
    seed: int,
    *,
    multipliers: MultiplierKind = "auto",
    draws: int | None = None,
) -> tuple[FloatArray, FloatArray]:
    """Bootstrap the t of several estimates with the same multipliers for all.

    Parameters
    ----------
    values
        The estimates, shape (S,).
    contributions
        Of each cluster to the error of each, shape (G, S); see `align_clusters`,
        `fit.coefficient_influence` and `fit.cluster_sums`.
    seed
        Of the draws.
    multipliers, draws
        See `multipliers.draw_multipliers`.

    Returns
    -------
    tuple
        The t of the estimates, shape (S,), and of the draws, shape (draws, S), for `romano_wolf`.
        Each is studentised by the spread of its own contributions around their mean.

    Raises
    ------
    DesignError
        If an estimate has no contributions, or there are fewer than two clusters.
    """
    groups = len(contributions)
    empty = np.flatnonzero(~np.any(contributions != 0, axis=0))
    problems = [
        Problem("no cluster contributes to its error", f"estimate {place}", "leave it out")
        for place in empty
    ]
    if groups < 2:
        problems.append(Problem(f"there are {groups}", "clusters", "there must be two or more"))
    if problems:
        raise DesignError("the estimates cannot be tested jointly", problems)
    drawn = draw_multipliers(groups, seed, multipliers, draws)

    def studentise(sums: FloatArray, squares: FloatArray) -> FloatArray:
        variance = (squares - sums**2 / groups) * groups / (groups - 1)
        # With all contributions alike nothing varies, which is as extreme as a draw can be.
        known = variance > 1e-12 * squares
        root = np.sqrt(np.where(known, variance, 1.0))
        return np.where(known, sums / root, np.inf)

    # The first row is the data's own draw, which `romano_wolf` counts by itself.
    values_drawn = drawn.draws[1:]
    t_drawn = studentise(values_drawn @ contributions, values_drawn**2 @ contributions**2)
    error = np.sqrt((contributions**2).sum(axis=0) * groups / (groups - 1))
    return np.asarray(values / error), t_drawn


def align_clusters(labels: Sequence[Sequence[object]], sums: Sequence[FloatArray]) -> FloatArray:
    """Put the contributions of clusters to several estimates side by side.

    Parameters
    ----------
    labels
        For each estimate, the names of its clusters.
    sums
        For each estimate, what these clusters contribute to its error, shape (G,).

    Returns
    -------
    numpy.ndarray
        Shape (number of clusters in any of them, S), in the order of the names; zero where an
        estimate does not use a cluster.

    Examples
    --------
    >>> align_clusters([["a", "b"], ["b", "c"]], [np.array([1.0, 2.0]), np.array([3.0, 4.0])])
    array([[1., 0.],
           [2., 3.],
           [0., 4.]])
    """
    columns = [
        pd.Series(given, index=pd.Index([str(name) for name in names]))
        for names, given in zip(labels, sums, strict=True)
    ]
    aligned = pd.concat(columns, axis=1, sort=True).fillna(0.0)
    return aligned.to_numpy(dtype="float64")
