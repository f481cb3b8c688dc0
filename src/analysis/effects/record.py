"""Record a result's numbers for the text, under ids that every study shares."""

from __future__ import annotations

import math

from analysis.effects.result import Result
from analysis.effects.units import effect_unit
from analysis.exhibits import Exhibits

__all__ = ["record_effect", "record_truth"]


def record_effect(
    exhibits: Exhibits, level: str, result: Result, truth: float | None = None
) -> None:
    """Record a result: `att`, `se`, `lower`, `upper`, `p`, `n` and `clusters`, and any `truth`.

    Their ids begin with ``<level>.<outcome>.<estimator>.``

    Parameters
    ----------
    exhibits
        Of the notebook.
    level
        The level of the panel.
    result
        Its effect is recorded in log points, or in percentage points for a rate. An end of the
        interval that is infinite is not recorded.
    truth
        The true effect that the result is held against, in its own unit, if it is known.
    """
    unit = effect_unit(result.design.scale)
    overall = result.overall
    name = f"{level}.{result.design.outcome}.{result.estimator}"
    effects = {
        "att": overall.value,
        "se": overall.standard_error,
        "lower": overall.lower,
        "upper": overall.upper,
        "truth": truth,
    }
    for part, value in effects.items():
        if value is not None and math.isfinite(value):
            exhibits.number(f"{name}.{part}", unit.factor * value, unit.form, unit=unit.name)
    exhibits.number(f"{name}.p", overall.p_value, ".3f")
    exhibits.number(f"{name}.n", result.observations, ",d", unit="observations")
    exhibits.number(f"{name}.clusters", result.clusters, ",d", unit="clusters")


def record_truth(
    exhibits: Exhibits, level: str, result: Result, value: float, part: str = "att"
) -> None:
    """Record a true effect.

    Parameters
    ----------
    exhibits, level
        See `record_effect`.
    result
        Gives the outcome and its scale.
    value
        The true effect, in the result's unit.
    part
        ``att`` for the effect itself, as ``<level>.<outcome>.truth.att``; other parts, such as
        ``need``, stand in its place.
    """
    unit = effect_unit(result.design.scale)
    name = f"{level}.{result.design.outcome}.truth.{part}"
    exhibits.number(name, unit.factor * value, unit.form, unit=unit.name)
