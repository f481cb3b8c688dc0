"""The one function that runs any estimator with any method of inference."""

from __future__ import annotations

import pandas as pd

from analysis.effects.design import Design
from analysis.effects.infer import infer
from analysis.effects.inference.uncertainty import Case, Choices
from analysis.effects.registry import estimators_for, get_estimator
from analysis.effects.result import Result
from analysis.errors import DesignError, Problem, listing

__all__ = ["estimate"]


def estimate(
    panel: pd.DataFrame, design: Design, estimator: str, inference: str | Choices = "auto"
) -> Result:
    """Estimate a design on a panel.

    Parameters
    ----------
    panel
        One row for each unit and period, with the columns that the design names.
    design
        What is estimated.
    estimator
        Name of an estimator in `analysis.effects.registry.ESTIMATORS`.
    inference
        Name of a method in `analysis.effects.inference.registry.METHODS`, or `Choices` with its
        settings. By default the numbers of clusters and of treated clusters decide.

    Raises
    ------
    DesignError
        If there is no such estimator or method, it cannot take the design, the design cannot be
        estimated on the panel, or no method of inference is valid.

    Examples
    --------
    >>> rows = [(u, t, 3 if u == "a" else None, 10 + t) for u in "abc" for t in (1, 2, 3, 4)]
    >>> names = ["unit", "period", "adoption_period", "complaints"]
    >>> panel = pd.DataFrame(rows, columns=names)
    >>> panel.loc[panel["period"] >= panel["adoption_period"], "complaints"] *= 2
    >>> design = Design("complaints", "count", "adoption", "adoption_period", cluster="unit")
    >>> round(estimate(panel, design, "twfe", inference="none").overall.value, 3)
    0.693
    """
    chosen = get_estimator(estimator)
    if not chosen.fits(design):
        what = f"it cannot take outcomes of scale {design.scale!r} with {design.treatment!r}"
        able = listing(fitting.name for fitting in estimators_for(design))
        problem = Problem(f"{what} treatment", estimator, f"estimators that can: {able}")
        raise DesignError(f"{chosen.label_en} does not fit the design", [problem])
    choices = Choices(inference) if isinstance(inference, str) else inference
    # The panel is numbered anew, so that rows can be found by their place.
    rows = panel.reset_index(drop=True)
    effects = chosen.function(rows, design)
    return infer(Case(effects, rows, design, chosen.function, choices), estimator)
