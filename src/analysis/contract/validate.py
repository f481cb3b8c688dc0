"""Hold a panel against the contract, and say every way in which it breaks it."""

from __future__ import annotations

import re

import pandas as pd
import pandera.pandas as pa

from analysis.contract.columns import COLUMNS, Column, column
from analysis.errors import DataError, Problem, did_you_mean, listing

__all__ = ["panel_schema", "validate_panel"]

# More rows than this of one kind are counted, not listed.
ROWS_SHOWN = 5

# A day after the month does no harm; anything else that pandas reads as a date might.
_MONTH = r"\d{4}-\d{2}(-\d{2})?( 00:00:00)?"


def validate_panel(panel: pd.DataFrame, *, name: str = "panel") -> pd.DataFrame:
    """Return the panel with the contract's dtypes, or say all that is wrong with it.

    Parameters
    ----------
    panel
        One row per unit (and `category`, if there is such a column) and `period`.
    name
        What to call it in messages, usually its file.

    Returns
    -------
    pandas.DataFrame
        The same rows, with the contract's dtypes and its column order. Rows whose labels are not
        different whole numbers are numbered anew, from 0.

    Raises
    ------
    DataError
        If a required column is missing, a column is not of the contract, a value has the wrong
        type or is outside its range, a count exceeds what bounds it, or a row appears twice.

    Examples
    --------
    >>> months = pd.period_range("2024-01", periods=2, freq="M")
    >>> counts = {"complaints": [5, 6], "proactive_cases": [1, 0]}
    >>> panel = pd.DataFrame({"unit": "A", "district": "D", "period": months, **counts})
    >>> validate_panel(panel)["complaints"].dtype
    Int64Dtype()
    """
    problems = _column_problems(panel, name)
    if problems:
        raise DataError(f"{name} does not have the columns of the data contract", problems)
    ordered = panel[[declared.name for declared in COLUMNS if declared.name in panel.columns]]
    if not (panel.index.is_unique and pd.api.types.is_integer_dtype(panel.index)):
        # Messages name a row by its label.
        ordered = ordered.reset_index(drop=True)
    title = f"{name} breaks the data contract"
    if problems := _month_problems(ordered, name):
        raise DataError(title, problems)
    try:
        # Types first: a comparison of columns with a wrong type would only repeat the fault.
        typed = _types_only(tuple(ordered.columns)).validate(ordered, lazy=True)
        return panel_schema(tuple(ordered.columns)).validate(typed, lazy=True)
    except pa.errors.SchemaErrors as failure:
        found = _value_problems(failure.failure_cases, ordered, name)
        raise DataError(title, found) from None


def panel_schema(names: tuple[str, ...]) -> pa.DataFrameSchema:
    """Build the pandera schema for a panel with these columns of the contract.

    Parameters
    ----------
    names
        Column names, all declared in `COLUMNS`.
    """
    declared = [column(name) for name in names]
    bounds = [
        _bound_check(lower.name, upper)
        for lower in declared
        for upper in lower.at_most
        if upper in names
    ]
    unique = [c.name for c in declared if c.key and c.name != "district"]
    return pa.DataFrameSchema(
        {c.name: _column_schema(c) for c in declared},
        checks=[*bounds, _unique_check(unique)],
        strict=True,
    )


def _types_only(names: tuple[str, ...]) -> pa.DataFrameSchema:
    typed = {name: pa.Column(column(name).dtype, nullable=True, coerce=True) for name in names}
    return pa.DataFrameSchema(typed)


def _column_schema(declared: Column) -> pa.Column:
    checks: list[pa.Check] = []
    if declared.kind in {"count", "days"}:
        checks.append(pa.Check.ge(0, error="is negative"))
    if declared.kind == "share":
        checks.append(pa.Check.in_range(0, 1, error="is not a share between 0 and 1"))
    if declared.kind == "text":
        checks.append(pa.Check.str_length(min_value=1, error="is empty"))
    return pa.Column(declared.dtype, checks=checks, nullable=not declared.key)


def _bound_check(lower: str, upper: str) -> pa.Check:
    def holds(frame: pd.DataFrame) -> pd.Series:
        return (frame[lower] <= frame[upper]).fillna(True).astype(bool)

    return pa.Check(holds, error=f"{lower} exceeds {upper}")


def _unique_check(keys: list[str]) -> pa.Check:
    def holds(frame: pd.DataFrame) -> pd.Series:
        return ~frame.duplicated(keys, keep=False)

    return pa.Check(holds, error=f"{listing(keys)} appear in more than one row")


def _column_problems(panel: pd.DataFrame, name: str) -> list[Problem]:
    known = [c.name for c in COLUMNS]
    missing = [
        Problem(
            f"column {c.name!r} is missing",
            name,
            f"every panel needs it: {c.label_en} ({c.label_zh}), {c.source}",
        )
        for c in COLUMNS
        if c.need == "always" and c.name not in panel.columns
    ]
    unknown = [
        Problem(f"column {given!r} is not in the data contract", name, did_you_mean(given, known))
        for given in map(str, panel.columns)
        if given not in known
    ]
    return missing + unknown


def _month_problems(panel: pd.DataFrame, name: str) -> list[Problem]:
    """Find months written in a way that could be read as another one, such as 'Jan 24'."""
    problems = []
    for declared in COLUMNS:
        if declared.kind != "month" or declared.name not in panel:
            continue
        values = panel[declared.name]
        if isinstance(values.dtype, pd.PeriodDtype):
            continue
        labelled = zip(values.index.tolist(), values, strict=True)
        if rows := [row for row, value in labelled if _is_unclear_month(value)]:
            what = f"{declared.name} is not of the contract's type in "
            places = _list_rows(panel, rows, [declared.name])
            problems.append(Problem(what + places, name, _expected(declared)))
    return problems


def _is_unclear_month(value: object) -> bool:
    return isinstance(value, str) and value != "" and not re.fullmatch(_MONTH, value)


def _expected(declared: Column) -> str:
    if declared.kind != "month":
        return f"expected {declared.allowed}"
    empty = "" if declared.key else ", or an empty cell where there is none"
    return f"expected {declared.allowed}, written as 2024-01{empty}"


def _value_problems(cases: pd.DataFrame, panel: pd.DataFrame, name: str) -> list[Problem]:
    problems = []
    # A check over whole rows is reported by pandera once for each of the row's cells.
    whole_rows = cases["schema_context"] == "DataFrameSchema"
    for check, group in cases[whole_rows].groupby("check", sort=False):
        places = _places(panel, group, list(panel.columns))
        problems.append(Problem(f"{check} in {places}", name, "correct or leave out these rows"))
    for key, group in cases[~whole_rows].groupby(["column", "check"], sort=False):
        where, failed = (str(part) for part in key)
        places = _places(panel, group, [where])
        what = f"{where} {_plain(failed)} in {places}"
        problems.append(Problem(what, name, _expected(column(where))))
    return list(dict.fromkeys(problems))


def _places(panel: pd.DataFrame, group: pd.DataFrame, shown: list[str]) -> str:
    rows = sorted({int(row) for row in group["index"].dropna()})
    if not rows:  # pandera names no row where a whole column could not be converted
        rows = _not_whole(panel[shown[0]])
    return _list_rows(panel, rows, shown)


def _list_rows(panel: pd.DataFrame, rows: list[int], shown: list[str]) -> str:
    places = "; ".join(_row(panel, row, shown) for row in rows[:ROWS_SHOWN])
    more = f" and {len(rows) - ROWS_SHOWN} more" if len(rows) > ROWS_SHOWN else ""
    return places + more


def _not_whole(values: pd.Series) -> list[int]:
    numbers = pd.to_numeric(values, errors="coerce")
    return [int(row) for row in values.index[values.notna() & (numbers % 1 != 0)]]


def _plain(check: str) -> str:
    if check == "not_nullable":
        return "is missing"
    if check.startswith(("coerce_dtype", "dtype")):
        return "is not of the contract's type"
    return check


def _row(panel: pd.DataFrame, label: int, shown: list[str]) -> str:
    row = panel.loc[label]
    keys = ["unit", "category", "period"]
    identity = ", ".join(str(row[key]) for key in keys if key in row.index)
    values = ", ".join(f"{name} {row[name]}" for name in shown if name not in (*keys, "district"))
    return f"row {label} ({identity}): {values}" if values else f"row {label} ({identity})"
