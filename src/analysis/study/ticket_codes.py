"""The part of a study file that says what the values in tickets mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from analysis.study.fields import Name, Strict
from analysis.study.ticket_sources import TicketColumnName

__all__ = ["Codes", "Flag", "Initiator", "Privacy", "Repair", "StatusCodes"]


@dataclass(frozen=True, slots=True)
class Initiator(Strict):
    """Who opened a case, told from the values of one column.

    Attributes
    ----------
    column
        The column, most often `channel`.
    resident, proactive, system
        Its values that mean a resident, staff before anyone complained, and other software.
    otherwise
        What any other value means; without it, a case with another value goes into quarantine.
    """

    column: TicketColumnName
    resident: tuple[str, ...] = ()
    proactive: tuple[str, ...] = ()
    system: tuple[str, ...] = ()
    otherwise: Literal["resident", "proactive", "system"] | None = None

    def __post_init__(self) -> None:
        _no_value_twice(
            "initiator",
            {"resident": self.resident, "proactive": self.proactive, "system": self.system},
        )


@dataclass(frozen=True, slots=True)
class StatusCodes(Strict):
    """What the values of `status` mean.

    Attributes
    ----------
    open, closed
        Values that mean that the case is being handled, or that it is done.
    void
        Values that mean that it never was a case (cancelled, entered by mistake): not counted.
    otherwise
        What any other value means; without it, a case with another value goes into quarantine.
        With ``open``, a value that means "done" and is listed nowhere makes its cases look as if
        they never ended.
    """

    open: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    void: tuple[str, ...] = ()
    otherwise: Literal["open", "closed", "void"] | None = None

    def __post_init__(self) -> None:
        _no_value_twice("status", {"open": self.open, "closed": self.closed, "void": self.void})


@dataclass(frozen=True, slots=True)
class Codes(Strict):
    """Which answers mean yes: the scoring rule of a scale of two, three or five points.

    Attributes
    ----------
    yes, no
        Answers that count as yes, and as no.
    none
        What stands where nobody answered; such a case does not count as called back.
    """

    yes: Annotated[tuple[str, ...], Field(min_length=1)]
    no: Annotated[tuple[str, ...], Field(min_length=1)]
    none: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _no_value_twice("answers", {"yes": self.yes, "no": self.no, "none": self.none})


@dataclass(frozen=True, slots=True)
class Flag(Strict):
    """Cases that are not what they seem.

    Attributes
    ----------
    name
        What accounts call it.
    action
        ``drop`` takes the case out, into quarantine; ``duplicate`` marks one that repeats another;
        ``internal`` keeps it but counts it as nobody's; ``consultation`` counts a question that
        was answered, not a complaint.
    column
        Where it shows.
    equals, contains
        Values that are the cell, or that stand somewhere in it; upper and lower case count as the
        same.
    reason
        Why, in a few words.
    """

    name: Name
    action: Literal["drop", "duplicate", "internal", "consultation"]
    column: TicketColumnName
    reason: str
    equals: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.equals and not self.contains:
            raise ValueError(f"the flag {self.name!r} needs 'equals' or 'contains'")


@dataclass(frozen=True, slots=True)
class Repair(Strict):
    """Something that is systematically wrong and can be put right.

    Attributes
    ----------
    kind
        ``on_time_without_due``: a mark of being on time is taken away where there is no deadline.
        ``default_coordinates``: a case that a geocoder put on one point for want of a better one
        loses its district and street.
    reason
        How it is known, in a few words.
    sources
        The sources concerned; all of them if none is named.
    longitude, latitude
        For ``default_coordinates``: the point, in degrees, met to 1e-5.
    """

    kind: Literal["on_time_without_due", "default_coordinates"]
    reason: str
    sources: tuple[Name, ...] = ()
    longitude: float | None = None
    latitude: float | None = None

    def __post_init__(self) -> None:
        point = self.longitude is not None and self.latitude is not None
        if (self.kind == "default_coordinates") != point:
            raise ValueError(
                "'longitude' and 'latitude' go together with kind 'default_coordinates'"
            )


@dataclass(frozen=True, slots=True)
class Privacy(Strict):
    """How tickets are kept from telling who someone is.

    Attributes
    ----------
    text
        ``drop`` the free text, or ``strip`` numbers, addresses and names from it and keep the rest.
    names
        Headers of raw columns that hold a person's name. They are never kept; what stands in them
        is taken out of the texts of the same row.
    """

    text: Literal["drop", "strip"] = "drop"
    names: tuple[str, ...] = ()


def _no_value_twice(table: str, given: dict[str, tuple[str, ...]]) -> None:
    seen: dict[str, str] = {}
    for key, values in given.items():
        for value in values:
            if value in seen:
                raise ValueError(
                    f"{table}: {value!r} stands under both {seen[value]!r} and {key!r}"
                )
            seen[value] = key
