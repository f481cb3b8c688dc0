"""The stages of the policy as a table, from the study file and the published timeline."""

from __future__ import annotations

import pandas as pd

from analysis.errors import DataError, Problem, did_you_mean
from analysis.study.place import Stage
from analysis.study.schema import Study

__all__ = ["milestones", "stage_table"]


def stage_table(study: Study, timeline: pd.DataFrame) -> pd.DataFrame:
    """Write the stages as a table of text, each with its months and its events.

    Parameters
    ----------
    study
        A study with stages.
    timeline
        The published timeline, as `analysis.tables.published.read_published` gives it.

    Returns
    -------
    pandas.DataFrame
        `Stage`, `Months`, `Name`, `Marked by` and `Events`, the number of events that the
        timeline has in those months.
    """
    events = milestones(study, timeline)
    months = pd.PeriodIndex(_first_month(timeline["date"]), freq="M")
    rows = []
    for number, stage in enumerate(study.stage):
        first, after = _bounds(study.stage, number)
        # An event that is dated only by its year counts in the stage in which the year begins.
        inside = (months >= first) & (months < after if after else True)
        marked = events.loc[events["stage"] == number + 1]
        rows.append(
            {
                "Stage": str(number + 1),
                "Months": f"{first} to {after - 1}" if after else f"from {first}",
                "Name": f"{stage.title_en} {stage.title_zh}",
                "Marked by": "; ".join(f"{e.title_en} ({e.date})" for e in marked.itertuples()),
                "Events": str(int(inside.sum())),
            }
        )
    return pd.DataFrame(rows)


def milestones(study: Study, timeline: pd.DataFrame) -> pd.DataFrame:
    """List the events that mark the stages, each found in the published timeline.

    Parameters
    ----------
    study
        A study with stages.
    timeline
        The published timeline.

    Returns
    -------
    pandas.DataFrame
        In order of time: `stage` (from 1), `date` (text), `month`, `title_en`, `title_zh`.

    Raises
    ------
    DataError
        If a milestone's date is not in the timeline.
    """
    known = set(timeline["date"])
    rows, problems = [], []
    for number, stage in enumerate(study.stage, start=1):
        for event in stage.milestone:
            if event.date not in known:
                where = f"{study.name}.toml, stage {stage.title_en!r}, {event.title_en!r}"
                what = f"the timeline has no event dated {event.date}"
                problems.append(Problem(what, where, did_you_mean(event.date, known)))
            rows.append((number, event.date, event.title_en, event.title_zh))
    if problems:
        raise DataError("the stages do not agree with the published timeline", problems)
    frame = pd.DataFrame(rows, columns=["stage", "date", "title_en", "title_zh"])
    return frame.assign(month=pd.PeriodIndex(_first_month(frame["date"]), freq="M"))


def _first_month(dates: pd.Series) -> pd.Series:
    """Turn 2019, 2019-05 and 2019-05-01 into the month in which they begin."""
    return dates.str.slice(0, 7).where(dates.str.len() > 4, dates.str.slice(0, 4) + "-01")


def _bounds(stages: tuple[Stage, ...], number: int) -> tuple[pd.Period, pd.Period | None]:
    first = pd.Period(stages[number].begins, freq="M")
    last = number + 1 == len(stages)
    return first, None if last else pd.Period(stages[number + 1].begins, freq="M")
