"""What the documents need to say of a study's design, taken from its study file."""

from __future__ import annotations

from typing import Any

from analysis.contract.columns import column
from analysis.contract.measures import measure
from analysis.effects.units import effect_unit
from analysis.study.levels import Level
from analysis.study.schema import Study

__all__ = ["describe_study"]


def describe_study(study: Study) -> dict[str, Any]:
    """Describe a study in the words and names that a document about it prints.

    Parameters
    ----------
    study
        The study.

    Returns
    -------
    dict
        Ready for JSON. What it is called and whether its data are open, simulated or restricted
        (then with the threshold of `analysis.disclosure`); its first and last month; ``tickets``,
        or None if it has none; ``estimators``, by name; and ``levels``, in the order of the study
        file, each with its unit, treatment, outcomes and estimators.
    """
    used = dict.fromkeys(name for level in study.level for name in level.estimators)
    return {
        "access": study.access,
        "estimators": {name: _estimator(name) for name in used},
        "first_period": study.first_period,
        "last_period": study.last_period,
        "levels": [_level(level) for level in study.level],
        "name": study.name,
        "place_en": study.place_en,
        "threshold": study.threshold,
        "tickets": _tickets(study),
        "title_en": study.title_en,
        "title_zh": study.title_zh,
    }


def _tickets(study: Study) -> dict[str, Any] | None:
    if study.tickets is None:
        return None
    given = study.tickets
    return {
        "count_duplicates": given.count_duplicates,
        "extracted": given.extracted,
        "follow_up_days": given.follow_up_days,
        "zone": given.zone,
    }


def _level(level: Level) -> dict[str, Any]:
    return {
        "absorb": [[_label(name) for name in effects] for effects in level.absorb],
        "anticipation": level.anticipation,
        "cluster": _label(level.cluster),
        "comparison": level.comparison,
        "controls": [_label(name) for name in level.controls],
        "dose": _dose(level),
        "estimators": list(level.estimators),
        "exceptional_months": list(level.exceptional_months),
        "exposure": level.exposure and _label(level.exposure),
        "lags": level.lags,
        "leads": level.leads,
        "main_estimator": level.main,
        "name": level.name,
        "outcomes": [_outcome(name) for name in level.outcomes],
        "robustness": list(level.robustness),
        "summed_from": level.aggregate,
        "title_en": level.title_en,
        "title_zh": level.title_zh,
        "treatment": level.treatment,
        "unit": [_label(name) for name in level.unit],
    }


def _dose(level: Level) -> dict[str, Any] | None:
    if level.dose is None:
        return None
    return {
        "label": _label(level.dose.column),
        "months_before": level.dose.months_before,
        "transform": level.dose.transform,
    }


def _outcome(name: str) -> dict[str, Any]:
    wanted = measure(name)
    return {
        "formula": wanted.formula,
        "label_en": wanted.label_en,
        "name": name,
        "scale": wanted.scale,
        "unit": effect_unit(wanted.scale).name,
    }


def _estimator(name: str) -> dict[str, Any]:
    # The registry imports all estimators, which takes seconds.
    from analysis.effects.registry import get_estimator

    given = get_estimator(name)
    return {
        "assumes": given.assumes,
        "estimand": given.estimand,
        "label_en": given.label_en,
    }


def _label(name: str) -> str:
    """Write a column of the contract as its label in the middle of a sentence."""
    return column(name).label_en.lower()
