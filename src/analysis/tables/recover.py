"""The table of a Monte Carlo experiment: bias, error and coverage, each with its own error."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import pandas as pd

from analysis.effects.design import Scale
from analysis.effects.registry import get_estimator
from analysis.effects.units import effect_unit
from analysis.numerals import format_number
from analysis.recover.effect import PATTERN_LABELS

__all__ = ["monte_carlo_table"]


def monte_carlo_table(summary: pd.DataFrame, scale: Scale) -> pd.DataFrame:
    """Write the overall effects of an experiment as a table of text cells.

    Parameters
    ----------
    summary
        From `analysis.recover.summary.summarise`; only headlines are shown.
    scale
        Of the outcome.

    Returns
    -------
    pandas.DataFrame
        Text, with the heads Effect, Estimator, Inference, Bias, RMSE, Stated error, Coverage and
        Rejects; Monte Carlo errors in parentheses.
    """
    unit = effect_unit(scale)
    shown = summary[summary["headline"] & summary["bias"].notna()]
    rows = []
    for row in shown.to_dict("records"):
        rejects = "size" if row["effect"] == "none" else "power"
        rows.append(
            {
                "Effect": PATTERN_LABELS[row["effect"]],
                "Estimator": get_estimator(row["estimator"]).label_en,
                "Inference": row["methods"],
                "Bias": _with_error(row, "bias", unit.factor, unit.form),
                "RMSE": _with_error(row, "rmse", unit.factor, unit.form),
                "Stated error": format_number(unit.factor * row["standard_error"], unit.form),
                "Coverage": _with_error(row, "coverage", 100, ".0f"),
                "Rejects": _with_error(row, rejects, 100, ".0f"),
            }
        )
    return pd.DataFrame(rows)


def _with_error(row: Mapping[Hashable, float], name: str, factor: float, form: str) -> str:
    value = format_number(factor * row[name], form)
    return f"{value} ({format_number(factor * row[f'{name}_error'], form)})"
