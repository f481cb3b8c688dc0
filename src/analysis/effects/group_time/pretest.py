"""Test whether all effects before adoption are zero."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from analysis.effects.evidence import Effects, Influence
from analysis.effects.inference.fit import cluster_sums
from analysis.errors import DesignError, Problem

__all__ = ["Pretest", "pretest", "wald_test"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# An effect with a smaller standard error is zero by normalisation.
NO_ERROR = 1e-7


@dataclass(frozen=True, slots=True)
class Pretest:
    """A joint test that effects before adoption are zero.

    Attributes
    ----------
    statistic
        Wald statistic; NaN if the covariance of the effects is singular, as it is if there are no
        more clusters than effects.
    restrictions
        How many effects are tested: the degrees of freedom.
    p_value
        From the chi-squared distribution.
    """

    statistic: float
    restrictions: int
    p_value: float


def pretest(effects: Effects, last: float = -1) -> Pretest:
    """Test whether all effects by cohort and period are zero up to an event time.

    Parameters
    ----------
    effects
        With targets of kind ``group_time`` and influence as evidence.
    last
        The last event time tested. R's did tests all up to -1; if the treatment may be
        anticipated by k periods, -1 - k leaves out those in which there may be an effect.

    Raises
    ------
    DesignError
        If there are no such effects, or another kind of evidence.
    """
    targets = effects.targets
    event_time = (targets["period"] - targets["cohort"]).to_numpy()
    before = np.flatnonzero((targets["kind"] == "group_time").to_numpy() & (event_time <= last))
    if not isinstance(effects.evidence, Influence) or not len(before):
        hint = "the panel must reach back two periods before adoption; use group-time effects"
        problem = Problem("there are no effects by cohort and period before adoption", "", hint)
        raise DesignError("trends before adoption cannot be tested", [problem])
    values = targets["value"].to_numpy()[before]
    evidence = effects.evidence
    return wald_test(values, evidence.contributions[:, before], evidence.clusters)


def wald_test(values: FloatArray, contributions: FloatArray, clusters: IntArray) -> Pretest:
    """Test whether quantities are all zero.

    Parameters
    ----------
    values
        Shape (q,). Those without error, zero by normalisation, are left out.
    contributions
        Of the units to the errors, shape (m, q).
    clusters
        Cluster codes of the units, shape (m,).

    Examples
    --------
    >>> contributions = np.array([[0.1, 0.0], [-0.1, 0.0]])
    >>> found = wald_test(np.array([0.2, 0.0]), contributions, np.array([0, 1]))
    >>> round(found.statistic, 3), found.restrictions, round(found.p_value, 4)
    (2.0, 1, 0.1573)
    """
    sums = cluster_sums(contributions, clusters)
    vcov = sums.T @ sums
    tested = np.sqrt(np.diag(vcov)) > NO_ERROR
    values, vcov = values[tested], vcov[np.ix_(tested, tested)]
    restrictions = int(tested.sum())
    if restrictions == 0 or 1 / np.linalg.cond(vcov, 1) <= np.finfo(np.float64).eps:
        return Pretest(np.nan, restrictions, np.nan)
    statistic = float(values @ np.linalg.solve(vcov, values))
    return Pretest(statistic, restrictions, float(stats.chi2.sf(statistic, restrictions)))
