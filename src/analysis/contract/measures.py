"""What the study measures: each outcome with its formula, its weights and its dimension.

Rates are always derived from counts, never stored as inputs. Resolution and satisfaction have the
tickets called back as denominator, not the tickets received, because that is how the city
publishes them; the official treatment of the response rate is not published, and it gets the same
denominator here because it comes from the same call-back.

Handling times are the quantiles that the panel holds. Each counts by the complaints of its row, as
a rate counts by its denominator. In logarithms an effect is a ratio of quantiles, among rows whose
quantile is above zero: one of 0 days, where cases close at the time at which they are opened as
recorded, has no logarithm, and nothing is added to give it one.

The four dimensions are those in which Zhao and Zhang (2024) set acting before complaints apart
from answering them; the measure tied to each is ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

__all__ = ["MEASURES", "Measure", "add_measures", "measure", "targeting"]

Dimension = Literal[
    "volume", "service concept", "supply mechanism", "performance evaluation", "trust"
]
Scale = Literal["count", "share", "days", "log"]


@dataclass(frozen=True, slots=True)
class Measure:
    """An outcome that the panel defines.

    Attributes
    ----------
    name
        Its column name once `add_measures` has run.
    label_en, label_zh
        What a reader sees.
    dimension
        The dimension of the argument that it measures.
    scale
        ``count`` (effects are in log points), ``share`` (effects are in percentage points),
        ``days`` (effects are in days) or ``log``, the logarithm of days (effects are in log
        points).
    numerator, denominator
        The columns that are summed for each; a count has no denominator. Of a handling time, the
        column of days that it is read from.
    formula
        The same in words, for the codebook.
    """

    name: str
    label_en: str
    label_zh: str
    dimension: Dimension
    scale: Scale
    formula: str
    numerator: tuple[str, ...] = ()
    denominator: tuple[str, ...] = ()

    @property
    def needs(self) -> tuple[str, ...]:
        """The columns of the contract without which it cannot be computed."""
        return tuple(dict.fromkeys(self.numerator + self.denominator))

    @property
    def weight(self) -> str | None:
        """The column of weights: a rate's denominator, made by `add_measures`, or `complaints`."""
        match self.scale:
            case "count":
                return None
            case "share":
                return f"{self.name}_weight"
            case "days" | "log":
                return "complaints"


MEASURES: tuple[Measure, ...] = (
    Measure(
        "complaints",
        "Complaints",
        "诉求量",
        "volume",
        "count",
        "complaints opened by residents in the month",
        numerator=("complaints",),
    ),
    Measure(
        "consultations",
        "Consultations",
        "咨询量",
        "volume",
        "count",
        "consultations answered in the month",
        numerator=("consultations",),
    ),
    Measure(
        "proactive_share",
        "Proactive share",
        "主动治理占比",
        "service concept",
        "share",
        "proactive_cases / (proactive_cases + complaints)",
        numerator=("proactive_cases",),
        denominator=("proactive_cases", "complaints"),
    ),
    Measure(
        "targeting",
        "Targeting",
        "供需匹配度",
        "supply mechanism",
        "share",
        "1 - half the sum over categories of |share of this month's proactive cases - share of "
        "the complaints of the three months before|; 1 = same mix, 0 = no category in common",
        numerator=("proactive_cases", "complaints"),
    ),
    Measure(
        "response_rate",
        "Response rate",
        "响应率",
        "performance evaluation",
        "share",
        "responded / surveyed",
        numerator=("responded",),
        denominator=("surveyed",),
    ),
    Measure(
        "resolution_rate",
        "Resolution rate",
        "解决率",
        "performance evaluation",
        "share",
        "resolved / surveyed",
        numerator=("resolved",),
        denominator=("surveyed",),
    ),
    Measure(
        "satisfaction_rate",
        "Satisfaction rate",
        "满意率",
        "performance evaluation",
        "share",
        "satisfied / surveyed",
        numerator=("satisfied",),
        denominator=("surveyed",),
    ),
    Measure(
        "on_time_rate",
        "On-time rate",
        "按时办结率",
        "performance evaluation",
        "share",
        "on_time / with_deadline, of cases that residents opened",
        numerator=("on_time",),
        denominator=("with_deadline",),
    ),
    Measure(
        "median_days",
        "Median handling time",
        "办理时长中位数",
        "performance evaluation",
        "days",
        "days in which half of the month's complaints were closed; missing if fewer than half were "
        "closed within the time for which every case is followed",
        numerator=("median_days",),
    ),
    Measure(
        "p90_days",
        "90th percentile of handling time",
        "办理时长第九十百分位数",
        "performance evaluation",
        "days",
        "days in which nine of ten of the month's complaints were closed; missing if fewer were "
        "closed within the time for which every case is followed",
        numerator=("p90_days",),
    ),
    Measure(
        "log_median_days",
        "Log median handling time",
        "办理时长中位数（对数）",
        "performance evaluation",
        "log",
        "natural logarithm of the median handling time in days; missing where that is 0 days",
        numerator=("median_days",),
    ),
    Measure(
        "log_p90_days",
        "Log 90th percentile of handling time",
        "办理时长第九十百分位数（对数）",
        "performance evaluation",
        "log",
        "natural logarithm of the 90th percentile of handling time in days; missing where that is "
        "0 days",
        numerator=("p90_days",),
    ),
    Measure(
        "repeat_share",
        "Repeat share",
        "重复诉求占比",
        "trust",
        "share",
        "repeat_complaints / complaints",
        numerator=("repeat_complaints",),
        denominator=("complaints",),
    ),
    Measure(
        "consultation_share",
        "Consultation share",
        "咨询占比",
        "trust",
        "share",
        "consultations / (consultations + complaints)",
        numerator=("consultations",),
        denominator=("consultations", "complaints"),
    ),
)

_BY_NAME = {declared.name: declared for declared in MEASURES}


def measure(name: str) -> Measure:
    """Look up one measure.

    Raises
    ------
    KeyError
        If there is no such measure.

    Examples
    --------
    >>> measure("satisfaction_rate").formula
    'satisfied / surveyed'
    """
    return _BY_NAME[name]


def add_measures(panel: pd.DataFrame) -> pd.DataFrame:
    """Add every measure that the panel's columns allow, and the weight of each rate.

    Parameters
    ----------
    panel
        A panel of the contract, one row per unit (and category) and month.

    Returns
    -------
    pandas.DataFrame
        A copy with, for each rate whose columns are present, the rate (float, 0 to 1; missing
        where the denominator is 0 or missing) and ``<rate>_weight``, its denominator (float); for
        each handling time its logarithm (float, missing where it is 0 days or missing).
        `targeting` needs categories and is not added here; see `targeting`.

    Examples
    --------
    >>> row = pd.DataFrame({"satisfied": [3], "surveyed": [4]})
    >>> add_measures(row)["satisfaction_rate"].item()
    0.75
    """
    added = panel.copy()
    for declared in MEASURES:
        if not set(declared.needs) <= set(panel.columns):
            continue
        if declared.scale == "log":
            days = panel[declared.numerator[0]].astype("float64")
            added[declared.name] = np.log(days.where(days > 0))
        if declared.scale != "share" or not declared.denominator:
            continue
        numerator = _total(panel, declared.numerator)
        denominator = _total(panel, declared.denominator)
        rate = numerator / denominator.where(denominator > 0)
        added[declared.name] = rate.astype("float64")
        added[f"{declared.name}_weight"] = denominator.astype("float64")
    return added


def _total(panel: pd.DataFrame, names: tuple[str, ...]) -> pd.Series:
    # A sum with a missing part is missing, so no rate rests on half of its cases.
    return panel[list(names)].astype("Float64").sum(axis=1, skipna=False)


def targeting(by_category: pd.DataFrame, lag_months: int = 3) -> pd.DataFrame:
    r"""Measure how closely proactive cases follow the complaints of the months before.

    For unit :math:`i` and month :math:`t`, with :math:`p` the shares of the month's proactive
    cases over categories and :math:`q` the shares of the complaints of the `lag_months` months
    before, the measure is :math:`1 - \tfrac12 \sum_c |p_c - q_c|`, one minus Duncan and
    Duncan's (1955) dissimilarity index.

    Parameters
    ----------
    by_category
        A panel of the contract with `unit`, `category`, `period` (month), `complaints` and
        `proactive_cases`; one row per unit, category and month.
    lag_months
        How many months of complaints make the demand that supply is held against.

    Returns
    -------
    pandas.DataFrame
        One row per unit and month with `targeting` (0 to 1, missing in the first `lag_months`
        months, where any of those months is missing, and where there was no case) and
        `targeting_weight`, the number of proactive cases.
    """
    cases = by_category.astype({"proactive_cases": "float64", "complaints": "float64"})
    months = pd.period_range(cases["period"].min(), cases["period"].max(), freq="M")

    def by_month(name: str) -> pd.DataFrame:
        wide = cases.pivot(index="period", columns=["unit", "category"], values=name)
        return wide.reindex(months)

    demand = by_month("complaints").shift(1).rolling(lag_months, min_periods=lag_months).sum()
    supply = by_month("proactive_cases")
    rows = []
    for unit in supply.columns.get_level_values("unit").unique():
        proactive, complaints = supply[unit], demand[unit]
        # A missing category-month leaves the mix unknown, so the whole month is missing.
        total = proactive.sum(axis=1, skipna=False)
        lagged = complaints.sum(axis=1, skipna=False)
        gap = proactive.div(total.where(total > 0), axis=0) - complaints.div(
            lagged.where(lagged > 0), axis=0
        )
        overlap = 1 - gap.abs().sum(axis=1, skipna=False) / 2
        rows.append(
            pd.DataFrame(
                {
                    "unit": unit,
                    "period": months,
                    "targeting": overlap.to_numpy(),
                    "targeting_weight": total.to_numpy(),
                }
            )
        )
    return pd.concat(rows, ignore_index=True)
