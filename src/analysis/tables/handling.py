"""Why rows of a panel have no handling time: each row counted once, under its first reason."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.contract.measures import measure
from analysis.numerals import format_number
from analysis.study.levels import Level
from analysis.study.schema import Study
from analysis.tickets.counts.quantiles import last_followed_month

__all__ = ["handling_table", "missing_handling_times"]


def missing_handling_times(panel: pd.DataFrame, level: Level, study: Study) -> pd.DataFrame:
    """Count the rows of a panel without a handling time, by reason.

    Parameters
    ----------
    panel
        The panel of the level.
    level, study
        A level of a study with tickets.

    Returns
    -------
    pandas.DataFrame
        A column for each column of days that an outcome of the level is read from. The rows:
        `panel`, all rows; `not delivered`, the number of complaints is missing; `no complaint`;
        `not followed`, the month ended less than the follow-up before the data were taken; `not
        reached`, too few of the month's complaints were closed within the follow-up, or at unknown
        times; `known`; and, of these, `zero`.
    """
    assert study.tickets is not None
    late = panel["period"] > last_followed_month(study.tickets)
    found = {}
    for name in _columns(level):
        days = panel[name]
        reasons: Mapping[str, pd.Series] = {
            "not delivered": panel["complaints"].isna(),
            "no complaint": panel["complaints"].eq(0).fillna(False),
            "not followed": late,
            "not reached": days.isna(),
        }
        left, counts = days.isna(), {"panel": len(panel)}
        for reason, holds in reasons.items():
            counts[reason] = int((left & holds).sum())
            left &= ~holds.astype("bool")
        counts |= {"known": int(days.notna().sum()), "zero": int(days.eq(0).sum())}
        found[name] = counts
    return pd.DataFrame(found)


def handling_table(panel: pd.DataFrame, level: Level, study: Study) -> pd.DataFrame:
    """Write why rows have no handling time as a table of text cells; without rows if none is asked.

    Parameters
    ----------
    panel, level, study
        As for `missing_handling_times`; the study may also be one without tickets.
    """
    if study.tickets is None or not _columns(level):
        return pd.DataFrame()
    days = study.tickets.follow_up_days
    lines = {
        "panel": "rows of the panel",
        "not delivered": "not delivered: no number of complaints",
        "no complaint": "no complaint in the month",
        "not followed": f"month ended less than {days} days before the data were taken",
        "not reached": f"too few closed within {days} days, or at unknown times",
        "known": "rows with a handling time",
        "zero": "of these 0 days, which has no logarithm",
    }
    counted = missing_handling_times(panel, level, study)
    cells = {
        measure(name).label_en: [format_number(count, ",d") for count in counted[name]]
        for name in map(str, counted)
    }
    return pd.DataFrame({"Rows": [lines[str(reason)] for reason in counted.index], **cells})


def _columns(level: Level) -> list[str]:
    """Name the columns of days that the level's outcomes are read from, in their order."""
    asked = [measure(outcome) for outcome in level.outcomes]
    return list(dict.fromkeys(m.numerator[0] for m in asked if m.scale in {"days", "log"}))
