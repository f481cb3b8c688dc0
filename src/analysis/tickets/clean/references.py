"""Read the register of units and the crosswalk that a study of tickets is held against."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.clean.places import refuse
from analysis.clean.registers import parse_months_in, problems_in, read_register, read_rows
from analysis.study.schema import Study
from analysis.study.sources import Register
from analysis.tickets.clean.directory import find_dead_ends

__all__ = ["NO_REFERENCES", "TicketReferences", "read_ticket_references"]

_LIFE = ("valid_from", "valid_to")
_CROSSWALK_COLUMNS = ("former_unit", "unit", "valid_from")


@dataclass(frozen=True, slots=True)
class TicketReferences:
    """The units of today, and what became of those of the past.

    Attributes
    ----------
    units
        `unit` and `district`, and `valid_from` and `valid_to` (months; missing where a unit's life
        has no such end) if the register has them; None if the study has no register.
    crosswalk
        `former_unit`, `unit` and `valid_from` (the first month under the present name); empty if
        no unit was renamed or merged.
    """

    units: pd.DataFrame | None
    crosswalk: pd.DataFrame


NO_REFERENCES = TicketReferences(None, pd.DataFrame(columns=list(_CROSSWALK_COLUMNS)))


def read_ticket_references(study: Study, folder: Path) -> TicketReferences:
    """Read a study's register and crosswalk.

    Unlike counts by month, a ticket has a date, so that a name may be used again for another unit:
    a former unit's name may also be in the register.

    Parameters
    ----------
    study
        The study.
    folder
        Its raw folder.

    Raises
    ------
    DataError
        If a file cannot be read, a unit stands twice or has no name or no district, a month cannot
        be read, or a former unit leads to no unit of the register.
    """
    if study.register is None:
        return NO_REFERENCES
    units = _read_units(study.register, folder)
    crosswalk = NO_REFERENCES.crosswalk
    if study.register.crosswalk is not None:
        crosswalk = _read_crosswalk(study.register, folder, units)
    return TicketReferences(units, crosswalk)


def _read_units(register: Register, folder: Path) -> pd.DataFrame:
    units = read_register(register, folder, optional=_LIFE)
    life = [name for name in _LIFE if name in units]
    for name in life:
        units = parse_months_in(units, name, may_be_empty=True)
    return units[["unit", "district", *life]]


def _read_crosswalk(register: Register, folder: Path, units: pd.DataFrame) -> pd.DataFrame:
    assert register.crosswalk is not None
    raw = read_rows(folder / register.crosswalk, register.encoding, _CROSSWALK_COLUMNS)
    crosswalk = parse_months_in(raw, "valid_from")
    columns = crosswalk[list(_CROSSWALK_COLUMNS)]
    twice = columns.duplicated(["former_unit", "valid_from"], keep=False)
    lost = columns["former_unit"].isin(find_dead_ends(units, columns))
    refuse(
        "the crosswalk does not lead to the units of the register",
        [
            *problems_in(
                crosswalk[twice],
                "former_unit",
                "becomes two units in one month",
                "tickets of a unit that was split cannot be carried over; leave it out",
            ),
            *problems_in(
                crosswalk[lost & ~twice],
                "unit",
                "is not in the register, nor does it become a unit that is",
                "correct the name, or add the unit to the register",
            ),
        ],
    )
    return columns
