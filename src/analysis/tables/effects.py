"""The table of results: each estimate with its uncertainty, its sample and, if known, the truth."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from analysis.contract.measures import MEASURES
from analysis.effects.design import Design
from analysis.effects.registry import get_estimator
from analysis.effects.result import Result
from analysis.effects.units import effect_unit
from analysis.exhibits import format_number

__all__ = [
    "describe_design",
    "describe_results",
    "dropped_rows",
    "effects_table",
    "estimates_frame",
    "format_effect",
    "format_interval",
    "format_p",
    "robustness_table",
    "truth_table",
]

Truths = Sequence[float | None]

SMALLEST_P = 0.001
# The true effects that are not of one month or cohort, as a reader knows them.
TRUTHS = {
    "att": "effect",
    "per_unit_coverage": "effect",
    "need": "need",
    "reporting": "reporting",
    "att_log": "effect on the logarithm",
}


def effects_table(results: Sequence[Result], truth: Truths | None = None) -> pd.DataFrame:
    """Write results as a table of text cells, one row for each.

    Parameters
    ----------
    results
        Of any estimators, outcomes and samples.
    truth
        The true effect of each result, in its own unit, None where there is none; without it the
        table has no column for the truth.

    Returns
    -------
    pandas.DataFrame
        Text, with the heads Outcome, Estimator, Unit, Truth, Estimate, Std. error, 95% interval,
        p, Observations, Units, Clusters and Rows dropped.

    Raises
    ------
    ValueError
        If there are more or fewer truths than results.
    """
    beside = [None] * len(results) if truth is None else truth
    rows = [_row(result, true) for result, true in zip(results, beside, strict=True)]
    table = pd.DataFrame(rows)
    return table.drop(columns="Truth") if truth is None and len(rows) else table


def estimates_frame(results: Sequence[Result]) -> pd.DataFrame:
    """Put results below each other for a figure: `label`, `value`, `lower` and `upper`."""
    return pd.DataFrame(
        {
            "label": get_estimator(result.estimator).label_en,
            "value": result.overall.value,
            "lower": result.overall.lower,
            "upper": result.overall.upper,
        }
        for result in results
    )


def robustness_table(checks: pd.DataFrame, scale: str) -> pd.DataFrame:
    """Write the frame of `analysis.effects.robustness` as a table of text cells.

    Parameters
    ----------
    checks
        One row for each estimate.
    scale
        ``count`` or ``share``.
    """
    intervals = zip(checks["lower"], checks["upper"], strict=True)
    return pd.DataFrame(
        {
            "Check": checks["group"],
            "Variant": checks["label"],
            "Estimate": [format_effect(value, scale) for value in checks["value"]],
            "Std. error": [format_effect(error, scale) for error in checks["standard_error"]],
            "95% interval": [format_interval(low, high, scale) for low, high in intervals],
            "p": [format_p(p_value) for p_value in checks["p_value"]],
            "Observations": [format_number(rows, ",d") for rows in checks["observations"]],
            "Clusters": [format_number(count, ",d") for count in checks["clusters"]],
        }
    )


def dropped_rows(results: Sequence[Result], rows: int) -> pd.DataFrame:
    """Account for every row of the panel: one line for each estimator and reason.

    Parameters
    ----------
    results
        Of several estimators on the same panel.
    rows
        How many rows the panel has.
    """
    lines = [
        (get_estimator(result.estimator).label_en, reason, count)
        for result in results
        for reason, count in {
            "rows of the panel": rows,
            **{f"dropped: {reason}": count for reason, count in result.dropped.items()},
            "rows used": result.observations,
        }.items()
    ]
    table = pd.DataFrame(lines, columns=["Estimator", "Rows", "Count"])
    return table.assign(Count=[format_number(count, ",d") for count in table["Count"]])


def truth_table(truth: pd.DataFrame, level: str, outcome: str, scale: str) -> pd.DataFrame:
    """Write the true effect on an outcome and its parts as a table of text cells.

    Parameters
    ----------
    truth
        The study's table of true effects.
    level, outcome
        Of which level and measure.
    scale
        ``count`` or ``share``.
    """
    rows = truth[
        truth["estimand"].isin(list(TRUTHS))
        & (truth["level"] == level)
        & (truth["outcome"] == outcome)
    ]
    return pd.DataFrame(
        {
            "Truth": rows["estimand"].replace(TRUTHS),
            "Meaning": rows["description"],
            "Value": [format_effect(value, scale) for value in rows["value"]],
            "Unit": effect_unit(scale).short,
        }
    ).reset_index(drop=True)


def describe_design(design: Design) -> pd.DataFrame:
    """Write a design as a table of text cells: one line for each thing that it decides."""
    absorbed = [" and ".join(names) for names in [design.unit, (design.period,), *design.absorb]]
    start = {"adoption": "from the month in", "dose": "the amount in"}[design.treatment]
    lines = {
        "Outcome": f"{design.outcome}, {'a count' if design.scale == 'count' else 'a rate'}",
        "Effects are in": effect_unit(design.scale).short,
        "Treatment": f"{start} column {design.treatment_column}",
        "Weights": design.weights or "none",
        "Fixed effects": "; ".join(absorbed),
        "Errors clustered by": design.cluster,
    }
    if design.treatment == "adoption":
        first, last = design.event_window
        lines["Event window"] = f"{first} to {last}, reference -1".replace("-", "−")
    return pd.DataFrame(lines.items(), columns=["Part", "Choice"])


def describe_results(results: Sequence[Result]) -> pd.DataFrame:
    """Say of each result what it is an estimate of, and how its uncertainty was worked out."""
    rows = [
        (get_estimator(r.estimator).label_en, r.estimand, r.inference, r.library) for r in results
    ]
    return pd.DataFrame(rows, columns=["Estimator", "Estimate of", "Inference", "Library"])


def format_effect(value: float, scale: str) -> str:
    """Write an effect in the unit that its scale is shown in.

    Examples
    --------
    >>> format_effect(-0.0312, "share")
    '−3.12'
    >>> format_effect(-0.0312, "count")
    '−0.031'
    """
    unit = effect_unit(scale)
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    return format_number(unit.factor * value, unit.form)


def format_interval(lower: float, upper: float, scale: str) -> str:
    """Write an interval.

    Examples
    --------
    >>> format_interval(-0.05, 0.01, "count")
    '−0.050 to 0.010'
    """
    return f"{format_effect(lower, scale)} to {format_effect(upper, scale)}"


def format_p(p_value: float) -> str:
    """Write a p-value with three digits.

    Examples
    --------
    >>> format_p(0.0312), format_p(0.00001)
    ('0.031', '< 0.001')
    """
    return f"{p_value:.3f}" if p_value >= SMALLEST_P else f"< {SMALLEST_P}"


def _row(result: Result, true: float | None) -> dict[str, str]:
    scale, overall = result.design.scale, result.overall
    labels = {measure.name: measure.label_en for measure in MEASURES}
    return {
        "Outcome": labels.get(result.design.outcome, result.design.outcome),
        "Estimator": get_estimator(result.estimator).label_en,
        "Unit": effect_unit(scale).short,
        "Truth": "—" if true is None else format_effect(true, scale),
        "Estimate": format_effect(overall.value, scale),
        "Std. error": format_effect(overall.standard_error, scale),
        "95% interval": format_interval(overall.lower, overall.upper, scale),
        "p": format_p(overall.p_value),
        "Observations": format_number(result.observations, ",d"),
        "Units": format_number(result.units, ",d"),
        "Clusters": format_number(result.clusters, ",d"),
        "Rows dropped": format_number(sum(result.dropped.values()), ",d"),
    }
