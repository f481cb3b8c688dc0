"""How much each month since adoption counts in a two-way coefficient."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.effects.design import Design
from analysis.effects.estimators.twfe import treatment_columns
from analysis.effects.fixed_effects import FixedEffects
from analysis.effects.sample import draw_sample
from analysis.errors import DesignError, Problem

__all__ = ["weights_by_event_time"]


def weights_by_event_time(panel: pd.DataFrame, design: Design) -> pd.DataFrame:
    r"""Add up the weights of treated rows in the two-way coefficient, by time since adoption.

    With parallel trends the coefficient is expected to be the sum of the effects in treated rows,
    each times its weight, the treatment's residual over the residuals' sum of squares (de
    Chaisemartin and D'Haultfoeuille 2020). Rows long after adoption count little or negatively,
    because units treated for long serve as comparison for those that adopt later.

    Parameters
    ----------
    panel, design
        See `analysis.effects.estimate.estimate`; the treatment is an adoption period.

    Returns
    -------
    pandas.DataFrame
        Indexed by `event_time`, 0 and later: `weight`, adding up to one; `share` of the treated
        rows, counted by the design's weights, adding up to one, too; and `rows`.

    Raises
    ------
    DesignError
        If the treatment is a dose, or the design cannot be estimated on the panel.

    Examples
    --------
    >>> rows = [(u, t, {"a": 1, "b": 5}.get(u), t % 2 + len(u)) for u in "abc" for t in range(6)]
    >>> panel = pd.DataFrame(rows, columns=["unit", "period", "adoption", "y"])
    >>> design = Design("y", "level", "adoption", "adoption", cluster="unit")
    >>> weights_by_event_time(panel, design)["weight"].round(3).tolist()
    [0.667, 0.167, 0.167, 0.167, -0.167]
    """
    if design.treatment != "adoption":
        problem = Problem("a dose has no adoption", design.treatment_column, "take adoption")
        raise DesignError("there are no weights by time since adoption", [problem])
    sample = draw_sample(panel, design, design.linear_form)
    columns, _ = treatment_columns(sample, design)
    columns = np.hstack([columns, sample.controls])
    left = FixedEffects(sample.effects).project(sample.weights).residualise(columns)
    gram = (sample.weights[:, None] * left).T @ left
    weight = sample.weights * (left @ np.linalg.solve(gram, np.eye(len(gram))[0]))
    treated = sample.treatment > 0
    rows = pd.DataFrame(
        {
            "event_time": sample.event_time[treated].astype("int64"),
            "weight": weight[treated],
            "share": sample.weights[treated] / sample.weights[treated].sum(),
            "rows": 1,
        }
    )
    return rows.groupby("event_time").sum()
