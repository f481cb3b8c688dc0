"""A summary of replications as text for a reader, and as JSON with every digit for a program."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping

import pandas as pd

from analysis.effects.units import EffectUnit, effect_unit
from analysis.recover.shape import Shape
from analysis.recover.summary import BAND

__all__ = ["recovery_as_json", "recovery_as_text"]

EFFECTS = {
    "none": "No effect",
    "constant": "A constant effect",
    "growing": "An effect that grows with time since adoption",
    "heterogeneous": "An effect that grows, and is larger in early cohorts",
}
HEADS = ("estimator", "inference", "truth", "bias", "RMSE", "spread", "stated error", "coverage")


def recovery_as_text(shape: Shape, summary: pd.DataFrame, refused: pd.DataFrame) -> str:
    """Write how the overall effects of an experiment were recovered.

    Parameters
    ----------
    shape
        Of the panels.
    summary, refused
        From `analysis.recover.summary`.
    """
    unit = effect_unit(shape.design.scale)
    parts = [shape.describe()]
    for effect, rows in summary[summary["headline"]].groupby("effect", sort=False):
        last = "size" if effect == "none" else "power"
        heads = (*HEADS, last, "length", "refused")
        cells = [_cells(row, unit, last) for row in rows.to_dict("records")]
        title = f"{EFFECTS[str(effect)]} ({unit.name}; Monte Carlo errors in parentheses)"
        parts.append(f"{title}\n{_align([heads, *cells])}")
    low, high = (f"{100 * edge:.0f}" for edge in BAND)
    parts.append(
        f"* coverage of the 95% intervals outside {low} to {high}%, with few draws perhaps by "
        "chance. Truth: the mean effect that the estimator's average has; of a regression "
        "coefficient, that over all treated cells."
    )
    if len(refused):
        lines = [
            f"{row['estimator']}, {row['inference']}, {row['effect']}: "
            f"{row['replications']} times: {row['reason']}"
            for row in refused.to_dict("records")
        ]
        parts.append("\n".join(["Without an estimate:", *lines]))
    return "\n\n".join(parts)


def recovery_as_json(shape: Shape, summary: pd.DataFrame, refused: pd.DataFrame) -> str:
    """Write everything about an experiment, numbers at full precision.

    Returns
    -------
    str
        JSON: `shape` (in words), `errors` (of the shape), `summary` and `refused` (a list of
        rows each, every target of every estimator). What is missing is null. Numbers are in log
        points, or in the outcome's own unit.
    """
    errors = {name: getattr(shape.errors, name) for name in shape.errors.__slots__}
    content = {
        "shape": shape.describe(),
        "errors": errors,
        "effect_size": shape.effect_size,
        "summary": [_clean(row) for row in summary.to_dict("records")],
        "refused": [_clean(row) for row in refused.to_dict("records")],
    }
    return json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False)


def _cells(row: Mapping[object, object], unit: EffectUnit, last: str) -> tuple[str, ...]:
    def number(name: str) -> str:
        value = _float(row.get(name))
        return "–" if math.isnan(value) else format(unit.factor * value, unit.form)

    def share(name: str) -> str:
        value, error = _float(row.get(name)), _float(row.get(f"{name}_error"))
        return "–" if math.isnan(value) else f"{100 * value:.1f}% ({100 * error:.1f})"

    coverage = _float(row.get("coverage"))
    outside = not math.isnan(coverage) and not BAND[0] <= coverage <= BAND[1]
    method = str(row["inference"])
    if method == "auto" and row["methods"]:
        method = f"auto: {row['methods']}"
    return (
        str(row["estimator"]),
        method,
        number("truth"),
        f"{number('bias')} ({number('bias_error')})",
        number("rmse"),
        number("spread"),
        number("standard_error"),
        share("coverage") + ("*" if outside else ""),
        share(last),
        number("length"),
        f"{100 * _float(row['refused']):.1f}%",
    )


def _align(rows: list[tuple[str, ...]]) -> str:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = []
    for row in rows:
        words = [cell.ljust(width) for cell, width in zip(row[:2], widths[:2], strict=True)]
        words += [cell.rjust(width) for cell, width in zip(row[2:], widths[2:], strict=True)]
        lines.append("  ".join(words).rstrip())
    return "\n".join(lines)


def _float(value: object) -> float:
    return float(value) if isinstance(value, int | float) else math.nan


def _clean(row: Mapping[object, object]) -> dict[str, object]:
    missing = {name for name, value in row.items() if isinstance(value, float) and value != value}
    return {str(name): None if name in missing else value for name, value in row.items()}
