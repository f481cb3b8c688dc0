"""A panel and a design from a file and the names of its columns, for those who write no Python."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from analysis.effects.columns import period_labels, period_numbers
from analysis.errors import DataError, Problem, did_you_mean

__all__ = ["adoption_from_treated", "read_panel_file", "with_adoption"]

# How a file may write its periods, apart from numbers -> their frequency.
FORMS = {r"\d{4}-\d{1,2}(-\d{1,2})?": "M", r"\d{4}-?Q[1-4]": "Q"}
ROWS_SHOWN = 3


def read_panel_file(path: Path, period: str, columns: Sequence[str]) -> pd.DataFrame:
    """Read a CSV file that holds one row for each unit and period.

    Parameters
    ----------
    path
        The file, in UTF-8.
    period
        Its column of periods: numbers, months such as ``2024-05``, days, which count as their
        month, or quarters such as ``2024Q2``.
    columns
        All columns that will be needed, so that a wrong name is reported at once.

    Returns
    -------
    pandas.DataFrame
        The file, every number to its last digit; `period` as numbers or as `Period`.

    Raises
    ------
    DataError
        If there is no such file, it cannot be read as a table, columns are missing, or a period
        cannot be understood.
    """
    try:
        panel = pd.read_csv(path, encoding="utf-8-sig")
    except FileNotFoundError:
        problem = Problem("there is no such file", str(path), "look at the path")
        raise DataError("the panel cannot be read", [problem]) from None
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as failure:
        hint = "save it as CSV in UTF-8, one head line, commas between the columns"
        problem = Problem(str(failure), str(path), hint)
        raise DataError("the panel cannot be read", [problem]) from None
    missing = [
        Problem(f"column {name!r} is missing", str(path), did_you_mean(name, list(panel.columns)))
        for name in dict.fromkeys([period, *columns])
        if name not in panel.columns
    ]
    if missing:
        raise DataError("the panel cannot be read", missing)
    return panel.assign(**{period: _periods(panel[period], str(path))})


def with_adoption(
    panel: pd.DataFrame, period: str, adoption: str, never: Sequence[str] = ()
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Read a column of adoption periods in the way of the periods, and find who never adopts.

    Parameters
    ----------
    panel, period
        From `read_panel_file`.
    adoption
        The column: a unit's first treated period.
    never
        What else than an empty cell or infinity stands for never. Without it, numbers do that can
        be no period: a zero below the first, or one that lies further after the last than the
        panel is long, such as 10000 for a year.

    Returns
    -------
    tuple
        The panel with the column as numbers or `Period`, missing for never; and what was decided
        on the way, in words.

    Examples
    --------
    >>> panel = pd.DataFrame({"year": [2001, 2002], "first": [0, 0]})
    >>> with_adoption(panel, "year", "first")[1]
    ("0 in 'first' is read as never: no period is near it",)
    """
    column = panel[adoption]
    coded = column.astype("str").isin([str(word) for word in never])
    coded |= column.astype("str").str.fullmatch(r"\+?inf(inity)?|never|na", case=False)
    said: tuple[str, ...] = ()
    numeric = pd.api.types.is_numeric_dtype(panel[period])
    if not never and numeric:
        numbers = pd.to_numeric(column, errors="coerce")
        first, last = panel[period].min(), panel[period].max()
        impossible = (numbers == 0) & (first > 0) | (numbers > last + (last - first + 1))
        impossible &= ~coded
        coded |= impossible
        said = tuple(
            f"{code:g} in {adoption!r} is read as never: no period is near it"
            for code in sorted(numbers[impossible].unique())
        )
    left = column.mask(coded)
    if numeric:
        numbers = pd.to_numeric(left, errors="coerce")
        wrong = left.notna() & numbers.isna()
        if wrong.any():
            raise _unreadable(left[wrong], adoption, "a number like the periods, or empty")
        return panel.assign(**{adoption: numbers}), said
    return panel.assign(**{adoption: _periods(left, adoption, panel[period])}), said


def adoption_from_treated(
    panel: pd.DataFrame, unit: Sequence[str], period: str, treated: str
) -> pd.Series:
    """Find each unit's first treated period from a column that is 1 under treatment.

    Parameters
    ----------
    panel, period
        From `read_panel_file`.
    unit
        The columns that together identify a unit.
    treated
        The column of zeros and ones.

    Returns
    -------
    pandas.Series
        One value a row, missing for units that are never treated.

    Raises
    ------
    DataError
        If it holds something else than 0 and 1, or a unit is treated and then untreated again.

    Examples
    --------
    >>> panel = pd.DataFrame({"unit": ["a", "a"], "year": [1, 2], "on": [0, 1]})
    >>> adoption_from_treated(panel, ["unit"], "year", "on").tolist()
    [2.0, 2.0]
    """
    values = pd.to_numeric(panel[treated], errors="coerce")
    if (wrong := ~values.isin([0, 1])).any():
        raise _unreadable(panel.loc[wrong, treated], treated, "0 or 1")
    ordered = panel.assign(**{treated: values}).sort_values(period, kind="stable")
    keys = [ordered[name] for name in unit]
    falls = ordered.groupby(keys, observed=True)[treated].diff() < 0
    if falls.any():
        rows = ordered.loc[falls, [*unit, period]].head(ROWS_SHOWN).astype("str")
        shown = "; ".join(", ".join(row) for row in rows.itertuples(index=False))
        what = f"{int(falls.sum())} times a unit is treated and untreated again: {shown}"
        hint = "a programme that switches off is a dose: give the column as --dose"
        raise DataError("adoption cannot be read", [Problem(what, treated, hint)])
    numbers = pd.Series(period_numbers(panel[period]), index=panel.index)
    first = numbers.where(values == 1).groupby([panel[name] for name in unit]).transform("min")
    if isinstance(panel[period].dtype, pd.PeriodDtype):
        labels = period_labels(first.to_numpy(), panel[period])
        return pd.Series(labels, index=panel.index, dtype=panel[period].dtype)
    return first


def _periods(column: pd.Series, where: str, like: pd.Series | None = None) -> pd.Series:
    if pd.api.types.is_numeric_dtype(column) and like is None:
        return column
    text = column.astype("object").where(column.notna())
    for form, frequency in FORMS.items():
        good = text.isna() | text.astype("str").str.fullmatch(form)
        if good.all() and (like is None or like.dtype == f"period[{frequency}]"):
            written = text.astype("str").str.replace(re.compile(r"-?Q"), "Q", regex=True)
            found = pd.PeriodIndex(written.where(text.notna()), freq=frequency)
            return pd.Series(found, index=column.index)
    expected = "numbers, months such as 2024-05, or quarters such as 2024Q2, all in one form"
    fits = [text.isna() | text.astype("str").str.fullmatch(form) for form in FORMS]
    most = max(fits, key=lambda good: int(good.sum()))
    raise _unreadable(column[~most] if (~most).any() else column, where, expected)


def _unreadable(values: pd.Series, where: str, expected: str) -> DataError:
    lines = [
        f"line {place + 2}: {value}"
        for place, value in zip(values.index.to_numpy(), values, strict=True)
    ]
    what = f"{len(values)} values cannot be read: {'; '.join(lines[:ROWS_SHOWN])}"
    return DataError("the panel cannot be read", [Problem(what, where, f"expected {expected}")])
