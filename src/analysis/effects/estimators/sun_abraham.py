"""The interaction-weighted event study of Sun and Abraham (2021)."""

from __future__ import annotations

import pandas as pd

from analysis.effects.design import Design
from analysis.effects.estimators.controls import with_controls
from analysis.effects.estimators.linear import OWN_LIBRARY, fit_linear
from analysis.effects.estimators.saturated import effects_from_cells, form_cells
from analysis.effects.evidence import Effects
from analysis.effects.sample import draw_sample

__all__ = ["NAME", "estimate_sun_abraham"]

NAME = "sun_abraham"


def estimate_sun_abraham(panel: pd.DataFrame, design: Design) -> Effects:
    r"""Regress the outcome on event-time dummies of each cohort, and average over cohorts.

    .. math:: y_{it} = \alpha_i + \lambda_t
              + \sum_g \sum_{k \neq r} \delta_{gk} 1\{g_i = g\} 1\{t - g = k\} + \varepsilon_{it}

    The last period before adoption and its anticipation is the reference :math:`r`. Controls are
    the units that never adopt, or if all do, the last cohort, in the periods before it does. The
    effect at event time k is the mean of :math:`\delta_{gk}` by the cohorts' weights among the
    rows at k; these shares are taken as fixed, as R's ``fixest::sunab`` does. Controls of the
    design enter as they are.

    Parameters
    ----------
    panel
        One row for each unit and period.
    design
        What is estimated; its treatment is an adoption period. Its `comparison` is not used.

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
    >>> found = estimate_sun_abraham(panel, design).targets
    >>> found.loc[found["averaging"] == "cells", "value"].round(9).tolist()
    [2.0]
    """
    sample = draw_sample(panel, design, design.linear_form)
    cells = form_cells(sample, design, "never")
    columns = with_controls(cells.sample, design, cells.dummies, cells.names)
    regression = fit_linear(cells.sample, *columns)
    return effects_from_cells(cells, design, regression, OWN_LIBRARY)
