"""Summary statistics of a panel: each measure with its spread, its rate and what is missing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.contract.measures import Measure, Scale, measure
from analysis.numerals import format_number

__all__ = ["summarise_panel", "summary_table"]


UNITS: dict[Scale, str] = {"count": "cases", "share": "%", "days": "days", "log": "log days"}


def summarise_panel(panel: pd.DataFrame, outcomes: Sequence[str]) -> pd.DataFrame:
    """Summarise measures over the rows of a panel.

    Parameters
    ----------
    panel
        A cleaned panel with its measures.
    outcomes
        Names of measures; each must be a column.

    Returns
    -------
    pandas.DataFrame
        One row per measure, indexed by `outcome`: `rows`, `missing` (rows without a value),
        `mean` and `standard_deviation` (rows count alike), `minimum`, `median`, `maximum`, and
        `overall`: a count's total, or a rate's mean weighted by its denominator, which is the
        rate of all the cases together; missing for handling times, of which no quantile over all
        cases follows from those of the rows. Rates are between 0 and 1.

    Examples
    --------
    >>> panel = pd.DataFrame({"repeat_share": [0.5, 0.0], "repeat_share_weight": [30.0, 10.0]})
    >>> summarise_panel(panel, ["repeat_share"])["overall"].item()
    0.375
    """
    rows = {outcome: _summary(panel, measure(outcome)) for outcome in outcomes}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("outcome")


def summary_table(summary: pd.DataFrame, *, restricted: bool = False) -> pd.DataFrame:
    """Write a summary as a table of text: counts and days as they are, rates in per cent.

    Parameters
    ----------
    summary
        As `summarise_panel` gives it.
    restricted
        Whether the data are; then the columns are left out that tell the value of a single row:
        minimum, median and maximum.
    """
    rows = []
    for outcome, row in summary.iterrows():
        declared = measure(str(outcome))
        rows.append(
            {
                "Measure": f"{declared.label_en} {declared.label_zh}",
                "Unit": UNITS[declared.scale],
                "Overall": _cell(row["overall"], declared),
                "Mean": _cell(row["mean"], declared),
                "SD": _cell(row["standard_deviation"], declared),
                "Min": _cell(row["minimum"], declared),
                "Median": _cell(row["median"], declared),
                "Max": _cell(row["maximum"], declared),
                "Missing": f"{row['missing']:,.0f}",
            }
        )
    table = pd.DataFrame(rows)
    return table.drop(columns=["Min", "Median", "Max"]) if restricted else table


def _summary(panel: pd.DataFrame, declared: Measure) -> dict[str, float]:
    values = panel[declared.name].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    known = values[np.isfinite(values)]
    # Of no value at all, nothing is known: not even a mean.
    spread = known if known.size else np.array([np.nan])
    return {
        "rows": float(values.size),
        "missing": float(values.size - known.size),
        "mean": float(np.mean(spread)),
        "standard_deviation": float(np.std(spread, ddof=1)) if known.size > 1 else np.nan,
        "minimum": float(np.min(spread)),
        "median": float(np.median(spread)),
        "maximum": float(np.max(spread)),
        "overall": _overall(panel, values, declared),
    }


def _overall(panel: pd.DataFrame, values: np.ndarray, declared: Measure) -> float:
    if declared.scale in {"days", "log"}:
        return np.nan
    if declared.weight is None:
        return float(np.nansum(values))
    weights = panel[declared.weight].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    used = np.isfinite(values) & (weights > 0)
    return float(np.average(values[used], weights=weights[used])) if used.any() else np.nan


def _cell(value: float, declared: Measure) -> str:
    if not np.isfinite(value):
        return "—"
    if declared.scale == "share":
        return f"{100 * value:.1f}"
    if declared.scale != "count":
        return format_number(value, ",.2f")
    return f"{value:,.0f}" if value >= 100 else f"{value:,.1f}"
