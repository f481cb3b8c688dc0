"""The extended two-way Mundlak regression for counts (Wooldridge 2023)."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.design import Design
from analysis.effects.estimators.cohort_effects import draw_cohort_sample
from analysis.effects.estimators.imputed_means import impute_means
from analysis.effects.estimators.mean_contrasts import differences, effects_from_means, log_ratios
from analysis.effects.evidence import Effects

__all__ = ["NAME", "estimate_etwfe_poisson"]

FloatArray = NDArray[np.float64]

NAME = "etwfe_poisson"
ESTIMANDS = {
    "count": "log ratio of all cases expected with treatment, in the treated units and periods, "
    "to those expected without",
    "level": "average effect on the treated over all treated units and periods",
}


def estimate_etwfe_poisson(panel: pd.DataFrame, design: Design) -> Effects:
    r"""Regress a count on an effect for each cohort in each treated period, with a log link.

    .. math:: E[y_{it}] = e_{it} \exp\Big(\eta_{g_i} + \lambda_t + x_{it}'(\kappa_{g_i} + \pi_t)
              + \sum_{g, s} 1\{g_i = g, t = s\} (\tau_{gs} + \dot x_{it}'\rho_{gs})\Big)

    with the exposure :math:`e_{it}`, if the design has one; otherwise as
    `analysis.effects.estimators.etwfe`. Let :math:`\mu_1` be the expected count of a treated row,
    and :math:`\mu_0` the same without the last sum. On the scale ``count`` an effect is the log
    ratio of sums over rows, :math:`\log(\sum \mu_1 / \sum \mu_0)`; event times, cohorts and
    periods have one each, and the overall effects over them are means of log ratios. On the scale
    ``level`` it is the mean of :math:`\mu_1 - \mu_0`, in cases per row, as R's ``etwfe`` reports.
    Errors are by the delta method, from the scores of all coefficients.

    Parameters
    ----------
    panel
        One row for each unit and period.
    design
        What is estimated; its treatment is an adoption period.

    Raises
    ------
    DesignError
        If the design cannot be estimated on the panel, no cohort has a control, or zeros are
        predicted so well that there is no finite estimate.

    Examples
    --------
    >>> rows = [(u, t, 3 if u == "a" else None, 4 + t) for u in ("a", "b") for t in range(6)]
    >>> panel = pd.DataFrame(rows, columns=["unit", "period", "adoption", "y"])
    >>> panel.loc[panel["period"] >= panel["adoption"], "y"] *= 2
    >>> design = Design("y", "count", "adoption", "adoption", cluster="unit")
    >>> found = estimate_etwfe_poisson(panel, design).targets
    >>> found.loc[found["averaging"] == "cells", "value"].round(6).tolist()
    [0.693147]
    """
    sample = draw_cohort_sample(panel, design, "count")
    means = impute_means(sample, design, "log")
    summary = log_ratios(means) if design.scale == "count" else differences(means)
    return effects_from_means(means, summary, design, ESTIMANDS[design.scale])
