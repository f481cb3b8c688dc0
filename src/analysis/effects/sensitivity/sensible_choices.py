"""The choices behind an estimate that could have been made otherwise with as good reasons."""

from __future__ import annotations

import dataclasses

import pandas as pd

from analysis.effects.design import Design
from analysis.effects.registry import get_estimator
from analysis.effects.sensitivity.specification_curve import Option
from analysis.effects.sensitivity.variants import without_months
from analysis.panel.dose import add_dose
from analysis.study.levels import Level

__all__ = ["sensible_choices"]

# Over how many months before a dose may be averaged.
DOSE_MONTHS = (1, 3, 6)


def sensible_choices(
    panel: pd.DataFrame, design: Design, level: Level, estimator: str
) -> tuple[pd.DataFrame, dict[str, dict[str, Option]]]:
    """Name the choices, and prepare the panel for them.

    Parameters
    ----------
    panel
        Of the level.
    design, estimator
        The estimate that the choices lie behind.
    level
        Says over which months a dose counts, and which months were not like others.

    Returns
    -------
    panel : pandas.DataFrame
        With `ordinary`, true in rows without exceptional months, and a dose for each number of
        months (`dose_1` and so on), if the level has a dose.
    choices : dict
        Choice -> label of an option -> what it sets, as
        `analysis.effects.sensitivity.specification_curve.specification_curve` takes them.
    """
    reach = level.dose.months_before if level.dose else 0
    ordinary = without_months(panel, level.exceptional_months, reach)
    varied = panel.assign(ordinary=panel.index.isin(ordinary.index))
    adopts = design.treatment == "adoption"
    choices = _adoption_choices(estimator) if adopts else _dose_choices(estimator, design)
    if level.dose is not None:
        choices["Months in the dose"] = {}
        for months in DOSE_MONTHS:
            other = dataclasses.replace(level.dose, months_before=months)
            varied = add_dose(varied, other, design.unit, f"dose_{months}")
            choices["Months in the dose"][str(months)] = {"treatment_column": f"dose_{months}"}
    if design.weights is not None:
        given = "by denominator" if design.scale == "share" else f"by {design.weights}"
        choices["Weights"] = {given: {}, "none": {"weights": None}}
    if level.exceptional_months:
        choices["Months"] = {"all": {}, "without the exceptional": {"rows": "ordinary"}}
    return varied, choices


def _adoption_choices(estimator: str) -> dict[str, dict[str, Option]]:
    estimators: dict[str, Option] = {get_estimator(estimator).label_en: {}}
    if estimator != "imputation":
        estimators["Imputation"] = {"estimator": "imputation"}
    return {
        "Estimator": estimators,
        "Compared with": {
            "not yet adopted": {"comparison": "notyet"},
            "never adopted": {"comparison": "never"},
        },
        "Anticipation": {"none": {}, "3 months": {"anticipation": 3}},
    }


def _dose_choices(estimator: str, design: Design) -> dict[str, dict[str, Option]]:
    estimators: dict[str, Option] = {
        get_estimator(estimator).label_en: {},
        "Unit trends": {"estimator": "twfe_trends"},
    }
    if design.scale == "count":
        estimators["Poisson"] = {"estimator": "poisson"}
    return {"Estimator": estimators}
