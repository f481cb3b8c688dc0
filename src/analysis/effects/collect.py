"""Collect what the runs of `03_effect` recorded, so that effects can be shown side by side."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pandas as pd

from analysis.contract.measures import measure
from analysis.effects.registry import ESTIMATORS
from analysis.effects.units import effect_unit
from analysis.errors import Problem, RunError
from analysis.study.schema import Study

__all__ = ["collect_effects"]

NOTEBOOK = "03_effect"

# What is recorded of an effect -> its column here.
EFFECTS = {
    "att": "value",
    "se": "standard_error",
    "lower": "lower",
    "upper": "upper",
    "truth": "truth",
}
# An interval's end that is not recorded is infinite; a truth that is not recorded is not known.
UNRECORDED = {"lower": -math.inf, "upper": math.inf, "truth": math.nan}
OTHERS = {"p": "p_value", "n": "observations", "clusters": "clusters"}


def collect_effects(records: Path, study: Study) -> pd.DataFrame:
    """Read the effects that the runs of `03_effect` recorded for a study.

    Parameters
    ----------
    records
        The folder of exhibit records, ``data/processed/<study>/exhibits``.
    study
        The study.

    Returns
    -------
    pandas.DataFrame
        One row per level, outcome and estimator, in the order of the study file: `level`,
        `outcome`, `name` (in the registry), `estimator` (its label), `value`, `standard_error`,
        `lower`, `upper`, `truth` (missing if unknown), `p_value`, `observations` and `clusters`;
        effects are log points for counts and a difference of shares for rates.

    Raises
    ------
    RunError
        If a run of `03_effect` that the study asks for has no record.
    """
    rows: list[dict[str, object]] = []
    missing: list[Problem] = []
    for level in study.level:
        for outcome in level.outcomes:
            path = records / f"{NOTEBOOK}-{level.name}-{outcome}.json"
            if not path.is_file():
                hint = "run the whole study: python3 reproduce.py"
                missing.append(Problem("the effect has not been estimated", path.name, hint))
                continue
            numbers = json.loads(path.read_text(encoding="utf-8"))["numbers"]
            rows += _effects(numbers, study.name, level.name, outcome)
    if missing:
        raise RunError(f"the effects of study {study.name!r} are not complete", missing)
    names = ["level", "outcome", "name", "estimator", *EFFECTS.values(), *OTHERS.values()]
    return pd.DataFrame(rows, columns=names)


def _effects(
    numbers: dict[str, dict[str, float]], study: str, level: str, outcome: str
) -> list[dict[str, object]]:
    factor = effect_unit(measure(outcome).scale).factor
    rows: list[dict[str, object]] = []
    for estimator in ESTIMATORS:
        start = f"{study}.{level}.{outcome}.{estimator.name}."
        if f"{start}att" not in numbers:
            continue
        row: dict[str, object] = {"level": level, "outcome": outcome}
        row |= {"name": estimator.name, "estimator": estimator.label_en}
        found = {key: numbers[start + key]["value"] for key in EFFECTS if start + key in numbers}
        effects = {
            name: found[key] / factor if key in found else UNRECORDED[key]
            for key, name in EFFECTS.items()
        }
        others = {name: numbers[start + key]["value"] for key, name in OTHERS.items()}
        rows.append(row | effects | others)
    return rows
