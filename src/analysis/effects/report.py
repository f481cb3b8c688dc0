"""A result as text for a reader, and as JSON with every digit for a program."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping, Sequence
from importlib.metadata import version

import numpy as np
import pandas as pd

from analysis.effects.inference.registry import METHODS, Method
from analysis.effects.registry import ESTIMATORS, Estimator, get_estimator
from analysis.effects.result import Result
from analysis.effects.units import effect_unit

__all__ = ["estimators_as_json", "estimators_as_text", "result_as_json", "result_as_text"]

LIBRARIES = ("before-the-complaint", "numpy", "pandas", "scipy")
AVERAGINGS = {
    "cells": "all treated unit-periods",
    "event_time": "event times",
    "cohort": "cohorts",
    "calendar": "calendar periods",
    "regression": "as the regression weighs them",
}


def result_as_text(result: Result) -> str:
    """Write a result for a reader, rounded, in the unit in which effects are shown.

    Parameters
    ----------
    result
        Of any estimator.
    """
    unit = effect_unit(result.design.scale)
    estimator = get_estimator(result.estimator)
    parts = [
        f"{estimator.label_en} of {result.design.outcome} ({estimator.paper})\n"
        f"Estimand:  {result.estimand}, in {unit.name}",
        _table("Overall, averaged over", _labelled(result.overalls, AVERAGINGS), unit.factor),
    ]
    for title, frame in (
        ("Event time", result.event_time),
        ("Cohort", result.cohort),
        ("Period", result.calendar),
    ):
        if frame is not None:
            parts.append(_table(title, frame, unit.factor))
    if result.cohort_weights is not None:
        weights = ", ".join(
            f"{name} {weight:.3f}" for name, weight in result.cohort_weights.items()
        )
        parts.append(f"Weights of cohorts in the overall effect: {weights}")
    parts.append("\n".join(_sample_lines(result)))
    return "\n\n".join(parts)


def result_as_json(result: Result) -> str:
    """Write every component of a result, numbers at full precision.

    Parameters
    ----------
    result
        Of any estimator.

    Returns
    -------
    str
        JSON. What is missing is null, what is infinite the text ``Infinity`` or ``-Infinity``.
        Effects are in the unit in which they were estimated: log points, or the outcome's own.
    """
    times = result.event_time
    free = [] if times is None else times.index[times["standard_error"] > 0].tolist()
    vcov = result.event_time_vcov
    content = {
        "estimator": result.estimator,
        "estimand": result.estimand,
        "averaging": result.averaging,
        "overall": dataclasses.asdict(result.overall),
        "overalls": _records(result.overalls),
        "event_time": _records(times),
        "event_time_vcov": None if vcov is None else {"event_time": free, "values": vcov.tolist()},
        "cohort": _records(result.cohort),
        "calendar": _records(result.calendar),
        "group_time": _records(result.group_time, index=False),
        "cohort_weights": None
        if result.cohort_weights is None
        else {str(name): float(weight) for name, weight in result.cohort_weights.items()},
        "inference": {"name": result.inference_name, "words": result.inference},
        "observations": result.observations,
        "units": result.units,
        "clusters": result.clusters,
        "treated_clusters": result.treated_clusters,
        "dropped": dict(result.dropped),
        "notes": list(result.notes),
        "details": dict(result.details),
        "design": dataclasses.asdict(result.design),
        "library": result.library,
        "versions": {name: version(name) for name in LIBRARIES},
    }
    return json.dumps(_plain(content), indent=2, ensure_ascii=False, allow_nan=False)


def estimators_as_text() -> str:
    """List the estimators and the methods of inference, with what each needs and its paper."""
    estimators = [
        f"{estimator.name}: {estimator.label_en} ({estimator.paper})\n"
        f"  estimates  {estimator.estimand}\n"
        f"  takes      outcomes: {', '.join(estimator.scales)}; "
        f"treatment: {', '.join(estimator.treatments)}\n"
        f"  assumes    {estimator.assumes}\n"
        f"  prefer it  {estimator.prefer}"
        for estimator in ESTIMATORS
    ]
    methods = [
        f"  {method.name}: {method.label_en}; needs {method.needs}"
        + (f" ({method.paper})" if method.paper else "")
        for method in METHODS
    ]
    heading = "Inference: auto, which lets the numbers of clusters and of treated ones decide, or"
    return "\n\n".join([*estimators, "\n".join([heading, *methods])])


def estimators_as_json() -> str:
    """List the same as JSON: `estimators` and `inference`."""
    estimators = [_without(estimator, "function") for estimator in ESTIMATORS]
    methods = [_without(method, "function", "evidence") for method in METHODS]
    content = {"estimators": estimators, "inference": methods}
    return json.dumps(content, indent=2, ensure_ascii=False)


def _without(row: Estimator | Method, *names: str) -> dict[str, object]:
    fields = (field.name for field in dataclasses.fields(row))
    return {name: getattr(row, name) for name in fields if name not in names}


def _labelled(frame: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    return frame.rename(index=names)


def _table(title: str, frame: pd.DataFrame, factor: float) -> str:
    shown = frame[["value", "standard_error", "lower", "upper"]] * factor
    text = shown.map(lambda number: f"{number:.4f}").assign(
        p_value=[f"{p_value:.4f}" for p_value in frame["p_value"]]
    )
    heads = ["estimate", "std. error", "lower 95%", "upper 95%", "p"]
    text = text.set_axis(heads, axis=1).rename_axis(None).replace("nan", "")
    return f"{title}\n{text.to_string()}"


def _sample_lines(result: Result) -> list[str]:
    return [
        f"Inference: {result.inference}",
        f"Sample:    {result.observations:,} observations, {result.units:,} units, "
        f"{result.clusters:,} clusters, {result.treated_clusters:,} of them treated",
        *(f"Dropped:   {count:,} rows: {reason}" for reason, count in result.dropped.items()),
        *(f"Note:      {note}" for note in result.notes),
        f"Computed by {result.library}",
    ]


def _records(frame: pd.DataFrame | None, *, index: bool = True) -> list[dict[str, object]] | None:
    if frame is None:
        return None
    whole = frame.reset_index() if index else frame
    return [{str(name): value for name, value in row.items()} for row in whole.to_dict("records")]


def _plain(value: object) -> object:
    """Turn what is in a result into what JSON knows."""
    if isinstance(value, Mapping):
        return {str(name): _plain(entry) for name, entry in value.items()}
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, pd.DataFrame):
        return _plain(value.to_dict("records"))
    if isinstance(value, pd.Series):
        return _plain(value.to_dict())
    if isinstance(value, str) or value is None:
        return value
    if isinstance(value, Sequence):
        return [_plain(entry) for entry in value]
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return _number(float(value))
    return str(value)


def _number(value: float) -> float | str | None:
    if math.isnan(value):
        return None
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value
