"""Read what a study knows besides its reports: units, their history, and adoption months."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.clean.known_errors import KnownError, read_known_errors
from analysis.clean.numbers import parse_numbers
from analysis.clean.places import Places, refuse
from analysis.clean.registers import (
    parse_months_in,
    problems_of_repeats,
    read_register,
    read_rows,
)
from analysis.errors import Problem, did_you_mean
from analysis.study.schema import Study
from analysis.study.sources import Adoption, Register

__all__ = ["References", "read_references"]


@dataclass(frozen=True, slots=True)
class References:
    """What the reports of a study are held against.

    Attributes
    ----------
    units
        `unit`, `district` and `population` (Int64; missing if a study of tickets does not give
        it), the units as they are today; None if the study has no register.
    crosswalk
        `former_unit`, `unit`, `district`, `valid_from` (first month under the present name) and
        `event`; empty if no unit was renamed or merged.
    adoption
        `unit`, `district` and `adoption_period` (months), with `file` and `row`; None if the
        study has no adoption table.
    known_errors
        The reviewed list of impossible cells.
    """

    units: pd.DataFrame | None
    crosswalk: pd.DataFrame
    adoption: pd.DataFrame | None
    known_errors: tuple[KnownError, ...]


def read_references(study: Study, folder: Path) -> References:
    """Read a study's register, crosswalk, adoption table and known errors.

    Parameters
    ----------
    study
        The study.
    folder
        Its raw folder.

    Raises
    ------
    DataError
        If a file cannot be read, a unit stands twice or has no name or no district, or a former
        unit leads to no unit of the register.
    """
    units, crosswalk = None, _EMPTY_CROSSWALK
    if study.register is not None:
        units = _read_units(study, study.register, folder)
        # Tickets were brought to the units of today, each by its date, when they were ingested.
        if study.source:
            crosswalk = _read_crosswalk(study.register, folder, units)
    return References(
        units=units,
        crosswalk=crosswalk,
        adoption=_read_adoption(study.adoption, folder) if study.adoption else None,
        known_errors=(read_known_errors(folder / study.known_errors) if study.known_errors else ()),
    )


_CROSSWALK_COLUMNS = ("former_unit", "unit", "district", "valid_from", "event")
_EMPTY_CROSSWALK = pd.DataFrame(columns=list(_CROSSWALK_COLUMNS))
_NO_HEADERS = Places({})


def _read_units(study: Study, register: Register, folder: Path) -> pd.DataFrame:
    # A district's coverage weighs its units by their population; nothing else needs it.
    may_lack = not study.source and not any(level.aggregate for level in study.level)
    if may_lack:
        units = read_register(register, folder, optional=("population",))
    else:
        units = read_register(register, folder, required=("population",))
    if "population" in units:
        units = parse_numbers(units, _NO_HEADERS, counts=["population"], rates=[], missing=[])
    else:
        units = units.assign(population=pd.array([pd.NA] * len(units), "Int64"))
    return units[["unit", "district", "population"]]


def _read_crosswalk(register: Register, folder: Path, units: pd.DataFrame) -> pd.DataFrame:
    if register.crosswalk is None:
        return _EMPTY_CROSSWALK
    path = folder / register.crosswalk
    crosswalk = read_rows(path, register.encoding, _CROSSWALK_COLUMNS)
    problems = _crosswalk_problems(crosswalk, set(units["unit"]))
    refuse("the crosswalk does not lead to the units of the register", problems)
    return parse_months_in(crosswalk, "valid_from")


def _crosswalk_problems(crosswalk: pd.DataFrame, units: set[str]) -> list[Problem]:
    """Find former units that lead to no unit, to two units, or to one that still exists."""
    becomes: dict[str, str] = {}
    problems = []
    places = zip(crosswalk["file"], crosswalk["row"], strict=True)
    names = zip(crosswalk["former_unit"], crosswalk["unit"], strict=True)
    for (file, row), (former, unit) in zip(places, names, strict=True):
        where = f"{file}, row {row}, column 'former_unit'"
        if becomes.setdefault(former, unit) != unit:
            what = f"{former!r} becomes {becomes[former]!r} and {unit!r}"
            hint = "counts of a unit that was split cannot be carried over; leave it out"
            problems.append(Problem(what, where, hint))
        elif former in units and former != unit:
            what = f"{former!r} is a former unit but also in the register"
            hint = "give the unit of today another name if the name was used again"
            problems.append(Problem(what, where, hint))
    for (file, row), unit in zip(
        zip(crosswalk["file"], crosswalk["row"], strict=True), crosswalk["unit"], strict=True
    ):
        trail = [unit]
        while trail[-1] not in units and becomes.get(trail[-1], unit) not in trail:
            trail.append(becomes[trail[-1]])
        if trail[-1] not in units:
            what = f"{unit!r} is not in the register, nor does it become a unit that is"
            where = f"{file}, row {row}, column 'unit'"
            problems.append(Problem(what, where, did_you_mean(unit, units)))
    return problems


def _read_adoption(adoption: Adoption, folder: Path) -> pd.DataFrame:
    columns = ("unit", "district", "adoption_period")
    table = read_rows(folder / adoption.file, adoption.encoding, columns)
    refuse("a unit stands twice", problems_of_repeats(table, "unit"))
    # A unit that is listed without a month never came under the programme, like one not listed.
    return parse_months_in(table[table["adoption_period"] != ""], "adoption_period")
