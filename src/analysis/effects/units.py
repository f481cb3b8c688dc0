"""The unit in which effects are written and drawn: log points, percentage points, or days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["EffectUnit", "UnitName", "effect_unit"]

UnitName = Literal["log points", "percentage points", "units of the outcome", "days"]


@dataclass(frozen=True, slots=True)
class EffectUnit:
    """How effects on the outcomes of one scale are shown.

    Attributes
    ----------
    factor
        What an estimate is multiplied by.
    form
        A format specification.
    name
        The unit.
    short
        The same where there is little room.
    """

    factor: float
    form: str
    name: UnitName
    short: str


_UNITS = {
    "count": EffectUnit(1.0, ".3f", "log points", "log points"),
    "share": EffectUnit(100.0, ".2f", "percentage points", "pct. points"),
    "level": EffectUnit(1.0, ".4g", "units of the outcome", "own units"),
    "days": EffectUnit(1.0, ".3f", "days", "days"),
    "log": EffectUnit(1.0, ".3f", "log points", "log points"),
}


def effect_unit(scale: str) -> EffectUnit:
    """Look up the unit of effects on outcomes of a scale, see `analysis.effects.design.Design`.

    Examples
    --------
    >>> effect_unit("share").name
    'percentage points'
    """
    return _UNITS[scale]
