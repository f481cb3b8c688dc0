"""Static two-way fixed effects: one coefficient for the treatment."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.design import Design
from analysis.effects.estimators.controls import with_controls
from analysis.effects.estimators.dynamic_panel import nickell_notes
from analysis.effects.estimators.linear import OWN_LIBRARY, fit_linear
from analysis.effects.estimators.one_coefficient import first_coefficient
from analysis.effects.evidence import Effects
from analysis.effects.sample import Sample, draw_sample

__all__ = ["NAME", "estimate_twfe", "treatment_columns"]

FloatArray = NDArray[np.float64]

NAME = "twfe"
ESTIMANDS = {
    "adoption": "one effect for all units and periods under the programme",
    "dose": "effect of one more unit of the dose",
}


def estimate_twfe(panel: pd.DataFrame, design: Design) -> Effects:
    r"""Regress the outcome on the treatment, with unit and period fixed effects.

    .. math:: y_{it} = \alpha_i + \lambda_t + \tau D_{it} + \varepsilon_{it}

    Counts enter in logarithms, rates as they are, weighted by their denominator. When effects
    differ between cohorts or build up over time, :math:`\tau` is an average in which some effects
    have negative weight (Goodman-Bacon 2021), so it need not be the average effect. Periods of
    anticipation have a coefficient of their own.

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
    sample = draw_sample(panel, design, design.linear_form)
    regressors, names = with_controls(sample, design, *treatment_columns(sample, design))
    regression = fit_linear(sample, regressors, names)
    return first_coefficient(
        sample,
        regression,
        estimand=ESTIMANDS[design.treatment],
        library=OWN_LIBRARY,
        notes=nickell_notes(sample, design, regression, names),
    )


def treatment_columns(sample: Sample, design: Design) -> tuple[FloatArray, list[str]]:
    """Make the columns of the treatment and, if the design has any, of its anticipation."""
    columns, names = [sample.treatment], [design.treatment_column]
    if design.anticipation:
        ahead = (sample.event_time < 0) & (sample.event_time >= -design.anticipation)
        columns.append(ahead.astype("float64"))
        names.append("anticipation")
    return np.stack(columns, axis=1), names
