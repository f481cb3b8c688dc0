"""Read the tables that units are held against: registers, crosswalks, adoption months."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from analysis.clean.months import parse_months
from analysis.clean.places import Places, refuse
from analysis.clean.text import read_columns, read_text_table
from analysis.errors import Problem
from analysis.study.sources import Register

__all__ = ["parse_months_in", "problems_in", "problems_of_repeats", "read_register", "read_rows"]


def read_register(
    register: Register, folder: Path, required: Sequence[str] = (), optional: Sequence[str] = ()
) -> pd.DataFrame:
    """Read the register of a study's units.

    Parameters
    ----------
    register
        What the study says of it.
    folder
        The study's raw folder.
    required, optional
        Columns besides `unit` and `district`: those that it must have, and those that are read if
        it has them.

    Returns
    -------
    pandas.DataFrame
        As `read_rows`.

    Raises
    ------
    DataError
        If the file cannot be read or lacks a column, or a unit stands twice, or has no name or no
        district.
    """
    path = folder / register.units
    columns = ("unit", "district", *required)
    if optional:
        headers = read_text_table(path, register.encoding).columns
        columns += tuple(name for name in optional if name in headers)
    units = read_rows(path, register.encoding, columns)
    named = units[units["unit"] != ""]
    refuse(
        "the register does not name each unit once, with its district",
        [
            *problems_in(units[units["unit"] == ""], "unit", "is no name of a unit", "give it one"),
            *problems_of_repeats(named, "unit"),
            *problems_in(
                named[named["district"] == ""], "unit", "is in no district", "name its district"
            ),
        ],
    )
    return units


def read_rows(path: Path, encoding: str, columns: tuple[str, ...]) -> pd.DataFrame:
    """Read columns of a file as text, with the `file` and the `row` that each cell stands in."""
    return read_columns(path, encoding, columns).reset_index().assign(file=path.name)


def parse_months_in(
    table: pd.DataFrame, column: str, *, may_be_empty: bool = False
) -> pd.DataFrame:
    """Turn a text column of `read_rows` into months; an empty cell, if there may be any, to none.

    Raises
    ------
    DataError
        If a cell is not a month.
    """
    stated = table[table[column] != ""] if may_be_empty else table
    places = Places({(file, "period"): column for file in table["file"].unique()})
    months = parse_months(stated.rename(columns={column: "period"}), places)["period"]
    return table.assign(**{column: months.reindex(table.index)})


def problems_of_repeats(table: pd.DataFrame, column: str) -> list[Problem]:
    """Name the cells of `read_rows` that say of two rows that they are the same unit."""
    hint = "a unit has one row; give units of the same name in two districts different names"
    twice = table[table.duplicated(column, keep=False)]
    return problems_in(twice, column, "stands more than once", hint)


def problems_in(rows: pd.DataFrame, column: str, what: str, hint: str) -> list[Problem]:
    """Say the same of each row's cell in a column, with its place."""
    return [
        Problem(f"{value!r} {what}", f"{file}, row {row}, column {column!r}", hint)
        for file, row, value in zip(rows["file"], rows["row"], rows[column], strict=True)
    ]
