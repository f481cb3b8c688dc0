"""The estimators by name, and the one function that runs any of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from analysis.effects.design import Design, Treatment
from analysis.effects.estimators import poisson, twfe, twfe_event_study
from analysis.effects.result import Result
from analysis.errors import DesignError, Problem, did_you_mean, listing

__all__ = ["ESTIMATORS", "Estimator", "estimate", "estimators_for", "get_estimator"]

Scale = Literal["count", "share"]


@dataclass(frozen=True, slots=True)
class Estimator:
    """One row of the registry.

    Attributes
    ----------
    name
        What study files and results call it.
    label_en, label_zh
        What a reader sees.
    counts_alike
        What an average of effects on a count is over: ``rows``, each counting alike, as in a
        regression of the logarithm, or ``cases``, so that busy rows count more.
    scales, treatments
        The outcomes and treatments of a design that it can take.
    paper
        Where it is described.
    function
        Estimates a design on a panel.
    """

    name: str
    label_en: str
    label_zh: str
    counts_alike: Literal["rows", "cases"]
    scales: tuple[Scale, ...]
    treatments: tuple[Treatment, ...]
    paper: str
    function: Callable[[pd.DataFrame, Design], Result]

    def fits(self, design: Design) -> bool:
        """Say whether it can take the design's outcome and treatment."""
        return design.scale in self.scales and design.treatment in self.treatments


# To add an estimator, write its module in `estimators` and its row here.
ESTIMATORS: tuple[Estimator, ...] = (
    Estimator(
        twfe.NAME,
        "Two-way fixed effects",
        "双向固定效应",
        "rows",
        ("count", "share"),
        ("adoption", "dose"),
        "Goodman-Bacon (2021)",
        twfe.estimate_twfe,
    ),
    Estimator(
        twfe_event_study.NAME,
        "Two-way fixed effects, event study",
        "双向固定效应事件研究",
        "rows",
        ("count", "share"),
        ("adoption",),
        "Sun and Abraham (2021)",
        twfe_event_study.estimate_twfe_event_study,
    ),
    Estimator(
        poisson.NAME,
        "Poisson, fixed effects",
        "泊松固定效应",
        "cases",
        ("count",),
        ("adoption", "dose"),
        "Wooldridge (1999)",
        poisson.estimate_poisson,
    ),
)


def estimate(panel: pd.DataFrame, design: Design, estimator: str) -> Result:
    """Estimate a design on a panel.

    Parameters
    ----------
    panel
        One row for each unit and period, with the columns that the design names.
    design
        What is estimated.
    estimator
        Name of an estimator in `ESTIMATORS`.

    Raises
    ------
    DesignError
        If there is no such estimator, it cannot take the design, or the design cannot be
        estimated on the panel.

    Examples
    --------
    >>> rows = [(u, t, 3 if u == "a" else None, 10 + t) for u in "abc" for t in (1, 2, 3, 4)]
    >>> names = ["unit", "period", "adoption_period", "complaints"]
    >>> panel = pd.DataFrame(rows, columns=names)
    >>> panel.loc[panel["period"] >= panel["adoption_period"], "complaints"] *= 2
    >>> design = Design("complaints", "count", "adoption", "adoption_period", cluster="unit")
    >>> round(estimate(panel, design, "twfe").overall.value, 3)
    0.693
    """
    chosen = get_estimator(estimator)
    if not chosen.fits(design):
        what = f"it cannot take outcomes of scale {design.scale!r} with {design.treatment!r}"
        able = listing(fitting.name for fitting in estimators_for(design))
        problem = Problem(f"{what} treatment", estimator, f"estimators that can: {able}")
        raise DesignError(f"{chosen.label_en} does not fit the design", [problem])
    return chosen.function(panel, design)


def estimators_for(design: Design) -> tuple[Estimator, ...]:
    """Return the estimators that can take a design, in the order of the registry."""
    return tuple(estimator for estimator in ESTIMATORS if estimator.fits(design))


def get_estimator(name: str) -> Estimator:
    """Look up one estimator.

    Raises
    ------
    DesignError
        If there is no such estimator; the nearest name is given.
    """
    known = {estimator.name: estimator for estimator in ESTIMATORS}
    if name not in known:
        problem = Problem(f"no estimator is called {name!r}", "", did_you_mean(name, known))
        raise DesignError("the estimator cannot be found", [problem])
    return known[name]
