"""The twin's raw files, as such files are: a table a year, with headers that change."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd

from analysis.errors import Problem, StudyError
from analysis.simulate.arrays import Integers
from analysis.simulate.constants import CATEGORY_WEIGHTS, DISTRICTS, MONTHS
from analysis.simulate.dirt import (
    CORRECTION,
    SUBTOTAL,
    TOTAL,
    Slip,
    add_totals,
    choose_slips,
    soil,
)
from analysis.simulate.former import EVENTS, crosswalk, use_former_names
from analysis.study.schema import Study
from analysis.study.sources import Source

__all__ = ["report_files"]

# Which of a column's headers, and of the month formats, a year's file uses.
STYLES = {2019: 0, 2020: 0, 2021: 1, 2022: 1, 2023: 2, 2024: 2, 2025: 2}
PER_CENT = "（%）"  # a header that says so leaves the sign out of the cells


def report_files(
    panel: pd.DataFrame,
    categories: pd.DataFrame,
    register: pd.DataFrame,
    truth: pd.DataFrame,
    study: Study,
    rng: np.random.Generator,
) -> dict[str, bytes]:
    """Write everything that the city would hand over, and the truth.

    Parameters
    ----------
    panel, categories, register, truth
        See `analysis.simulate.twin.Twin`.
    study
        Says what the files are called and look like; it has a register, adoption and truth.
    rng
        Source of the dirt.

    Returns
    -------
    dict
        File name -> content: the yearly reports, the register, the crosswalk, the adoption
        table, the reviewed list of impossible values, and the true effects.

    Raises
    ------
    StudyError
        If the study does not name one of the files beside the yearly reports.
    """
    crosswalk_file = None if study.register is None else study.register.crosswalk
    named = (study.register, crosswalk_file, study.adoption, study.known_errors, study.truth)
    register_file, crosswalk_file, adoption_file, errors_file, truth_file = named
    if (
        register_file is None
        or crosswalk_file is None
        or adoption_file is None
        or errors_file is None
        or truth_file is None
    ):
        wanted = ("register", "register.crosswalk", "adoption", "known_errors", "truth")
        absent = [key for key, given in zip(wanted, named, strict=True) if given is None]
        hint = "the twin writes this file too, so the study has to name it"
        problems = [Problem(f"{key!r} is missing", f"{study.name}.toml", hint) for key in absent]
        raise StudyError("raw files cannot be simulated", problems)
    streets = use_former_names(panel, rng)
    present = streets.index[streets["unit"].isin(register["unit"])].to_numpy()
    files, errors = _yearly(streets, present, study.get_source("streets"), register, rng)
    mixes = categories.assign(district=categories["unit"])
    more, _ = _yearly(mixes, mixes.index.to_numpy(), study.get_source("categories"), register, rng)
    units = register[["unit", "district", "population"]]
    adopted = register.dropna(subset="adoption_period")
    adopted = adopted[["unit", "district", "adoption_period"]]
    tables = {
        register_file.units: (units, register_file.encoding),
        crosswalk_file: (crosswalk(register), register_file.encoding),
        adoption_file.file: (adopted, adoption_file.encoding),
        errors_file: (errors.sort_values(["file", "row"]), "utf-8"),
        truth_file: (truth, "utf-8"),
    }
    plain = {
        name: table.to_csv(index=False, lineterminator="\n").encode(encoding)
        for name, (table, encoding) in tables.items()
    }
    return files | more | plain


def _yearly(
    reports: pd.DataFrame,
    labels: Integers,
    source: Source,
    register: pd.DataFrame,
    rng: np.random.Generator,
) -> tuple[dict[str, bytes], pd.DataFrame]:
    """Make one kind of report dirty and write it year by year, with its impossible values."""
    counts = [name for name in reports.columns if reports[name].dtype.kind == "i"]
    counts = [name for name in counts if name != "population"]
    reports = reports.astype(dict.fromkeys(counts, "Int64"))
    slips = choose_slips(labels, source.name, rng)
    rows = soil(reports, counts, slips, rng)
    is_street = "category" not in source.keys
    rows = add_totals(
        rows, counts, {TOTAL: source.totals[0], SUBTOTAL: source.totals[-1]}, by_district=is_street
    )
    rows = _in_order(rows, register)
    files, errors = {}, []
    for year in sorted(set(MONTHS.year)):
        name = source.files.replace("*", str(year))
        frame = rows[rows["reported"].dt.year == year]
        cells = _as_text(frame, source, STYLES[year])
        here = [slip for slip in slips.impossible if slip.label in frame.index]
        errors += [_spoil(cells, frame, slip, source, STYLES[year], name) for slip in here]
        files[name] = _csv(cells, source.encoding)
    return files, pd.DataFrame(errors, columns=["file", "row", "column", "value", "reason"])


def _in_order(rows: pd.DataFrame, register: pd.DataFrame) -> pd.DataFrame:
    """Sort as a clerk would: by month, districts in their usual order, corrections at the end."""
    districts = {district.name: place for place, district in enumerate(DISTRICTS)}
    units = {unit: float(place) for place, unit in enumerate(register["unit"])}
    for event in EVENTS:
        units |= {former: units[event.unit] + n / 10 for n, former in enumerate(event.former)}
    categories = {category: place for place, category in enumerate(CATEGORY_WEIGHTS)}
    last = len(units)
    ranked = rows.assign(
        at_end=rows["place"].isin([TOTAL, CORRECTION]),
        of_district=rows["district"].map(districts).fillna(last),
        of_unit=rows["unit"].map(units).fillna(last),
        of_category=rows["category"].map(categories).fillna(last) if "category" in rows else 0,
    )
    keys = ["reported", "at_end", "of_district", "place", "of_unit", "of_category", "period"]
    # Totals come first among what stands at the end of a month.
    ranked.loc[ranked["place"] == TOTAL, "of_district"] = -1
    return ranked.sort_values(keys, kind="stable")


def _as_text(rows: pd.DataFrame, source: Source, style: int) -> pd.DataFrame:
    """Write the cells of one year's file, under that year's headers."""
    missing = source.missing[0]
    rates = {given.rate: given for given in source.from_rate}
    cells: dict[str, list[str]] = {}
    for name in source.headers:
        header = _header(source, name, style)
        if header in cells:
            continue  # a district report has one column that is both unit and district
        if name == "period":
            cells[header] = [_month(period, style) for period in rows["period"]]
        elif name in rates:
            sign = "" if PER_CENT in header else "%"
            top, bottom = _whole(rows[rates[name].count]), _whole(rows[rates[name].of])
            cells[header] = [_rate(a, b, sign, missing) for a, b in zip(top, bottom, strict=True)]
        elif name in ("unit", "district", "category"):
            total = source.totals[0]
            cells[header] = rows[name].fillna(total).tolist()
        else:
            cells[header] = [_count(value, style, missing) for value in _whole(rows[name])]
    if source.restated is not None:
        marks = rows["place"] == CORRECTION
        cells[source.restated] = ["更正" if mark else "" for mark in marks]
    return pd.DataFrame(cells, index=rows.index)


def _header(source: Source, name: str, style: int) -> str:
    headers = source.headers[name]
    return headers[min(style, len(headers) - 1)]


def _month(period: pd.Period, style: int) -> str:
    year, month = period.year, period.month
    return (f"{year}-{month:02d}", f"{year}年{month}月", f"{year}{month:02d}")[style]


def _whole(counts: pd.Series) -> list[int | None]:
    return [None if pd.isna(value) else int(value) for value in counts]


def _count(value: int | None, style: int, missing: str) -> str:
    if value is None:
        return missing
    return str(value) if style == 0 else f"{value:,}"


def _rate(part: int | None, whole: int | None, sign: str, missing: str) -> str:
    if part is None or not whole:
        return missing
    return f"{100 * part / whole:.2f}{sign}"


def _spoil(
    cells: pd.DataFrame, rows: pd.DataFrame, slip: Slip, source: Source, style: int, file: str
) -> dict[str, str | int]:
    """Write an impossible value into its cell and return its line of the reviewed list."""
    header = _header(source, slip.column, style)
    sign = "" if PER_CENT in header else "%"
    place = rows.index.tolist().index(slip.label)
    complaints, surveyed = (int(rows[name].iloc[place]) for name in ("complaints", "surveyed"))
    value = {
        "satisfaction_rate": f"103.20{sign}",
        "resolution_rate": f"109.50{sign}",
        "complaints": f"-{_count(complaints, style, '')}",
        # One digit too many.
        "surveyed": _count(surveyed * 10, style, ""),
    }[slip.column]
    cells.loc[slip.label, header] = value
    line = place + 2  # the header is line 1
    return {"file": file, "row": line, "column": header, "value": value, "reason": slip.reason}


def _csv(cells: pd.DataFrame, encoding: str) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(cells.columns)
    writer.writerows(cells.itertuples(index=False))
    return text.getvalue().encode(encoding)
