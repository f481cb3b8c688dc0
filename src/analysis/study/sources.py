"""The part of a study file that says what the raw files look like."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from analysis.study.fields import ColumnName, MeasureName, Month, Name, Strict

__all__ = ["Adoption", "FromRate", "Initiators", "Register", "Source"]


@dataclass(frozen=True, slots=True)
class FromRate(Strict):
    """A count that is published only as a rate, in percent, of another count.

    Attributes
    ----------
    count
        The count of the contract that is worked out, rounded to the nearest whole number.
    rate
        The rate that the report gives; its header is in the source's `headers`.
    of
        The count that the rate is a share of.
    """

    count: ColumnName
    rate: MeasureName
    of: ColumnName


@dataclass(frozen=True, slots=True)
class Initiators(Strict):
    """Which counts of a row become which columns, by who opened the case.

    Attributes
    ----------
    column
        The header of the raw column that says who opened the case.
    resident, proactive, system
        For each value of that column: raw count -> column of the contract. What is not named is
        left out.
    """

    column: str
    resident: dict[str, ColumnName]
    proactive: dict[str, ColumnName]
    system: dict[str, ColumnName] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source(Strict):
    """One kind of raw file and how its columns map to the data contract.

    Attributes
    ----------
    name
        What levels call it.
    files
        A glob in the study's raw folder.
    encoding
        The encoding of the files; a file that does not decode is refused.
    layout
        ``wide`` (one column per count) or ``by_initiator`` (one row per initiator).
    keys
        The columns of the contract that identify a row.
    absent
        What a unit's month without a row means: a report that is ``missing``, or ``zero`` cases.
    headers
        Column of the contract -> every header it has had.
    constants
        Columns of the contract that have one value in the whole source.
    missing
        Cells that mean "no value".
    totals
        Labels of rows that sum up others.
    not_a_unit
        Labels in the unit column that are no unit.
    ignored
        Headers of columns that the study does not use; any other unknown header is an error.
    restated
        Header of the column in which a non-empty cell marks a correction of an earlier row.
    from_rate
        Counts that are published only as rates.
    initiators
        For ``by_initiator``: who opened the case decides the column.
    first_period, last_period
        The months the source covers, if fewer than the study's.
    """

    name: Name
    files: str
    encoding: Literal["utf-8", "utf-8-sig", "gb18030", "utf-16"]
    layout: Literal["wide", "by_initiator"]
    keys: tuple[ColumnName, ...]
    absent: Literal["missing", "zero"]
    headers: dict[ColumnName, tuple[str, ...]]
    constants: dict[ColumnName, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ("",)
    totals: tuple[str, ...] = ()
    not_a_unit: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    restated: str | None = None
    from_rate: tuple[FromRate, ...] = ()
    initiators: Initiators | None = None
    first_period: Month | None = None
    last_period: Month | None = None

    def __post_init__(self) -> None:
        if (self.layout == "by_initiator") != (self.initiators is not None):
            raise ValueError("layout 'by_initiator' and the table 'initiators' go together")


@dataclass(frozen=True, slots=True)
class Register(Strict):
    """Which units there are, and what became of those that were renamed or merged.

    Attributes
    ----------
    units
        A file with `unit`, `district` and `population`, the units as they are today.
    crosswalk
        A file with `former_unit`, `unit`, `district`, `valid_from` and `event`, if any unit was
        renamed or merged.
    encoding
        The encoding of both.
    """

    units: str
    crosswalk: str | None = None
    encoding: Literal["utf-8", "utf-8-sig", "gb18030", "utf-16"] = "utf-8"


@dataclass(frozen=True, slots=True)
class Adoption(Strict):
    """The month in which each unit came under the programme.

    Attributes
    ----------
    file
        A file with `unit`, `district` and `adoption_period`; a unit that is not in it never came
        under the programme.
    encoding
        Its encoding.
    """

    file: str
    encoding: Literal["utf-8", "utf-8-sig", "gb18030", "utf-16"] = "utf-8"
