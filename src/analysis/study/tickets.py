"""The part of a study file that says how lists of tickets become tables of counts."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from analysis.errors import did_you_mean
from analysis.study.download import Download, Downloads
from analysis.study.fields import Strict
from analysis.study.ticket_codes import Codes, Flag, Initiator, Privacy, Repair, StatusCodes
from analysis.study.ticket_sources import TicketColumnName, TicketSource
from analysis.tickets.contract import ticket_columns

__all__ = ["TABLES", "TicketTable", "Tickets"]

# What levels can name as their source: counts by unit and month, and also by category.
TABLES = ("tickets", "tickets_by_category")


def _known_zone(name: str) -> str:
    known = zoneinfo.available_timezones()
    if name not in known:
        raise ValueError(f"{name!r} is not a time zone; {did_you_mean(name, sorted(known))}")
    return name


Zone = Annotated[str, AfterValidator(_known_zone)]
Day = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]


@dataclass(frozen=True, slots=True)
class TicketTable:
    """A table counted from tickets, as levels see it; `analysis.tickets.counts` makes it.

    Attributes
    ----------
    name
        One of `TABLES`.
    keys
        The columns of the panel contract that identify a row.
    """

    name: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tickets(Strict):
    """How lists of tickets become the tables that panels are made of.

    A level uses them by naming one of two tables as its source: ``tickets``, counted by unit and
    month, or ``tickets_by_category``, counted by unit, category and month.

    Attributes
    ----------
    zone
        The time zone of the city's wall clock, by its IANA name.
    extracted
        The day on which the data were taken. What happened later is not known.
    source
        The ticket files.
    initiator, status
        Who opened a case, and what became of it.
    numbered_by
        Whether equal numbers mean the same case in the whole ``city``, or only within a
        ``source``, as where two systems number their cases on their own.
    unit
        The column that is the panel's unit.
    category
        The column that is the panel's category.
    on_time, responded, resolved, satisfied
        What the marks and answers mean, for those columns that the sources have.
    recode
        Column -> value as published -> value to be used, for spellings that changed.
    not_a_unit
        Values in the unit's column that are no unit: a case there is in no panel.
    flag, repair
        See `Flag` and `Repair`.
    count_duplicates
        Whether a case that repeats another still counts as a complaint.
    follow_up_days
        A case's handling is followed for so many days from its opening, for every case alike.
    repeat_days
        A complaint repeats an earlier one of the same caller and category within so many days.
    quarantine_limit
        The largest share of a source's rows that may be in quarantine for something that nobody
        foresaw; beyond it the ingest stops.
    privacy
        See `Privacy`.
    download
        Where the files are downloaded from, if they are.
    """

    zone: Zone
    extracted: Day
    source: Annotated[tuple[TicketSource, ...], Field(min_length=1)]
    initiator: Initiator
    status: StatusCodes | None = None
    numbered_by: Literal["city", "source"] = "city"
    unit: Literal["district", "street"] = "street"
    category: Literal["category_1", "category_2", "category_3"] = "category_1"
    on_time: Codes | None = None
    responded: Codes | None = None
    resolved: Codes | None = None
    satisfied: Codes | None = None
    recode: dict[TicketColumnName, dict[str, str]] = field(default_factory=dict)
    not_a_unit: tuple[str, ...] = ()
    flag: tuple[Flag, ...] = ()
    repair: tuple[Repair, ...] = ()
    count_duplicates: bool = True
    follow_up_days: Annotated[int, Field(ge=1, le=730)] = 90
    repeat_days: Annotated[int, Field(ge=1, le=730)] = 90
    quarantine_limit: Annotated[float, Field(ge=0, le=1)] = 0.01
    privacy: Privacy = field(default_factory=Privacy)
    download: tuple[Downloads, ...] = ()

    def __post_init__(self) -> None:
        names = [source.name for source in self.source]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"two sources are called {name!r}")
        for repair in self.repair:
            for name in repair.sources:
                if name not in names:
                    hint = did_you_mean(name, names)
                    raise ValueError(f"'repair' names the source {name!r}; {hint}")
        folders = [table.folder for table in self.downloads]
        for folder in folders:
            if folders.count(folder) > 1:
                raise ValueError(f"two downloads go to the folder {folder!r}")
        needed = {
            "unit": self.unit,
            "district": "district",
            "category": self.category,
            "initiator": self.initiator.column,
        }
        for key, column in needed.items():
            for source in self.source:
                if column not in source.columns:
                    raise ValueError(
                        f"source {source.name!r} has no {column!r}, which {key!r} needs: name it "
                        "under its 'headers' or 'constants'"
                    )
        for key in ("status", "on_time", "responded", "resolved", "satisfied"):
            if (getattr(self, key) is not None) != (key in self.columns):
                raise ValueError(
                    f"the table {key!r} and a column {key!r} in some source go together"
                )
        if self.privacy.text == "drop" and any(flag.column == "text" for flag in self.flag):
            raise ValueError(
                "a flag reads 'text', which is dropped; write text = \"strip\" under 'privacy'"
            )

    @property
    def downloads(self) -> tuple[Download, ...]:
        """The tables that are downloaded, one by one."""
        return tuple(table for given in self.download for table in given.tables)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the ticket contract that any of its sources has."""
        return tuple(c for c in ticket_columns() if any(c in s.columns for s in self.source))

    @property
    def tables(self) -> tuple[TicketTable, ...]:
        """The tables that levels can name as their source."""
        by_unit, by_category = TABLES
        return (
            TicketTable(by_unit, ("unit", "period")),
            TicketTable(by_category, ("unit", "category", "period")),
        )

    @property
    def counts(self) -> tuple[str, ...]:
        """The columns of the panel contract that can be counted from them."""
        answers = [name for name in ("responded", "resolved", "satisfied") if name in self.columns]
        timed = "on_time" in self.columns or "closed" in self.columns
        by_need: dict[str, bool] = {
            "complaints": True,
            "consultations": any(flag.action == "consultation" for flag in self.flag),
            "proactive_cases": True,
            "surveyed": bool(answers),
            **dict.fromkeys(answers, True),
            "repeat_complaints": "caller" in self.columns,
            "with_deadline": "due" in self.columns,
            "on_time": "due" in self.columns and timed,
            "median_days": "closed" in self.columns,
            "p90_days": "closed" in self.columns,
        }
        return tuple(name for name, possible in by_need.items() if possible)
