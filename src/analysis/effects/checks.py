"""What keeps a design from being estimated on a panel, seen before any row is dropped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import numpy as np
import pandas as pd

from analysis.effects.columns import period_labels, period_numbers
from analysis.effects.design import Design
from analysis.errors import DesignError, Problem, did_you_mean, listing

__all__ = ["OutcomeForm", "check_panel", "refuse"]

# How an estimator uses the outcome: as it is, in logarithms, or as a count with a log link.
OutcomeForm = Literal["level", "log", "count"]

UNITS_SHOWN = 5


def check_panel(panel: pd.DataFrame, design: Design, form: OutcomeForm) -> tuple[str, ...]:
    """Check that a panel has what a design names, in a form that can be used.

    Parameters
    ----------
    panel, design, form
        See `analysis.effects.sample.draw_sample`.

    Returns
    -------
    tuple of str
        Cautions: what does not stop an estimate but changes how it is read. Periods that the panel
        skips, units that adopted before it begins, a last cohort that nothing clean is left to
        compare with, units whose outcome never changes.

    Raises
    ------
    DesignError
        If a column is missing or there are no rows; or with all other problems together: an
        identity is missing or stands twice, a value is no number or negative, a unit's adoption
        or cluster changes over time, or parts of the design do not go together.
    """
    refuse(design, _missing_columns(panel, design))
    if panel.empty:
        refuse(design, [Problem("the panel has no rows", hint="look at how it was filtered")])
    refuse(
        design,
        [
            *_contradictions(design, form),
            *_identity_problems(panel, design),
            *_value_problems(panel, design, form),
        ],
    )
    return tuple(_cautions(panel, design))


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
        "exposure": [design.exposure] if design.exposure else [],
        "controls": design.controls,
        "absorb": [name for names in design.absorb for name in names],
        "fixed_effects": [name for names in design.fixed_effects for name in names],
    }
    known = [str(name) for name in panel.columns]
    return [
        Problem(f"column {name!r} is missing", role, did_you_mean(name, known))
        for role, names in wanted.items()
        for name in names
        if name not in known
    ]


def _contradictions(design: Design, form: OutcomeForm) -> Iterator[Problem]:
    if design.exposure and form == "level":
        hint = "a rate has its denominator as weights; leave the exposure out"
        yield Problem("only a count has an exposure", design.exposure, hint)
    if design.treatment == "dose" and design.anticipation:
        hint = "add the dose of later periods as a control instead"
        yield Problem("a dose has no anticipation", design.treatment_column, hint)
    used = [design.outcome, design.treatment_column, *design.controls]
    for name in dict.fromkeys(used):
        if used.count(name) > 1:
            hint = "outcome, treatment and each control are columns of their own"
            yield Problem("the column has more than one part in the design", name, hint)


def _identity_problems(panel: pd.DataFrame, design: Design) -> Iterator[Problem]:
    keys = [*design.unit, design.period]
    groups = [name for names in (*design.absorb, *design.fixed_effects) for name in names]
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
    amounts = [name for name in (design.weights, design.exposure) if name]
    dose = [design.treatment_column] if design.treatment == "dose" else []
    numeric = [design.outcome, *amounts, *dose, *design.controls]
    good = []
    for name in dict.fromkeys(numeric):
        if not pd.api.types.is_numeric_dtype(panel[name]):
            hint = "convert it to numbers first"
            yield Problem(f"it holds {panel[name].dtype}, not numbers", name, hint)
        elif infinite := int(np.isinf(panel[name].to_numpy("float64", na_value=np.nan)).sum()):
            hint = "correct them or leave the rows out"
            yield Problem(f"it has {infinite} infinite values", name, hint)
        else:
            good.append(name)
    counts = [design.outcome] if form in {"log", "count"} else []
    for name in [*counts, *amounts]:
        if name in good and (negative := int((panel[name] < 0).sum())):
            hint = "counts, weights and exposures are 0 or more"
            yield Problem(f"it has {negative} negative values", name, hint)


def _cautions(panel: pd.DataFrame, design: Design) -> Iterator[str]:
    period = period_numbers(panel[design.period])
    seen = np.unique(period)
    steps = np.diff(seen)
    if len(steps) and (wide := np.flatnonzero(steps > steps.min())).size:
        before = period_labels(seen[wide[:UNITS_SHOWN]], panel[design.period])
        after = ", ".join(str(label) for label in before)
        more = f" and {wide.size - UNITS_SHOWN} more" if wide.size > UNITS_SHOWN else ""
        yield f"the panel has no rows for the period after {after}{more}"
    if design.treatment == "adoption":
        yield from _adoption_cautions(panel, design, period)
    values = panel.groupby(list(design.unit), observed=True, sort=False)[design.outcome]
    lowest, highest = values.min(), values.max()
    if constant := int((lowest == highest).sum()):
        yield f"the outcome never changes in {constant} of {len(lowest)} units"


def _adoption_cautions(panel: pd.DataFrame, design: Design, period: np.ndarray) -> Iterator[str]:
    adoption = period_numbers(panel[design.treatment_column])
    if (early := adoption < period.min()).any():
        units = panel.loc[early, list(design.unit)].drop_duplicates()
        yield f"{len(units)} units adopted before the panel begins and are left out"
    inside = adoption[(adoption >= period.min()) & (adoption <= period.max())]
    if len(inside) and (adoption <= period.max()).all():
        last = period_labels([inside.max()], panel[design.period])[0]
        yield f"every unit adopts: from {last} on, when the last cohort does, nothing is untreated"
