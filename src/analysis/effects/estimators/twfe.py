"""Static two-way fixed effects: one coefficient for the treatment."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.effects.design import Design
from analysis.effects.estimators.linear import LIBRARY, fit_linear, infer_contrast
from analysis.effects.result import Result, result_on
from analysis.effects.sample import draw_sample

__all__ = ["NAME", "estimate_twfe"]

NAME = "twfe"
ESTIMANDS = {
    "adoption": "one effect for all units and periods under the programme",
    "dose": "effect of one more unit of the dose",
}


def estimate_twfe(panel: pd.DataFrame, design: Design) -> Result:
    r"""Regress the outcome on the treatment, with unit and period fixed effects.

    .. math:: y_{it} = \alpha_i + \lambda_t + \tau D_{it} + \varepsilon_{it}

    Counts enter in logarithms, rates as they are, weighted by their denominator. When effects
    differ between cohorts or build up over time, :math:`\tau` is an average in which some effects
    have negative weight (Goodman-Bacon 2021), so it need not be the average effect.

    Parameters
    ----------
    panel
        One row for each unit and period.
    design
        What is estimated.

    Raises
    ------
    DesignError
        If the design cannot be estimated on the panel.
    """
    sample = draw_sample(panel, design, "log" if design.scale == "count" else "level")
    model = fit_linear(sample, sample.treatment[:, None], [design.treatment_column])
    overall, inference = infer_contrast(model, np.ones(1), design)
    return result_on(
        sample,
        design,
        estimator=NAME,
        estimand=ESTIMANDS[design.treatment],
        overall=overall,
        inference=inference,
        library=LIBRARY,
    )
