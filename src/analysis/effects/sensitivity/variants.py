"""The same effect by other estimators, designs and samples.

Each function returns a frame with one row for each estimate: `label`, `group`, `value`,
`standard_error`, `lower`, `upper`, `p_value`, `observations`, `clusters`, `flow` (of rows) and
`draws` (how many random ones its uncertainty rests on); so checks of all kinds, placebos and
spillovers among them, can be put below each other in one table and one figure.

Where a function takes `refusals`, a variant that cannot be estimated is noted there and left out;
without them its error is raised.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from functools import partial

import pandas as pd

from analysis.effects.design import Design
from analysis.effects.draws import count_draws
from analysis.effects.estimate import estimate
from analysis.effects.infer import infer
from analysis.effects.inference.registry import get_method
from analysis.effects.inference.uncertainty import Case, Choices
from analysis.effects.refusals import Refusals
from analysis.effects.registry import get_estimator
from analysis.effects.result import Estimate, Result
from analysis.errors import DesignError, Problem, did_you_mean

__all__ = [
    "across_designs",
    "across_estimators",
    "across_inferences",
    "across_panels",
    "checks_frame",
    "leave_one_out",
    "stack_checks",
    "without_months",
]

# Those of a frame of checks, but for the group.
ESTIMATE = tuple(field.name for field in dataclasses.fields(Estimate))
COLUMNS = ["label", *ESTIMATE, "observations", "clusters", "draws", "flow"]


def across_estimators(
    panel: pd.DataFrame,
    design: Design,
    estimators: Sequence[str],
    *,
    group: str = "Estimators",
    inference: str | Choices = "auto",
    refusals: Refusals | None = None,
) -> pd.DataFrame:
    """Estimate the same design by several estimators."""
    attempts = {
        get_estimator(name).label_en: partial(estimate, panel, design, name, inference)
        for name in estimators
    }
    return _estimate_each(attempts, group, refusals)


def across_designs(
    panel: pd.DataFrame,
    designs: Mapping[str, Design],
    estimator: str,
    *,
    group: str,
    inference: str | Choices = "auto",
    refusals: Refusals | None = None,
) -> pd.DataFrame:
    """Estimate variants of a design, by label, on the same panel: other clusters, no weights."""
    attempts = {
        label: partial(estimate, panel, design, estimator, inference)
        for label, design in designs.items()
    }
    return _estimate_each(attempts, group, refusals)


def across_inferences(
    panel: pd.DataFrame,
    design: Design,
    estimator: str,
    methods: Mapping[str, str | Choices],
    *,
    group: str = "Inference",
    refusals: Refusals | None = None,
) -> pd.DataFrame:
    """Work out the uncertainty of one estimate by several methods, by label.

    A method that needs other evidence than the estimator gives is left out.
    """
    rows, function = panel.reset_index(drop=True), get_estimator(estimator).function
    effects = function(rows, design)
    attempts = {}
    for label, method in methods.items():
        choices = Choices(method) if isinstance(method, str) else method
        case = Case(effects, rows, design, function, choices)
        if get_method(choices.method).fits(case):
            attempts[label] = partial(infer, case, estimator)
    return _estimate_each(attempts, group, refusals)


def across_panels(
    panels: Mapping[str, pd.DataFrame],
    design: Design,
    estimator: str,
    *,
    group: str,
    inference: str | Choices = "auto",
    refusals: Refusals | None = None,
) -> pd.DataFrame:
    """Estimate the same design on variants of the panel, by label: months left out, other doses."""
    attempts = {
        label: partial(estimate, panel, design, estimator, inference)
        for label, panel in panels.items()
    }
    return _estimate_each(attempts, group, refusals)


def leave_one_out(
    panel: pd.DataFrame,
    design: Design,
    estimator: str,
    by: str,
    *,
    inference: str | Choices = "auto",
    refusals: Refusals | None = None,
) -> pd.DataFrame:
    """Estimate without each value of a column in turn, to see whether one of them decides.

    Parameters
    ----------
    panel, design, estimator, inference
        See `analysis.effects.estimate.estimate`.
    by
        The column, such as ``district``.
    refusals
        Where an estimate that fails is noted.

    Raises
    ------
    DesignError
        If the column is missing; or an estimate fails and cannot be noted.
    """
    if by not in panel.columns:
        hint = did_you_mean(by, [str(name) for name in panel.columns])
        problem = Problem(f"column {by!r} is missing", "by", hint)
        raise DesignError("nothing can be left out", [problem])
    panels = {f"without {value}": panel[panel[by] != value] for value in sorted(panel[by].unique())}
    group = f"One {by} left out"
    return across_panels(
        panels, design, estimator, group=group, inference=inference, refusals=refusals
    )


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
    return pd.DataFrame(rows, columns=COLUMNS).assign(group=group)


def stack_checks(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Put frames of checks below each other; those in which no check could be made add nothing."""
    # An empty column has no type of its own, and would take away that of the others.
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else checks_frame({}, "")


def _estimate_each(
    attempts: Mapping[str, Callable[[], Result]], group: str, refusals: Refusals | None
) -> pd.DataFrame:
    results = {}
    for label, attempt in attempts.items():
        with nullcontext() if refusals is None else refusals.aside(f"{group}: {label}"):
            results[label] = attempt()
    return checks_frame(results, group)
