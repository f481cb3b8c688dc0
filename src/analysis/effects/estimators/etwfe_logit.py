"""The extended two-way Mundlak regression for rates near a bound (Wooldridge 2023)."""

from __future__ import annotations

import pandas as pd

from analysis.effects.design import Design
from analysis.effects.estimators.cohort_effects import draw_cohort_sample
from analysis.effects.estimators.fractional_logit import refuse_no_share
from analysis.effects.estimators.imputed_means import impute_means
from analysis.effects.estimators.mean_contrasts import differences, effects_from_means
from analysis.effects.evidence import Effects

__all__ = ["NAME", "estimate_etwfe_logit"]

NAME = "etwfe_logit"
ESTIMAND = "average effect on the treated over all treated units and periods"


def estimate_etwfe_logit(panel: pd.DataFrame, design: Design) -> Effects:
    r"""Regress a rate on an effect for each cohort in each treated period, with a logit link.

    With :math:`\Lambda` the logistic function,

    .. math:: E[y_{it}] = \Lambda\Big(\eta_{g_i} + \lambda_t + x_{it}'(\kappa_{g_i} + \pi_t)
              + \sum_{g, s} 1\{g_i = g, t = s\} (\tau_{gs} + \dot x_{it}'\rho_{gs})\Big),

    and an effect is the mean, over treated rows, of the expected rate less the one without the
    last sum, so that it is in the rate's own unit. Rows count by the design's weights (the number
    surveyed). It is quasi-likelihood: only the mean must be right, and clustered errors allow for
    any variance.

    Cohort effects stand in for unit effects, since a logit with a dummy for each unit is biased by
    the order of one over the number of periods
    (see `analysis.effects.estimators.fractional_logit`). A unit's own level beyond its cohort's
    must not change when its weight does, or when it enters or leaves.

    Parameters
    ----------
    panel
        One row for each unit and period.
    design
        What is estimated; its outcome lies between 0 and 1, its treatment is an adoption period.

    Raises
    ------
    DesignError
        If the outcome leaves the unit interval, the design cannot be estimated on the panel, no
        cohort has a control, or there is no finite estimate.

    Examples
    --------
    >>> rows = [(u, t, 3 if u == "a" else None, 0.5 + t / 20) for u in "ab" for t in range(6)]
    >>> panel = pd.DataFrame(rows, columns=["unit", "period", "adoption", "rate"])
    >>> panel.loc[panel["period"] >= panel["adoption"], "rate"] += 0.1
    >>> design = Design("rate", "share", "adoption", "adoption", cluster="unit")
    >>> found = estimate_etwfe_logit(panel, design).targets
    >>> found.loc[found["averaging"] == "cells", "value"].round(6).tolist()
    [0.1]
    """
    sample = draw_cohort_sample(panel, design, "level")
    refuse_no_share(sample, design)
    means = impute_means(sample, design, "logit")
    return effects_from_means(means, differences(means), design, ESTIMAND)
