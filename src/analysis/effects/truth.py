"""The true effects of a simulated study, matched to what a result estimates."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis.effects.design import Design
from analysis.effects.estimators import dose_lags
from analysis.effects.registry import get_estimator
from analysis.effects.result import Result

__all__ = ["overall_truth", "read_truth", "true_effect", "true_event_times", "true_parts"]

# The parts of a volume effect: how much help is needed, and how much of that is reported.
PARTS = ("need", "reporting")


def read_truth(path: Path) -> pd.DataFrame:
    """Read a table of true effects; a cell that does not apply to an effect is empty."""
    return pd.read_csv(path, encoding="utf-8", dtype={"cohort": "str", "description": "str"})


def true_effect(truth: pd.DataFrame, level: str, result: Result) -> float | None:
    """Look up the truth that a result's overall effect should be held against.

    Parameters
    ----------
    truth
        The study's table of true effects: `level`, `outcome`, `estimand`, `event_time`, `value`.
    level
        The level of the panel.
    result
        The result. An overall effect that averages event times is held against the mean of the
        true effects at its own event times from adoption on; one that averages treated
        unit-periods, and a regression coefficient, which is taken for that, against the average
        effect on the treated; results on coverage against the average effect of a unit of it,
        but for distributed lags, which add up to an effect in the long run.
        Where the outcome is a count and the estimator takes logarithms, every unit and month
        counts alike in the truth as in the estimate (``att_log``).

    Returns
    -------
    float or None
        In the result's own unit; None if the table has no such effect.
    """
    if result.design.treatment != "adoption":
        return None if _adds_up_lags(result) else overall_truth(truth, level, result.design)
    if result.averaging == "event_time" and result.event_time is not None:
        times = true_event_times(truth, level, result)
        wanted = [int(time) for time in result.event_time.index if time >= 0]
        found = times.set_index("event_time")["value"].reindex(wanted)
        return None if found.isna().any() else float(found.mean())
    if result.averaging not in {"cells", "regression"}:
        return None
    return _first(_of(truth, level, result.design.outcome, _average(result)))


def overall_truth(truth: pd.DataFrame, level: str, design: Design) -> float | None:
    """Look up the effect of the programme as a whole, over all cases under it.

    For a count it is the log of all expected cases with the programme over those without it, or
    the average effect of a unit of coverage; None if the table has no such effect.
    """
    estimand = "att" if design.treatment == "adoption" else "per_unit_coverage"
    return _first(_of(truth, level, design.outcome, estimand))


def true_event_times(truth: pd.DataFrame, level: str, result: Result) -> pd.DataFrame:
    """Return the truth of each event time: `event_time` (int) and `value`, in order."""
    found = _of(truth, level, result.design.outcome, f"{_average(result)}_event_time")
    found = found.assign(event_time=found["event_time"].astype("float64").astype("int64"))
    return found[["event_time", "value"]].sort_values("event_time", ignore_index=True)


def true_parts(truth: pd.DataFrame, level: str, outcome: str) -> dict[str, float]:
    """Return the parts of a true effect, `need` and `reporting`; empty if it has none."""
    found = {part: _first(_of(truth, level, outcome, part)) for part in PARTS}
    return {part: value for part, value in found.items() if value is not None}


def _adds_up_lags(result: Result) -> bool:
    return result.design.lags > 0 and result.estimator in (dose_lags.NAME, dose_lags.NAME_POISSON)


def _average(result: Result) -> str:
    rows_alike = get_estimator(result.estimator).counts_alike == "rows"
    return "att_log" if result.design.scale == "count" and rows_alike else "att"


def _first(found: pd.DataFrame) -> float | None:
    return float(found["value"].iloc[0]) if len(found) else None


def _of(truth: pd.DataFrame, level: str, outcome: str, estimand: str) -> pd.DataFrame:
    chosen = (
        (truth["level"] == level) & (truth["outcome"] == outcome) & (truth["estimand"] == estimand)
    )
    return truth[chosen]
