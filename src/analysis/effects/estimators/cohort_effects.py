"""Rows with a fixed effect for each cohort instead of each unit, as in Mundlak regressions."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd

from analysis.effects.checks import OutcomeForm
from analysis.effects.columns import recode
from analysis.effects.design import Design
from analysis.effects.sample import Sample, draw_sample

__all__ = ["draw_cohort_sample"]


def draw_cohort_sample(panel: pd.DataFrame, design: Design, form: OutcomeForm) -> Sample:
    """Draw a sample whose first fixed effect is the cohort, and the others all but the unit.

    Units that never adopt are a cohort, too. If the design names fixed effects, these are used.

    Raises
    ------
    DesignError
        If the design cannot be estimated on the panel.

    Examples
    --------
    >>> rows = [(u, t, 2 if u == "a" else None, t + len(u)) for u in ("a", "b", "c")
    ...         for t in (1, 2)]
    >>> panel = pd.DataFrame(rows, columns=["unit", "period", "adoption", "y"])
    >>> design = Design("y", "share", "adoption", "adoption", cluster="unit")
    >>> draw_cohort_sample(panel, design, "level").effects[0].tolist()
    [0, 0, 1, 1, 1, 1]
    """
    if design.fixed_effects:
        return draw_sample(panel, design, form)
    pooled = dataclasses.replace(design, fixed_effects=((design.period,),))
    sample = draw_sample(panel, pooled, form)
    _, cohorts = np.unique(np.nan_to_num(sample.adoption, nan=np.inf), return_inverse=True)
    return dataclasses.replace(sample, effects=(recode(cohorts), *sample.effects))
