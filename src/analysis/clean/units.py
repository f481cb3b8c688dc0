"""Hold the names of units against the register, and refuse those that it does not know."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

import pandas as pd

from analysis.clean.ledger import Entry, Ledger, Step, entries_for
from analysis.clean.places import Places, refuse
from analysis.clean.references import References
from analysis.errors import Problem, did_you_mean
from analysis.study.sources import Source

__all__ = ["check_units", "reports_on_districts"]

STEP = "names of units"


def check_units(
    table: pd.DataFrame, source: Source, references: References, places: Places
) -> tuple[pd.DataFrame, Ledger]:
    """Check every unit and district, and spell them as the register does.

    Parameters
    ----------
    table
        Text cells with `file`, `row`, `unit` and `district`.
    source
        The source; where its units are districts, they are held against the register's districts.
    references
        The register and the crosswalk, whose former units are known too.

    Returns
    -------
    table : pandas.DataFrame
        The same rows; a name that differs from the register's only in the width of its characters
        or in spaces has the register's spelling.
    ledger : Ledger
        The names whose spelling was changed.

    Raises
    ------
    DataError
        If a name is empty or not known, or a present unit is reported under another district.
    """
    problems = _empty_names(table, places)
    spelled = table
    entries: tuple[Entry, ...] = ()
    if references.units is not None:
        units, former = references.units, references.crosswalk["former_unit"]
        known = units["district"] if reports_on_districts(source) else [*units["unit"], *former]
        spelled = table.assign(
            unit=_respell(table["unit"], known),
            district=_respell(table["district"], units["district"]),
        )
        entries = entries_for(
            table[spelled["unit"] != table["unit"]],
            step=STEP,
            action="changed",
            reason="spelled as in the register",
            column="unit",
            before=table["unit"][spelled["unit"] != table["unit"]],
            after=spelled["unit"][spelled["unit"] != table["unit"]],
        )
        problems += _unknown(spelled, "unit", known, places)
        problems += _unknown(spelled, "district", units["district"], places)
        if not problems and not reports_on_districts(source):
            problems += _wrong_district(spelled, references, places)
    refuse("some units are not those of the register", problems)
    return spelled, Ledger(entries, (Step(STEP, len(table), len(spelled)),))


def reports_on_districts(source: Source) -> bool:
    """Tell whether a source's unit is the district itself."""
    return "unit" in source.headers and source.headers["unit"] == source.headers.get("district")


def _empty_names(table: pd.DataFrame, places: Places) -> list[Problem]:
    names = [name for name in ("unit", "district", "category") if name in table]
    return [
        Problem("the cell is empty", places(file, row, name), "every row names its unit")
        for name in names
        for file, row in table.loc[table[name].fillna("") == "", ["file", "row"]].itertuples(
            index=False
        )
    ]


def _unknown(table: pd.DataFrame, name: str, known: Iterable[str], places: Places) -> list[Problem]:
    names = set(known)
    wrong = table[~table[name].isin(names) & (table[name].fillna("") != "")]
    # A name that is wrong all year is one problem, shown where it first stands.
    return [
        Problem(
            f"{value!r} is not in the register ({len(rows)} rows)",
            places(rows["file"].iloc[0], rows["row"].iloc[0], name),
            "a new, renamed or merged unit belongs in the register or the crosswalk; "
            f"{did_you_mean(str(value), names)}",
        )
        for value, rows in wrong.groupby(name, sort=False)
    ]


def _wrong_district(table: pd.DataFrame, references: References, places: Places) -> list[Problem]:
    assert references.units is not None
    home = references.units.set_index("unit")["district"]
    # A former unit may have belonged to another district; the crosswalk says where it is now.
    former = table["unit"].isin(references.crosswalk["former_unit"])
    expected = table["unit"].map(home)
    wrong = table[(table["district"] != expected) & ~former]
    return [
        Problem(
            f"{unit!r} is reported under {district!r}, expected {home[unit]!r}",
            places(file, row, "district"),
            "correct the row, or the register",
        )
        for file, row, unit, district in wrong[["file", "row", "unit", "district"]].itertuples(
            index=False
        )
    ]


def _respell(names: pd.Series, known: Iterable[str]) -> pd.Series:
    by_plain = {_plain(name): name for name in known}
    spelling = {name: by_plain.get(_plain(name), name) for name in names.dropna().unique()}
    return names.map(spelling)


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split())
