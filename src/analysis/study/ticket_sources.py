"""The part of a study file that says what the files of tickets look like."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from analysis.errors import did_you_mean, listing
from analysis.study.fields import Month, Name, Strict
from analysis.tickets.contract import TICKET_COLUMNS, ticket_columns

__all__ = ["TicketColumnName", "TicketSource"]


def _known_ticket_column(name: str) -> str:
    if name not in ticket_columns():
        hint = did_you_mean(name, ticket_columns())
        raise ValueError(f"{name!r} is not a column of the ticket contract; {hint}")
    return name


TicketColumnName = Annotated[str, AfterValidator(_known_ticket_column)]


@dataclass(frozen=True, slots=True)
class TicketSource(Strict):
    """One kind of ticket file and how its columns map to the ticket contract.

    Attributes
    ----------
    name
        What accounts and quarantine call it.
    files
        A glob in the study's raw folder; files that end in ``.gz`` are unpacked on the way.
    format
        What a file is.
    headers
        Column of the ticket contract -> every header it has had. Each file must have all of them,
        each under just one of its headers.
    optional
        Those of the columns above that some files lack.
    times_of_day
        Moment of the ticket contract -> every header that its time of day has had, where the column
        under `headers` holds only the day. They are read as one text, with a blank between them; a
        row without a time of day as the day alone. `times` must name both forms.
    constants
        Columns of the ticket contract that have one value in the whole source.
    encoding
        The encoding of text files; a file that does not decode is refused.
    delimiter, quote
        How cells of a text file are told apart; an empty `quote` means that none is used.
    sheet
        The sheet of a workbook, if not the first.
    header_row
        The row of a text file or workbook that holds the headers, if titles stand above it; empty
        rows are not counted.
    times
        How moments are written, in the codes of `strptime`; also ``iso`` (ISO 8601, with or
        without an offset), ``excel`` (days since 1900 as spreadsheets store them), ``epoch`` and
        ``epoch_ms`` (seconds and milliseconds since 1970). The first that fits a cell reads it.
    clock
        What the moments mean: the city's ``wall`` clock, ``utc``, or ``offset_twice``: the wall
        clock from which the zone's offset was once too often taken away.
    tells_staff
        Whether it tells cases that staff opened from those of residents. Where it does not, the
        number of proactive cases is missing, and residents' complaints hold those of staff.
    whole_days
        Those of `dispatched`, `closed` and `due` of which only the day is known, while others have
        a time: they count as the end of that day. So a case is not closed before it was opened on
        the same day, and a deadline leaves the whole day; but handling times are those to the end
        of the day, and a case closed on the day of a deadline that has a time counts as late.
    missing
        Cells, after blanks at either end are gone, that mean "no value".
    first_period, last_period
        The months that the source covers, if fewer than the study's.
    """

    name: Name
    files: str
    format: Literal["csv", "json_lines", "parquet", "excel"]
    headers: dict[TicketColumnName, tuple[str, ...]]
    optional: tuple[TicketColumnName, ...] = ()
    times_of_day: dict[TicketColumnName, tuple[str, ...]] = field(default_factory=dict)
    constants: dict[TicketColumnName, str] = field(default_factory=dict)
    encoding: Literal["utf-8", "utf-8-sig", "gb18030", "big5", "utf-16", "latin-1", "cp1252"] = (
        "utf-8"
    )
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    quote: Annotated[str, Field(max_length=1)] = '"'
    sheet: str | None = None
    header_row: Annotated[int, Field(ge=1)] = 1
    times: tuple[str, ...] = ("iso",)
    clock: Literal["wall", "utc", "offset_twice"] = "wall"
    tells_staff: bool = True
    whole_days: tuple[Literal["dispatched", "closed", "due"], ...] = ()
    missing: tuple[str, ...] = ("",)
    first_period: Month | None = None
    last_period: Month | None = None

    def __post_init__(self) -> None:
        both = [name for name in self.constants if name in self.headers]
        if both:
            raise ValueError(f"{listing(both)} stand under both 'headers' and 'constants'")
        for declared in TICKET_COLUMNS:
            if declared.need == "always" and declared.name not in self.headers:
                raise ValueError(f"'headers' must name {declared.name!r}: {declared.meaning}")
        for name in self.optional:
            if name not in self.headers:
                raise ValueError(f"'optional' names {name!r}, which is not under 'headers'")
            if any(c.name == name and c.need == "always" for c in TICKET_COLUMNS):
                raise ValueError(f"'optional' names {name!r}, which every list must have")
        for name in self.times_of_day:
            if name not in ticket_columns("time"):
                raise ValueError(
                    f"'times_of_day' names {name!r}, which is no moment; those are "
                    f"{listing(ticket_columns('time'))}"
                )
            if name not in self.headers:
                raise ValueError(f"'times_of_day' names {name!r}, whose day is not under 'headers'")
        for name in self.whole_days:
            if name in self.times_of_day:
                raise ValueError(f"{name!r} stands under both 'whole_days' and 'times_of_day'")
            if name not in self.headers:
                raise ValueError(f"'whole_days' names {name!r}, which is not under 'headers'")
        if self.header_row != 1 and self.format not in ("csv", "excel"):
            raise ValueError(
                f"'header_row' is for formats csv and excel: nothing stands above the records of "
                f"{self.format}"
            )
        if not self.times:
            raise ValueError("'times' must say how moments are written")

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the ticket contract that it has, in the order of the contract."""
        return tuple(c for c in ticket_columns() if c in self.headers or c in self.constants)
