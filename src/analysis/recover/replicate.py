"""One replication: draw a panel, estimate it, and put every estimate beside its truth."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.effects.design import Design
from analysis.effects.evidence import Effects
from analysis.effects.infer import infer
from analysis.effects.inference.uncertainty import Case, Choices
from analysis.effects.registry import Estimator, get_estimator
from analysis.effects.result import Result
from analysis.errors import CompendiumError
from analysis.recover.draw import Drawn, draw_panel
from analysis.recover.effect import Pattern
from analysis.recover.shape import Shape
from analysis.recover.truth import true_targets

__all__ = ["ROW_COLUMNS", "Setting", "replicate"]

# A row of results; `reason` is empty, or says why there is no estimate and the rest is missing.
ROW_COLUMNS = {
    "replication": "int64",
    "effect": "str",
    "estimator": "str",
    "inference": "str",
    "method": "str",
    "kind": "str",
    "averaging": "str",
    "event_time": "float64",
    "headline": "bool",
    "value": "float64",
    "standard_error": "float64",
    "lower": "float64",
    "upper": "float64",
    "p_value": "float64",
    "truth": "float64",
    "reason": "str",
}

Row = dict[str, object]


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """What is replicated.

    Attributes
    ----------
    shape
        Of the panels.
    effect
        How the planted effects run.
    size
        The full effect, on the scale of the index; None for the shape's own.
    estimator
        Name in `analysis.effects.registry`.
    inferences
        Names in `analysis.effects.inference.registry`, or ``auto``.
    event_times
        Event times whose effects are recorded besides the overall effects.
    seed
        Of the whole experiment; replication r draws from the r-th child of its seed sequence, so
        that all estimators see the same panels.
    """

    shape: Shape
    effect: Pattern
    size: float | None
    estimator: str
    inferences: tuple[str, ...]
    event_times: tuple[int, ...]
    seed: int


def replicate(setting: Setting, number: int) -> list[Row]:
    """Run one replication.

    Parameters
    ----------
    setting
        What is replicated.
    number
        Which one, counted from 0.

    Returns
    -------
    list of dict
        Rows with the keys of `ROW_COLUMNS`: one for each method of inference and recorded target,
        or one with a `reason` where the estimator or the method refused or failed.
    """
    sequence = np.random.SeedSequence(setting.seed, spawn_key=(number,))
    for_panel, for_inference = sequence.spawn(2)
    drawn = draw_panel(
        setting.shape, setting.effect, setting.size, np.random.default_rng(for_panel)
    )
    design = replace(setting.shape.design, seed=int(for_inference.generate_state(1)[0]))
    estimator = get_estimator(setting.estimator)
    with warnings.catch_warnings():
        # Thousands of replications would repeat the warnings of one.
        warnings.simplefilter("ignore")
        try:
            effects = estimator.function(drawn.panel, design)
        except Exception as failure:  # whatever fails, the other replications go on
            return [_failure(setting, number, name, failure) for name in setting.inferences]
        truths = _truths(drawn, effects, design, estimator)
        rows: list[Row] = []
        for name in setting.inferences:
            case = Case(effects, drawn.panel, design, estimator.function, Choices(name))
            try:
                result = infer(case, estimator.name)
            except Exception as failure:
                rows.append(_failure(setting, number, name, failure))
                continue
            rows += _rows(setting, number, name, result, truths)
    return rows


def _truths(drawn: Drawn, effects: Effects, design: Design, estimator: Estimator) -> pd.Series:
    """Give the truth of each overall and event-time target, indexed by its place."""
    recorded = effects.targets[effects.targets["kind"].isin(["overall", "event_time"])]
    cases_alike = design.scale == "count" and estimator.counts_alike == "cases"
    return pd.Series(true_targets(drawn.cells, recorded, cases_alike), index=recorded.index)


def _rows(
    setting: Setting, number: int, inference: str, result: Result, truths: pd.Series
) -> Iterator[Row]:
    for (_, found), truth in zip(
        result.estimates.loc[truths.index].iterrows(), truths, strict=True
    ):
        overall = found["kind"] == "overall"
        if not overall and found["event_time"] not in setting.event_times:
            continue
        yield {
            **_labels(setting, number, inference),
            "method": result.inference_name,
            "kind": found["kind"],
            "averaging": found["averaging"] or "",
            "event_time": found["event_time"],
            "headline": bool(overall and found["averaging"] == result.averaging),
            **{name: found[name] for name in ("value", "standard_error", "lower", "upper")},
            "p_value": found["p_value"],
            "truth": truth,
            "reason": "",
        }


def _failure(setting: Setting, number: int, inference: str, failure: Exception) -> Row:
    if isinstance(failure, CompendiumError):
        first = f": {failure.problems[0].what}" if failure.problems else ""
        reason = f"{failure.title}{first}"
    else:
        reason = f"{type(failure).__name__}: {failure}"
    missing = dict.fromkeys(
        ("event_time", "value", "standard_error", "lower", "upper", "p_value", "truth"), np.nan
    )
    return {
        **_labels(setting, number, inference),
        **dict.fromkeys(("method", "kind", "averaging"), ""),
        "headline": False,
        **missing,
        "reason": " ".join(reason.split()),
    }


def _labels(setting: Setting, number: int, inference: str) -> Row:
    return {
        "replication": number,
        "effect": setting.effect,
        "estimator": setting.estimator,
        "inference": inference,
    }
