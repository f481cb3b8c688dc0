"""The extended two-way Mundlak regression of Wooldridge (2021)."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.design import Design
from analysis.effects.estimators.cohort_effects import draw_cohort_sample
from analysis.effects.estimators.linear import OWN_LIBRARY, fit_linear
from analysis.effects.estimators.saturated import Cells, effects_from_cells, form_cells
from analysis.effects.evidence import Effects
from analysis.effects.fixed_effects import FixedEffects
from analysis.effects.sample import Sample

__all__ = ["NAME", "estimate_etwfe"]

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

NAME = "etwfe"

# A column is redundant if a smaller share of its sum of squares is left once the fixed effects and
# the columns before it are taken out.
REDUNDANT = 1e-10


def estimate_etwfe(panel: pd.DataFrame, design: Design) -> Effects:
    r"""Regress the outcome on an effect for each cohort in each treated period.

    .. math:: y_{it} = \eta_{g_i} + \lambda_t + x_{it}'(\kappa_{g_i} + \pi_t)
              + \sum_{g, s} 1\{g_i = g, t = s\} (\tau_{gs} + \dot x_{it}'\rho_{gs})
              + \varepsilon_{it}

    There is a fixed effect for each cohort and for each period. Controls x act differently in each
    cohort and in each period, and on the effects; :math:`\dot x` is x less its mean among the rows
    of cohort g in period s, so that :math:`\tau_{gs}` is the average effect on these. With
    ``notyet`` as comparison there is an effect for each period from adoption (and its
    anticipation) on; with ``never``, for every period but the reference. Averages count rows by
    the design's weights, and shares of cohorts are taken as fixed; R's ``etwfe`` does the same.

    A design with `fixed_effects` of unit and period has these instead (``ivar`` of R's ``etwfe``).
    In a balanced panel without weights, the estimates are the same. If units enter and leave, or
    change weight, cohort effects mistake the change of composition for a change of outcomes.

    Parameters
    ----------
    panel
        One row for each unit and period.
    design
        What is estimated; its treatment is an adoption period.

    Raises
    ------
    DesignError
        If the design cannot be estimated on the panel, or no cohort has a control.

    Examples
    --------
    >>> rows = [(u, t, 3 if u == "a" else None, len(u) + t) for u in ("a", "bb") for t in range(6)]
    >>> panel = pd.DataFrame(rows, columns=["unit", "period", "adoption", "y"])
    >>> panel.loc[panel["period"] >= panel["adoption"], "y"] += 2
    >>> design = Design("y", "share", "adoption", "adoption", cluster="unit")
    >>> found = estimate_etwfe(panel, design).targets
    >>> found.loc[found["averaging"] == "cells", "value"].round(9).tolist()
    [2.0]
    """
    sample = draw_cohort_sample(panel, design, design.linear_form)
    cells = form_cells(sample, design, design.comparison)
    regressors, names = cells.dummies, cells.names
    if design.controls:
        more, more_names = _interactions(cells, design)
        regressors, names = np.hstack([regressors, more]), [*names, *more_names]
        # Which slopes are redundant depends on the panel; effects of cells come first and stay.
        kept = _independent(regressors, cells.sample)
        kept[: len(cells.names)] = True
        regressors = regressors[:, kept]
        names = [name for name, keep in zip(names, kept, strict=True) if keep]
    regression = fit_linear(cells.sample, regressors, names)
    return effects_from_cells(cells, design, regression, OWN_LIBRARY)


def _interactions(cells: Cells, design: Design) -> tuple[FloatArray, list[str]]:
    """Let each control act differently in each cohort, period and cell.

    Returns
    -------
    tuple
        Columns of shape (n, c), some of which may be redundant, and their names.
    """
    sample = cells.sample
    cohort = np.nan_to_num(sample.adoption, nan=np.inf)
    columns: list[FloatArray] = []
    names: list[str] = []
    for name, values in zip(design.controls, sample.controls.T, strict=True):
        for level in np.unique(cohort):
            columns.append(np.where(cohort == level, values, 0.0))
            names.append(f"{name} in cohort {level:g}")
        for period in np.unique(sample.period)[1:]:
            columns.append(np.where(sample.period == period, values, 0.0))
            names.append(f"{name} in period {period:g}")
        for place, cell in enumerate(cells.names):
            inside = cells.codes == place
            mean = np.average(values[inside], weights=sample.weights[inside])
            columns.append(np.where(inside, values - mean, 0.0))
            names.append(f"{name} in {cell}")
    return np.stack(columns, axis=1), names


def _independent(columns: FloatArray, sample: Sample) -> BoolArray:
    """Say which columns the fixed effects and the columns before them do not explain."""
    partialled = FixedEffects(sample.effects).project(sample.weights).residualise(columns)
    gram = (sample.weights[:, None] * partialled).T @ partialled
    least = REDUNDANT * (sample.weights @ columns**2)
    kept = gram.diagonal() > least
    places = np.flatnonzero(kept)
    left = gram[np.ix_(places, places)]
    length = np.sqrt(left.diagonal())
    if np.linalg.eigvalsh(left / np.outer(length, length))[0] > REDUNDANT:
        return np.asarray(kept)
    for place, column in enumerate(places):
        kept[column] = left[place, place] > least[column]
        if kept[column]:
            behind = left[place, place + 1 :]
            left[place + 1 :, place + 1 :] -= np.outer(behind, behind) / left[place, place]
    return np.asarray(kept)
