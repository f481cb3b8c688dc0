"""Which months the samples cover, and when they were taken."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import pandas as pd

from analysis.errors import DataError, Problem
from analysis.new_study.guess import Guess
from analysis.new_study.propose.sources import SourceProposal
from analysis.new_study.propose.times import wall_times

__all__ = ["openings_and_all", "propose_extracted", "propose_months"]

# A last month that stops before this day is taken to be cut off.
LAST_WEEK = 24
EARLIEST = date(1990, 1, 1)


def openings_and_all(
    sources: Sequence[SourceProposal], zone: str, today: date
) -> tuple[list[datetime], list[datetime]]:
    """Give the openings, and all moments that have happened, on the city's wall clock."""
    opened: list[datetime] = []
    happened: list[datetime] = []
    for source in sources:
        month_first = not any(f.startswith("%d") for f in source.times.formats.value)
        for column in ("opened", "updated", "dispatched", "closed"):
            for header in source.headers(column):
                read = source.contents[header].moments.read
                times = [
                    time
                    for time in wall_times(read, zone, month_first)
                    if EARLIEST <= time.date() <= today
                ]
                happened += times
                opened += times if column == "opened" else []
    if not opened:
        hint = "check the column of openings, and the clock of this computer"
        problem = Problem(f"no case was opened between {EARLIEST.year} and today", "", hint)
        raise DataError("a study cannot be made from the samples", [problem])
    return opened, happened


def propose_months(
    opened: Sequence[datetime], happened: Sequence[datetime], *, whole: bool
) -> tuple[Guess[str], Guess[str]]:
    """Propose the first and the last month; a last month that is cut off is left out."""
    first, last = min(opened), max(opened)
    begin, end = pd.Period(first, freq="M"), pd.Period(last, freq="M")
    seen = "in the samples" if whole else "in the parts of the samples that were looked at"
    why = f"The latest opening {seen}."
    cut = last.day < LAST_WEEK and max(happened).date() < end.end_time.date() and begin < end
    if cut:
        end -= 1
        why = f"The last whole month: the latest opening {seen} is early in the month after it."
    why += " Cases outside these months are left out."
    return (
        Guess(str(begin), f"The earliest opening {seen}. Begin with a whole month.", check=True),
        Guess(str(end), why, check=True),
    )


def propose_extracted(happened: Sequence[datetime], *, whole: bool) -> str:
    """Take the day of the latest moment; if only parts were looked at, the end of its month."""
    latest = max(happened)
    return str(latest.date() if whole else pd.Period(latest, freq="M").end_time.date())
