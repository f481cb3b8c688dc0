"""Tables that put all effects of a level, or all recoveries of the truth, side by side."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import pandas as pd

from analysis.contract.measures import measure
from analysis.numerals import format_number
from analysis.tables.effects import format_effect, format_interval, format_p

__all__ = ["all_estimators_table", "effects_of_level", "recovery_table", "units_note"]

# Marks an estimate whose interval misses the truth.
MISSES = "†"


def effects_of_level(effects: pd.DataFrame) -> pd.DataFrame:
    """Write all effects of one level as a table of text cells.

    Parameters
    ----------
    effects
        Rows of `analysis.effects.collect.collect_effects` for one level.

    Returns
    -------
    pandas.DataFrame
        Text, with the heads Outcome, Dimension, Estimator, Truth (only if any is known), Estimate,
        95% interval and p; an outcome is named once, in its first row. For the units of effects
        see `units_note`.
    """
    rows = []
    for outcome, group in effects.groupby("outcome", sort=False):
        declared = measure(str(outcome))
        for place, row in enumerate(group.to_dict("records")):
            rows.append(
                {
                    "Outcome": declared.label_en if place == 0 else "",
                    "Dimension": declared.dimension.capitalize() if place == 0 else "",
                    "Estimator": row["estimator"],
                    "Truth": _effect(row["truth"], declared.scale),
                    "Estimate": _effect(row["value"], declared.scale),
                    "95% interval": format_interval(row["lower"], row["upper"], declared.scale),
                    "p": format_p(row["p_value"]),
                }
            )
    table = pd.DataFrame(rows)
    return table if effects["truth"].notna().any() else table.drop(columns="Truth")


def all_estimators_table(effects: pd.DataFrame) -> pd.DataFrame:
    """Write the estimates of all estimators on all outcomes of one level as text cells.

    Parameters
    ----------
    effects
        Rows of `analysis.effects.collect.collect_effects` for one level.

    Returns
    -------
    pandas.DataFrame
        A row for each estimator and a column for each outcome, in the units of `units_note`, with
        a dagger where the 95 per cent interval misses the truth of what the estimator estimates; a
        dash where it was not estimated.
    """
    cells = effects.assign(
        cell=[_estimate_or_miss(row) for row in effects.to_dict("records")],
        head=[measure(str(name)).label_en for name in effects["outcome"]],
    )
    table = cells.pivot_table(
        index="estimator", columns="head", values="cell", aggfunc="first", sort=False
    )
    table = table.rename_axis(columns=None).fillna("—")
    return table.reset_index().rename(columns={"estimator": "Estimator"})


def units_note(outcomes: Sequence[str]) -> str:
    """Say in which units a table of several outcomes has its effects.

    Examples
    --------
    >>> units_note(["complaints", "on_time_rate"])
    'Counts in log points, rates and shares in percentage points.'
    """
    scales = {measure(outcome).scale for outcome in outcomes}
    written = ["Counts in log points, rates and shares in percentage points."]
    if "days" in scales:
        written.append("Handling times in days.")
    if "log" in scales:
        written.append("Logarithms of handling times in log points.")
    return " ".join(written)


def recovery_table(summary: pd.DataFrame) -> pd.DataFrame:
    """Write how well the truth is recovered as a table of text cells.

    Parameters
    ----------
    summary
        From `analysis.simulate.recovery.summarise_recovery`.
    """
    rows = []
    for row in summary.to_dict("records"):
        declared = measure(row["outcome"])
        scale = declared.scale
        error = format_effect(row["bias_error"], scale)
        rows.append(
            {
                "Outcome": declared.label_en,
                "Estimator": row["estimator"],
                "Truth": format_effect(row["truth"], scale),
                "Bias": f"{format_effect(row['bias'], scale)} ({error})",
                "Spread": format_effect(row["spread"], scale),
                "Stated error": format_effect(row["standard_error"], scale),
                "Coverage": f"{format_number(100 * row['coverage'], '.0f')}%",
            }
        )
    return pd.DataFrame(rows)


def _estimate_or_miss(row: dict[Hashable, Any]) -> str:
    written = format_effect(row["value"], measure(row["outcome"]).scale)
    holds = pd.isna(row["truth"]) or row["lower"] <= row["truth"] <= row["upper"]
    return written if holds else f"{written}{MISSES}"


def _effect(value: float, scale: str) -> str:
    return "—" if pd.isna(value) else format_effect(value, scale)
