"""What keeps a design from being estimated on a panel, seen before any row is dropped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import pandas as pd

from analysis.effects.design import Design
from analysis.errors import DesignError, Problem, did_you_mean, listing

__all__ = ["OutcomeForm", "check_panel", "refuse"]

# How an estimator uses the outcome: as it is, in logarithms, or as a count with a log link.
OutcomeForm = Literal["level", "log", "count"]

UNITS_SHOWN = 5


def check_panel(panel: pd.DataFrame, design: Design, form: OutcomeForm) -> None:
    """Check that a panel has what a design names, in a form that can be used.

    Parameters
    ----------
    panel, design, form
        See `analysis.effects.sample.draw_sample`.

    Raises
    ------
    DesignError
        If a column is missing or there are no rows; or with all other problems together: an
        identity is missing or stands twice, a value is no number or negative, or a unit's
        adoption or cluster changes over time.
    """
    refuse(design, _missing_columns(panel, design))
    if panel.empty:
        refuse(design, [Problem("the panel has no rows", hint="look at how it was filtered")])
    refuse(design, [*_identity_problems(panel, design), *_value_problems(panel, design, form)])


def refuse(design: Design, problems: Iterable[Problem]) -> None:
    """Raise a `DesignError` if there are problems."""
    if found := list(problems):
        raise DesignError(f"the effect on {design.outcome!r} cannot be estimated", found)


def _missing_columns(panel: pd.DataFrame, design: Design) -> list[Problem]:
    wanted = {
        "outcome": [design.outcome],
        "unit": design.unit,
        "period": [design.period],
        "treatment": [design.treatment_column],
        "cluster": [design.cluster],
        "weights": [design.weights] if design.weights else [],
        "absorb": [name for names in design.absorb for name in names],
    }
    known = [str(name) for name in panel.columns]
    return [
        Problem(f"column {name!r} is missing", role, did_you_mean(name, known))
        for role, names in wanted.items()
        for name in names
        if name not in known
    ]


def _identity_problems(panel: pd.DataFrame, design: Design) -> Iterator[Problem]:
    keys = [*design.unit, design.period]
    groups = [name for names in design.absorb for name in names]
    for name in dict.fromkeys([*keys, design.cluster, *groups]):
        if count := int(panel[name].isna().sum()):
            yield Problem(f"{count} rows have no value", name, "name it or drop the rows")
    twice = panel.duplicated(keys, keep=False)
    if twice.any():
        first = panel.loc[twice, keys].iloc[0]
        row = ", ".join(str(value) for value in first)
        what = f"{int(twice.sum())} rows share unit and period, the first of them {row}"
        yield Problem(what, listing(keys), "a panel has one row for each unit and period")
    constant = {design.cluster: "a cluster must contain whole units"}
    if design.treatment == "adoption":
        constant[design.treatment_column] = "a unit adopts once; code a reversal as a dose"
    for name, hint in constant.items():
        if changing := _units_where_it_changes(panel, design, name):
            shown = "; ".join(changing[:UNITS_SHOWN])
            more = f" and {len(changing) - UNITS_SHOWN} more" if len(changing) > UNITS_SHOWN else ""
            yield Problem(f"it changes within unit {shown}{more}", name, hint)


def _units_where_it_changes(panel: pd.DataFrame, design: Design, name: str) -> list[str]:
    if name in design.unit:
        return []
    values = panel.groupby(list(design.unit), observed=True)[name].nunique(dropna=False)
    labels = values.index[values > 1]
    return [str(label) if isinstance(label, str) else repr(label) for label in labels]


def _value_problems(panel: pd.DataFrame, design: Design, form: OutcomeForm) -> Iterator[Problem]:
    numeric = [design.outcome, *([design.weights] if design.weights else [])]
    if design.treatment == "dose":
        numeric.append(design.treatment_column)
    for name in numeric:
        if not pd.api.types.is_numeric_dtype(panel[name]):
            hint = "convert it to numbers first"
            yield Problem(f"it holds {panel[name].dtype}, not numbers", name, hint)
    negative = [design.outcome] if form in {"log", "count"} else []
    for name in [*negative, *([design.weights] if design.weights else [])]:
        if pd.api.types.is_numeric_dtype(panel[name]) and (panel[name] < 0).any():
            yield Problem("it has negative values", name, "counts and weights are 0 or more")
