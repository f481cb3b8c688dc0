"""All outcomes of a level tested together, so that none stands out by chance unnoticed."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from contextlib import nullcontext

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.design import Design
from analysis.effects.evidence import Effects, Influence, Regression
from analysis.effects.infer import infer
from analysis.effects.inference.fit import cluster_sums, coefficient_influence
from analysis.effects.inference.romano_wolf import align_clusters, joint_t, romano_wolf
from analysis.effects.inference.uncertainty import Case, Choices
from analysis.effects.refusals import Refusals
from analysis.effects.registry import get_estimator
from analysis.errors import DesignError, Problem

__all__ = ["all_outcomes"]

FloatArray = NDArray[np.float64]


def all_outcomes(
    panel: pd.DataFrame,
    designs: Sequence[Design],
    estimator: str,
    *,
    draws: int | None = None,
    refusals: Refusals | None = None,
) -> pd.DataFrame:
    """Estimate the effect on several outcomes, and adjust the p-values for their number.

    By the stepdown method of Romano and Wolf (2005, 2016): clusters' contributions to the
    estimates are multiplied by the same draws for all outcomes, so that outcomes that move
    together count less than as many that do not.

    Parameters
    ----------
    panel, estimator
        See `analysis.effects.estimate.estimate`.
    designs
        One for each outcome, all with the same clusters.
    draws
        See `analysis.effects.inference.multipliers.draw_multipliers`, with the seed of the first
        design.
    refusals
        Where outcomes that cannot be estimated are noted; these are left out, and the others
        adjusted for one another.

    Returns
    -------
    pandas.DataFrame
        One row for each: `outcome`, `scale`, `value`, `standard_error`, `lower`, `upper` and
        `p_value`, by the usual inference, and `adjusted`, the adjusted p-value.

    Raises
    ------
    DesignError
        If an effect cannot be estimated and not be noted, none can, or the estimator does not say
        what clusters contribute.
    """
    rows = panel.reset_index(drop=True)
    function = get_estimator(estimator).function
    found, labels, sums = [], [], []
    for design in designs:
        with nullcontext() if refusals is None else refusals.aside(design.outcome):
            effects = function(rows, design)
            overall = infer(Case(effects, rows, design, function, Choices()), estimator).overall
            sums.append(_contributions(effects, estimator))
            labels.append(_cluster_names(effects, rows[design.cluster]))
            what = {"outcome": design.outcome, "scale": design.scale}
            found.append(what | dataclasses.asdict(overall))
    if not found:
        reasons = [Problem(one.reason, one.what) for one in (refusals.noted if refusals else [])]
        raise DesignError("none of the outcomes can be estimated", reasons)
    table = pd.DataFrame(found)
    statistics, drawn = joint_t(
        table["value"].to_numpy("float64"),
        align_clusters(labels, sums),
        designs[0].seed,
        draws=draws,
    )
    return table.assign(adjusted=romano_wolf(statistics, drawn))


def _contributions(effects: Effects, estimator: str) -> FloatArray:
    """Return what each cluster contributes to the error of the overall effect, shape (G,)."""
    targets, evidence = effects.targets, effects.evidence
    wanted = (targets["kind"] == "overall") & (targets["averaging"] == effects.headline)
    place = int(np.flatnonzero(wanted)[0])
    if isinstance(evidence, Influence):
        one = evidence.contributions[:, [place]]
        return np.asarray(cluster_sums(one, evidence.clusters)[:, 0])
    if isinstance(evidence, Regression):
        return coefficient_influence(evidence.fit, evidence.gradient[[place]])[:, 0]
    hint = "take an estimator with scores or influence functions"
    problem = Problem("its clusters' contributions are not known", estimator, hint)
    raise DesignError("the outcomes cannot be tested together", [problem])


def _cluster_names(effects: Effects, column: pd.Series) -> list[object]:
    """Name the clusters in the order of their codes."""
    codes = effects.sample.clusters
    first = np.unique(codes, return_index=True)[1]
    return list(column.to_numpy()[effects.sample.rows[first]])
