"""A level of a study: which estimators it asks for, and the design that each of them takes."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.effects.design import Design, design_for
from analysis.effects.estimate import estimate
from analysis.effects.estimators import dose_lags
from analysis.effects.refusals import Refusals
from analysis.effects.registry import estimators_for, get_estimator
from analysis.effects.result import Result
from analysis.errors import DesignError, Problem, listing
from analysis.study.levels import Level
from analysis.study.schema import Study

__all__ = [
    "LEVEL",
    "MAIN",
    "choose_estimators",
    "design_to_check",
    "designs_for",
    "estimate_each",
]

# What a notebook's parameter says for the study's own choice.
LEVEL, MAIN = "level", "main"


def choose_estimators(wanted: str, level: Level, design: Design) -> tuple[str, ...]:
    """Choose the estimators of a notebook run.

    Parameters
    ----------
    wanted
        ``level`` for those of the level that fit the design, or names in the registry separated by
        commas.
    level, design
        The level, and the design for one of its outcomes.

    Raises
    ------
    DesignError
        With all problems together: a name that is not known, an estimator that cannot take the
        design, or none.
    """
    if wanted == LEVEL:
        return tuple(name for name in level.estimators if get_estimator(name).fits(design))
    names = tuple(dict.fromkeys(name.strip() for name in wanted.split(",") if name.strip()))
    able = [estimator.name for estimator in estimators_for(design)]
    known = [get_estimator(name).name for name in names]
    problems = [
        Problem(f"it cannot take {design.outcome!r}", name, f"estimators that can: {listing(able)}")
        for name in known
        if name not in able
    ]
    if not names:
        hint = f"write {LEVEL!r}, or names separated by commas"
        problems.append(Problem("no estimator is named", "estimators", hint))
    if problems:
        raise DesignError("the effect cannot be estimated so", problems)
    return names


def designs_for(
    study: Study, level: Level, outcome: str, estimators: Sequence[str]
) -> dict[str, Design]:
    """Write the design that each estimator of a level takes.

    They share that of `analysis.effects.design.design_for`, with two exceptions. An estimator
    among the level's `unit_effects` has a fixed effect for each unit. Distributed lags of a dose
    take the dose of one month, `dose_last_month`, if the level has lags or leads.

    Parameters
    ----------
    study, level, outcome
        As for `analysis.effects.design.design_for`.
    estimators
        Names in the registry.

    Returns
    -------
    dict
        Name -> design, in the given order.
    """
    shared = design_for(study, level, outcome)
    designs = {}
    for name in estimators:
        design = shared
        if name in level.unit_effects:
            design = dataclasses.replace(design, fixed_effects=(level.unit, ("period",)))
        lagged = name in (dose_lags.NAME, dose_lags.NAME_POISSON)
        if lagged and level.dose is not None and (level.lags or level.leads):
            design = dataclasses.replace(design, treatment_column="dose_last_month")
        designs[name] = design
    return designs


def design_to_check(wanted: str, study: Study, level: Level, outcome: str) -> tuple[str, Design]:
    """Choose the estimator that checks start from, and write the design that it takes.

    Parameters
    ----------
    wanted
        ``main`` for the level's own, or a name in the registry.
    study, level, outcome
        As for `analysis.effects.design.design_for`.

    Raises
    ------
    DesignError
        As `choose_estimators`.
    """
    named = level.main if wanted == MAIN else wanted
    name = choose_estimators(named, level, design_for(study, level, outcome))[0]
    return name, designs_for(study, level, outcome, [name])[name]


def estimate_each(
    panel: pd.DataFrame, designs: Mapping[str, Design], study: Study, level: Level
) -> tuple[dict[str, Result], Refusals]:
    """Estimate the effect on one outcome by each estimator that the panel can carry.

    Parameters
    ----------
    panel
        Of the level.
    designs
        As `designs_for` gives them, all of one outcome.
    study, level
        What the designs were written from.

    Returns
    -------
    results : dict
        Name of the estimator -> result, in the order of the designs.
    refusals : Refusals
        The others, and why they cannot estimate it.

    Raises
    ------
    DesignError
        If the level's main estimator is one of them and cannot estimate it, or if none can. It
        says what to change in the study file.
    """
    results, refusals = {}, Refusals()
    for name, design in designs.items():
        with refusals.aside(get_estimator(name).label_en):
            results[name] = estimate(panel, design, name)
    if not results or (level.main in designs and level.main not in results):
        outcome = next(iter(designs.values())).outcome
        hint = (
            f"take {outcome!r} out of 'outcomes' (and 'robustness') of level {level.name!r} in "
            f"notebooks/studies/{study.name}.toml"
        )
        if results:
            hint += f", or let 'main_estimator' be one that can: {listing(results)}"
        main = get_estimator(level.main).label_en
        first = next((one for one in refusals.noted if one.what == main), refusals.noted[0])
        what = f"{first.what}: {first.reason}"
        raise DesignError(first.error.title, [Problem(what, f"level {level.name!r}", hint)])
    return results, refusals
