"""The truth that each estimated quantity is held against."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["true_targets"]

FloatArray = NDArray[np.float64]


def true_targets(cells: pd.DataFrame, targets: pd.DataFrame, cases_alike: bool) -> FloatArray:
    """Average the true effects of the treated cells in the way of each target.

    A regression coefficient is held against the average over treated unit-periods, as that is
    what readers take it for; an average over event times against the average over the event times
    that the same result reports.

    Parameters
    ----------
    cells
        Of a `analysis.recover.draw.Drawn`.
    targets
        Rows of kind ``overall`` or ``event_time``, with the columns of
        `analysis.effects.evidence.TARGET_COLUMNS`.
    cases_alike
        Whether the estimator of a count is after the ratio of all expected cases, so that busy
        cells count more, rather than after the mean of the cells' own log ratios.

    Returns
    -------
    numpy.ndarray
        Shape (targets,); zero before adoption, NaN where no cell is left.

    Examples
    --------
    >>> cells = pd.DataFrame({"event_time": [0.0, 1.0, 0.0], "effect": [0.1, 0.3, 0.2]})
    >>> cells = cells.assign(weight=1.0, unit=[0, 0, 1], cohort=[2, 2, 3], period=[2, 3, 3])
    >>> targets = pd.DataFrame({"kind": "overall", "averaging": ["cells", "cohort"]})
    >>> true_targets(cells, targets.assign(event_time=np.nan), False).round(3).tolist()
    [0.2, 0.2]
    """
    after = targets[(targets["kind"] == "event_time") & (targets["event_time"] >= 0)]
    reported = set(after["event_time"]) or set(cells["event_time"])
    by_event_time = {
        float(str(time)): _effect(part, cases_alike) for time, part in cells.groupby("event_time")
    }
    values = []
    for row in targets.to_dict("records"):
        if row["kind"] == "event_time":
            time = float(row["event_time"])
            values.append(by_event_time.get(time, np.nan) if time >= 0 else 0.0)
        elif row["averaging"] == "event_time":
            known = [value for time, value in by_event_time.items() if time in reported]
            values.append(float(np.mean(known)) if known else np.nan)
        else:
            values.append(_average(cells, str(row["averaging"]), cases_alike))
    return np.array(values)


def _average(cells: pd.DataFrame, averaging: str, cases_alike: bool) -> float:
    if averaging == "cohort":
        cohorts = [part for _, part in cells.groupby("cohort")]
        size = [part.groupby("unit")["weight"].mean().sum() for part in cohorts]
        effects = [_effect(part, cases_alike) for part in cohorts]
        return float(np.average(effects, weights=size))
    if averaging == "calendar":
        periods = [_effect(part, cases_alike) for _, part in cells.groupby("period")]
        return float(np.mean(periods))
    return _effect(cells, cases_alike)


def _effect(part: pd.DataFrame, cases_alike: bool) -> float:
    if cases_alike:
        return float(np.log(part["treated"].sum() / part["untreated"].sum()))
    return float(np.average(part["effect"], weights=part["weight"]))
