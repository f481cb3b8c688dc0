"""Poisson regression with fixed effects: counts without logarithms of zero."""

from __future__ import annotations

import pandas as pd

from analysis.effects.design import Design
from analysis.effects.estimators.controls import with_controls
from analysis.effects.estimators.loglinear import LIBRARY, draw_count_sample, fit_loglinear
from analysis.effects.estimators.one_coefficient import first_coefficient
from analysis.effects.estimators.twfe import treatment_columns
from analysis.effects.evidence import Effects

__all__ = ["NAME", "estimate_poisson"]

NAME = "poisson"
ESTIMANDS = {
    "adoption": "log ratio of expected counts, one for all units and periods under the programme",
    "dose": "log ratio of expected counts for one more unit of the dose",
}


def estimate_poisson(panel: pd.DataFrame, design: Design) -> Effects:
    r"""Regress a count on the treatment by Poisson pseudo-maximum likelihood.

    .. math:: E[y_{it}] = e_{it} \exp(\alpha_i + \lambda_t + \tau D_{it})

    with the exposure :math:`e_{it}`, if the design has one.

    Consistent whatever the counts' variance, as long as the mean is right (Wooldridge 1999);
    standard errors are clustered, so overdispersion is allowed for. Groups with only zeros, and
    rows whose zero treatment and fixed effects predict perfectly, hold no information on the
    effect; they are dropped and counted (Correia, Guimaraes and Zylkin 2020).

    Parameters
    ----------
    panel
        One row for each unit and period.
    design
        What is estimated; its outcome is a count, without weights.

    Raises
    ------
    DesignError
        If the design has weights or cannot be estimated on the panel, also because zeros are
        predicted so well that there is no finite estimate.
    """
    sample = draw_count_sample(panel, design)
    regressors, names = with_controls(sample, design, *treatment_columns(sample, design))
    sample, regression = fit_loglinear(sample, regressors, names, design)
    return first_coefficient(
        sample,
        regression,
        estimand=ESTIMANDS[design.treatment],
        library=LIBRARY,
    )
