"""Two-way fixed effects in which each unit is on a linear trend of its own."""

from __future__ import annotations

import dataclasses

import pandas as pd

from analysis.effects.design import Design
from analysis.effects.estimators.controls import with_controls
from analysis.effects.estimators.dynamic_panel import nickell_notes
from analysis.effects.estimators.linear import OWN_LIBRARY, fit_linear
from analysis.effects.estimators.one_coefficient import first_coefficient
from analysis.effects.estimators.twfe import ESTIMANDS, treatment_columns
from analysis.effects.evidence import Effects
from analysis.effects.fixed_effects import is_nested
from analysis.effects.inference.fit import UnitTrends
from analysis.effects.sample import Sample, draw_sample
from analysis.effects.unit_trends import TrendEffects

__all__ = ["NAME", "estimate_twfe_trends"]

NAME = "twfe_trends"


def estimate_twfe_trends(panel: pd.DataFrame, design: Design) -> Effects:
    r"""Regress the outcome on the treatment, with unit effects, unit trends and period effects.

    .. math:: y_{it} = \alpha_i + \gamma_i t + \lambda_t + \tau D_{it} + \varepsilon_{it}

    Units may be on different linear paths. An effect that builds up looks like a trend, and
    part of it is then taken for one (Wolfers 2006); the caveats of two-way fixed effects remain.
    The trends are taken out exactly, whatever the weights and gaps.

    Parameters
    ----------
    panel
        One row for each unit and period.
    design
        What is estimated.

    Raises
    ------
    DesignError
        If the design cannot be estimated on the panel, or trends explain the treatment entirely.

    Examples
    --------
    >>> rows = [(u, t, 3 if u == "a" else None, len(u) * t) for u in ("a", "bb") for t in range(7)]
    >>> panel = pd.DataFrame(rows, columns=["unit", "period", "adoption", "y"])
    >>> panel.loc[panel["period"] >= panel["adoption"], "y"] += 2
    >>> design = Design("y", "share", "adoption", "adoption", cluster="unit")
    >>> float(estimate_twfe_trends(panel, design).targets["value"].iloc[0].round(9))
    2.0
    """
    sample = draw_sample(panel, design, design.linear_form)
    regressors, names = with_controls(sample, design, *treatment_columns(sample, design))
    # Counted from the middle, so that levels and trends are nearly orthogonal.
    time = sample.period - sample.period.mean()
    others = [codes for codes in sample.effects if not is_nested(sample.units, codes)]
    effects = TrendEffects(sample.units, time, others)
    parameters = _parameters(regressors.shape[1], sample, effects)
    regression = fit_linear(sample, regressors, names, effects, parameters)
    fit = dataclasses.replace(regression.fit, trends=UnitTrends(sample.units, time))
    regression = dataclasses.replace(regression, fit=fit)
    return first_coefficient(
        sample,
        regression,
        estimand=ESTIMANDS[design.treatment],
        library=OWN_LIBRARY,
        notes=nickell_notes(sample, design, regression, names),
    )


def _parameters(coefficients: int, sample: Sample, effects: TrendEffects) -> int:
    """Count K; levels and trends of units lie within clusters, and only the constant counts."""
    assert is_nested(sample.units, sample.clusters)
    return coefficients + effects.rank - effects.trend_rank + 1
