"""How much each cohort counts in a coefficient."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.evidence import Regression
from analysis.effects.sample import Sample

__all__ = ["cohort_weights"]

FloatArray = NDArray[np.float64]


def cohort_weights(
    sample: Sample, regression: Regression, contrast: FloatArray
) -> pd.Series | None:
    """Weigh cohorts as a linear combination of coefficients does, without being asked.

    A coefficient of a linear model is a weighted sum of outcomes. Its weights on the rows under
    treatment add up to one if it stands for one effect, and say how much the effects in each row
    count; summed over a cohort's rows they can be negative (de Chaisemartin and D'Haultfoeuille
    2020). For a Poisson or logit model the weights are those of its last weighted step.

    Parameters
    ----------
    sample
        The rows.
    regression
        The fit.
    contrast
        Weights of the coefficients, shape (k,).

    Returns
    -------
    pandas.Series or None
        Weight by cohort (its period number), in order; None if the treatment is a dose.
    """
    if np.isnan(sample.adoption).all():
        return None
    fit = regression.fit
    rows = fit.weights * (fit.regressors @ np.linalg.solve(fit.gram, contrast))
    treated = sample.treatment > 0
    sums = pd.Series(rows[treated]).groupby(sample.adoption[treated]).sum()
    return sums.rename_axis("cohort").rename("weight")
