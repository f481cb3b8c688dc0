"""The table of results: each estimate with its uncertainty, its sample and, if known, the truth."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from analysis.effects.design import Design
from analysis.effects.registry import get_estimator
from analysis.effects.result import Result
from analysis.effects.units import effect_unit
from analysis.numerals import format_number

__all__ = [
    "describe_design",
    "describe_results",
    "dropped_rows",
    "effects_table",
    "estimates_frame",
    "format_effect",
    "format_interval",
    "format_p",
    "holds_truth",
    "notes_table",
    "robustness_table",
    "truth_table",
]

Truths = Sequence[float | None]

SMALLEST_P = 0.001
SCALES = {
    "count": "a count",
    "share": "a rate",
    "level": "a number",
    "days": "a length of time",
    "log": "a logarithm",
}
# The true effects that are not of one month or cohort, as a reader knows them.
TRUTHS = {
    "att": "effect",
    "per_unit_coverage": "effect",
    "need": "need",
    "reporting": "reporting",
    "att_log": "effect on the logarithm",
}


def effects_table(results: Sequence[Result], truth: Truths | None = None) -> pd.DataFrame:
    """Write results on one outcome as a table of text cells, one row for each.

    Parameters
    ----------
    results
        Of any estimators.
    truth
        The true effect of each result, in its own unit, None where there is none; without it the
        table has no columns for the truth.

    Returns
    -------
    pandas.DataFrame
        Text, with the heads Estimator, Truth, Estimate, Std. error, 95% interval, Holds truth, p,
        Rows, Clusters and Rows dropped.

    Raises
    ------
    ValueError
        If there are more or fewer truths than results.
    """
    beside = [None] * len(results) if truth is None else truth
    rows = [_row(result, true) for result, true in zip(results, beside, strict=True)]
    table = pd.DataFrame(rows)
    known = truth is not None or not rows
    return table if known else table.drop(columns=["Truth", "Holds truth"])


def estimates_frame(results: Sequence[Result], truth: Truths | None = None) -> pd.DataFrame:
    """Put results below each other for a figure: `label`, `value`, `lower`, `upper`, `truth`."""
    beside = [None] * len(results) if truth is None else truth
    return pd.DataFrame(
        {
            "label": get_estimator(result.estimator).label_en,
            "value": result.overall.value,
            "lower": result.overall.lower,
            "upper": result.overall.upper,
            "truth": math.nan if true is None else true,
        }
        for result, true in zip(results, beside, strict=True)
    )


def holds_truth(result: Result, true: float | None) -> bool | None:
    """Say whether the interval of the overall effect holds the truth; None if it is unknown."""
    overall = result.overall
    return None if true is None else overall.lower <= true <= overall.upper


def robustness_table(checks: pd.DataFrame, scale: str) -> pd.DataFrame:
    """Write checks, as `analysis.effects.sensitivity.variants` has them, as a table of text cells.

    Parameters
    ----------
    checks
        One row for each estimate.
    scale
        The design's.
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
    """Account for every row of the panel: a line for each reason, estimators that agree together.

    Parameters
    ----------
    results
        Of several estimators on the same panel.
    rows
        How many rows the panel has.
    """
    accounts: dict[tuple[tuple[str, int], ...], list[str]] = {}
    for result in results:
        account = (
            ("rows of the panel", rows),
            *((f"dropped: {reason}", count) for reason, count in result.dropped.items()),
            ("rows used", result.observations),
        )
        accounts.setdefault(account, []).append(get_estimator(result.estimator).label_en)
    lines = [
        ("; ".join(names) if place == 0 else "", reason, format_number(count, ",d"))
        for account, names in accounts.items()
        for place, (reason, count) in enumerate(account)
    ]
    return pd.DataFrame(lines, columns=["Estimators", "Rows", "Count"])


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
    sets = [*(design.fixed_effects or (design.unit, (design.period,))), *design.absorb]
    start = {"adoption": "from the month in", "dose": "the amount in"}[design.treatment]
    lines = {
        "Outcome": f"{design.outcome}, {SCALES[design.scale]}",
        "Effects are in": effect_unit(design.scale).short,
        "Treatment": f"{start} column {design.treatment_column}",
        "Weights": design.weights or "none",
        "Fixed effects": "; ".join(" and ".join(names) for names in sets),
        "Errors clustered by": design.cluster,
    }
    if design.exposure:
        lines["Exposure"] = design.exposure
    if design.controls:
        lines["Controls"] = ", ".join(design.controls)
    if design.lags or design.leads:
        lines["Distributed lags"] = f"{design.lags} earlier months, {design.leads} later ones"
    if design.treatment == "adoption":
        window = (
            "all observed"
            if design.event_window is None
            else "{} to {}".format(*design.event_window)
        )
        lines["Event window"] = f"{window}, reference {design.reference}".replace("-", "−")
        compared = {"never": "never adopt", "notyet": "have not adopted yet, or never do"}
        lines["Compared with"] = f"units that {compared[design.comparison]}"
        lines["Anticipation"] = f"{design.anticipation} months"
    return pd.DataFrame(lines.items(), columns=["Part", "Choice"])


def describe_results(results: Sequence[Result]) -> pd.DataFrame:
    """Say of each result what it is an estimate of, and how its uncertainty was worked out."""
    rows = [
        (get_estimator(r.estimator).label_en, r.estimand, r.inference, r.library) for r in results
    ]
    return pd.DataFrame(rows, columns=["Estimator", "Estimate of", "Inference", "Library"])


def notes_table(results: Sequence[Result]) -> pd.DataFrame:
    """List what a reader must know of each result besides its numbers."""
    rows = [
        (get_estimator(result.estimator).label_en, note)
        for result in results
        for note in result.notes
    ]
    return pd.DataFrame(rows, columns=["Estimator", "Note"])


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
    return {
        "Estimator": get_estimator(result.estimator).label_en,
        "Truth": "—" if true is None else format_effect(true, scale),
        "Estimate": format_effect(overall.value, scale),
        "Std. error": format_effect(overall.standard_error, scale),
        "95% interval": format_interval(overall.lower, overall.upper, scale),
        "Holds truth": {None: "—", True: "yes", False: "no"}[holds_truth(result, true)],
        "p": format_p(overall.p_value),
        "Rows": format_number(result.observations, ",d"),
        "Clusters": format_number(result.clusters, ",d"),
        "Rows dropped": format_number(sum(result.dropped.values()), ",d"),
    }
