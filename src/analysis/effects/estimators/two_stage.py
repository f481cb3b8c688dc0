"""Two-stage differences in differences (Gardner 2022): impute, then regress."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from analysis.effects.design import Design
from analysis.effects.estimators.first_stage import LIBRARY, FirstStage, fit_first_stage
from analysis.effects.estimators.row_averages import RowAverages, average_rows
from analysis.effects.evidence import Effects

__all__ = ["NAME", "estimate_two_stage"]

FloatArray = NDArray[np.float64]

NAME = "two_stage"


def estimate_two_stage(panel: pd.DataFrame, design: Design) -> Effects:
    r"""Regress what an untreated model leaves of the outcome on dummies of the treatment.

    The first stage fits :math:`Y_{it}(0) = \alpha_i + \lambda_t + X_{it}'\beta` on the rows before
    adoption and its anticipation. The second regresses :math:`Y_{it} - \hat Y_{it}(0)` of all rows
    on dummies without a constant: one for the rows after adoption; or one for each event time but
    the reference, those before adoption included; or likewise for cohorts, periods, and cohorts by
    period. Dummies do not overlap, so each coefficient is a mean by the design's weights w. Of the
    two stages, fitted jointly by the method of moments, unit i contributes

    .. math:: \sum_t a_{it} (Y_{it} - \hat Y_{it}(0) - \hat\tau)
              - \sum_{t: D_{it} = 0} w_{it} \hat\varepsilon_{it} Z_{it}'(Z_0'W_0Z_0)^{-1} Z'a

    to the error of a mean :math:`\hat\tau` with row weights a, where Z are the first stage's
    regressors and the subscript marks untreated rows. The sandwich of these sums within clusters
    is the variance of R's ``did2s``, which has no small-sample factor. Coefficients before
    adoption are means of first-stage residuals: small by construction, and not measured from the
    reference, they say less about pre-trends than those of
    `analysis.effects.estimators.imputation.estimate_imputation`.

    Parameters
    ----------
    panel
        One row for each unit and period.
    design
        What is estimated; its treatment is an adoption period.

    Raises
    ------
    DesignError
        If the design cannot be estimated on the panel, or no treated row can be imputed.

    Examples
    --------
    >>> rows = [(u, t, 3 if u == "a" else None, len(u) + t) for u in ("a", "bb") for t in range(6)]
    >>> panel = pd.DataFrame(rows, columns=["unit", "period", "adoption", "y"])
    >>> panel.loc[panel["period"] >= panel["adoption"], "y"] += 2
    >>> design = Design("y", "share", "adoption", "adoption", cluster="unit")
    >>> float(estimate_two_stage(panel, design).targets["value"].iloc[0].round(9))
    2.0
    """
    first = fit_first_stage(panel, design)
    averages = average_rows(first.sample, design, before=True)
    means = averages.loads.T @ first.effects
    contributions = first.unit_contributions(_deviations(first, averages, means), averages.loads)
    return Effects(
        averages.targets.assign(value=averages.mix.T @ means),
        headline="cells",
        estimand="average effect on the treated over all treated units and periods",
        evidence=first.influence(contributions @ averages.mix),
        sample=first.sample,
        library=LIBRARY,
        cohort_weights=averages.cohort_weights(first.sample, design.estimand or "cells"),
        cells=first.gather_cells(averages.loads, averages.mix),
        notes=first.notes,
    )


def _deviations(first: FirstStage, averages: RowAverages, means: FloatArray) -> sparse.csr_array:
    """Weigh each row's distance from the mean it enters, shape (n, T)."""
    entries = averages.loads.tocoo()
    rows, columns = entries.coords
    distances = first.effects[rows] - means[columns]
    return sparse.csr_array((entries.data * distances, (rows, columns)), shape=entries.shape)
