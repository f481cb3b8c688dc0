"""Read the register of units and the crosswalk that a study of tickets is held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.clean.months import parse_months
from analysis.clean.places import Places, refuse
from analysis.clean.text import read_columns, read_text_table
from analysis.errors import Problem
from analysis.study.schema import Study
from analysis.study.sources import Register
from analysis.tickets.clean.directory import find_dead_ends

__all__ = ["NO_REFERENCES", "TicketReferences", "read_ticket_references"]

_UNIT_COLUMNS = ("unit", "district")
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
    path = folder / register.units
    raw = read_text_table(path, register.encoding)
    life = [name for name in _LIFE if name in raw.columns]
    units = read_columns(path, register.encoding, (*_UNIT_COLUMNS, *life))
    units = units.reset_index().assign(file=path.name)
    nameless = units[units["unit"] == ""]
    twice = units[units.duplicated("unit", keep=False) & (units["unit"] != "")]
    homeless = units[(units["district"] == "") & (units["unit"] != "")]
    refuse(
        "the register does not name each unit once, with its district",
        [
            *_problems(nameless, "unit", "the unit has no name", "give it one"),
            *_problems(
                twice,
                "unit",
                "the unit stands more than once",
                "a unit has one row; give units of the same name in two districts different names",
            ),
            *_problems(homeless, "unit", "the unit is in no district", "name its district"),
        ],
    )
    for name in life:
        units = _parse_months_in(units, name, may_be_empty=True)
    return units[[*_UNIT_COLUMNS, *life]]


def _read_crosswalk(register: Register, folder: Path, units: pd.DataFrame) -> pd.DataFrame:
    assert register.crosswalk is not None
    path = folder / register.crosswalk
    raw = read_columns(path, register.encoding, _CROSSWALK_COLUMNS)
    crosswalk = _parse_months_in(raw.reset_index().assign(file=path.name), "valid_from")
    columns = crosswalk[list(_CROSSWALK_COLUMNS)]
    twice = columns.duplicated(["former_unit", "valid_from"], keep=False)
    lost = columns["former_unit"].isin(find_dead_ends(units, columns))
    refuse(
        "the crosswalk does not lead to the units of the register",
        [
            *_problems(
                crosswalk[twice],
                "former_unit",
                "the unit becomes two units in one month",
                "tickets of a unit that was split cannot be carried over; leave it out",
            ),
            *_problems(
                crosswalk[lost & ~twice],
                "unit",
                "it is not in the register, nor does it become a unit that is",
                "correct the name, or add the unit to the register",
            ),
        ],
    )
    return columns


def _parse_months_in(
    table: pd.DataFrame, column: str, *, may_be_empty: bool = False
) -> pd.DataFrame:
    stated = table[table[column] != ""] if may_be_empty else table
    places = Places({(file, "period"): column for file in table["file"].unique()})
    months = parse_months(stated.rename(columns={column: "period"}), places)["period"]
    return table.assign(**{column: months.reindex(table.index)})


def _problems(rows: pd.DataFrame, column: str, what: str, hint: str) -> Sequence[Problem]:
    return [
        Problem(f"{value!r}: {what}", f"{file}, row {row}, column {column!r}", hint)
        for file, row, value in zip(rows["file"], rows["row"], rows[column], strict=True)
    ]
