"""The same effect by other estimators, designs and samples.

Each function returns a frame with one row for each estimate: `label`, `group`, `value`,
`standard_error`, `lower`, `upper`, `p_value`, `observations`, `clusters`, `flow` (of rows) and
`draws` (how many random ones its uncertainty rests on); so checks of all kinds, placebos and
spillovers among them, can be put below each other in one table and one figure.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.effects.design import Design
from analysis.effects.draws import count_draws
from analysis.effects.estimate import estimate
from analysis.effects.infer import infer
from analysis.effects.inference.registry import get_method
from analysis.effects.inference.uncertainty import Case, Choices
from analysis.effects.registry import get_estimator
from analysis.effects.result import Result
from analysis.errors import DesignError, Problem, did_you_mean

__all__ = [
    "across_designs",
    "across_estimators",
    "across_inferences",
    "across_panels",
    "checks_frame",
    "leave_one_out",
    "without_months",
]


def across_estimators(
    panel: pd.DataFrame,
    design: Design,
    estimators: Sequence[str],
    *,
    inference: str | Choices = "auto",
) -> pd.DataFrame:
    """Estimate the same design by several estimators."""
    labels = {name: get_estimator(name).label_en for name in estimators}
    results = {labels[name]: estimate(panel, design, name, inference) for name in estimators}
    return checks_frame(results, "Estimators")


def across_designs(
    panel: pd.DataFrame,
    designs: Mapping[str, Design],
    estimator: str,
    *,
    group: str,
    inference: str | Choices = "auto",
) -> pd.DataFrame:
    """Estimate variants of a design, by label, on the same panel: other clusters, no weights."""
    results = {
        label: estimate(panel, design, estimator, inference) for label, design in designs.items()
    }
    return checks_frame(results, group)


def across_inferences(
    panel: pd.DataFrame,
    design: Design,
    estimator: str,
    methods: Mapping[str, str | Choices],
    *,
    group: str = "Inference",
) -> pd.DataFrame:
    """Work out the uncertainty of one estimate by several methods, by label.

    A method that needs other evidence than the estimator gives is left out.
    """
    rows, function = panel.reset_index(drop=True), get_estimator(estimator).function
    effects = function(rows, design)
    results = {}
    for label, method in methods.items():
        choices = Choices(method) if isinstance(method, str) else method
        case = Case(effects, rows, design, function, choices)
        if get_method(choices.method).fits(case):
            results[label] = infer(case, estimator)
    return checks_frame(results, group)


def across_panels(
    panels: Mapping[str, pd.DataFrame],
    design: Design,
    estimator: str,
    *,
    group: str,
    inference: str | Choices = "auto",
) -> pd.DataFrame:
    """Estimate the same design on variants of the panel, by label: months left out, other doses."""
    results = {
        label: estimate(panel, design, estimator, inference) for label, panel in panels.items()
    }
    return checks_frame(results, group)


def leave_one_out(
    panel: pd.DataFrame,
    design: Design,
    estimator: str,
    by: str,
    *,
    inference: str | Choices = "auto",
) -> pd.DataFrame:
    """Estimate without each value of a column in turn, to see whether one of them decides.

    Parameters
    ----------
    panel, design, estimator, inference
        See `analysis.effects.estimate.estimate`.
    by
        The column, such as ``district``.

    Raises
    ------
    DesignError
        If the column is missing or an estimate fails.
    """
    if by not in panel.columns:
        hint = did_you_mean(by, [str(name) for name in panel.columns])
        problem = Problem(f"column {by!r} is missing", "by", hint)
        raise DesignError("nothing can be left out", [problem])
    panels = {f"without {value}": panel[panel[by] != value] for value in sorted(panel[by].unique())}
    group = f"One {by} left out"
    return across_panels(panels, design, estimator, group=group, inference=inference)


def without_months(panel: pd.DataFrame, months: Sequence[str], reach: int = 0) -> pd.DataFrame:
    """Leave out months, such as ``2015-02``, and the months after each whose dose counts it.

    Parameters
    ----------
    panel
        With `period` as a monthly `Period`.
    months
        The months.
    reach
        How many months after one its cases are part of the dose; 0 if the treatment is no dose.
    """
    left_out = {
        pd.Period(month, freq="M") + later for month in months for later in range(reach + 1)
    }
    return panel[~panel["period"].isin(left_out)]


def checks_frame(results: Mapping[str, Result], group: str) -> pd.DataFrame:
    """Write the overall effects of results, by label, as a frame of checks."""
    rows = [
        {"label": label}
        | dataclasses.asdict(result.overall)
        | {"observations": result.observations, "clusters": result.clusters}
        | {"draws": count_draws(result.inference), "flow": result.flow}
        for label, result in results.items()
    ]
    return pd.DataFrame(rows).assign(group=group)
