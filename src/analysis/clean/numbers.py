"""Read counts and percentages that were written for people."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import pandas as pd

from analysis.clean.places import REMEDY, Places, refuse
from analysis.errors import Problem

__all__ = ["parse_count", "parse_numbers", "parse_percent"]

# Thousands separators stand before every three digits or not at all: "1,23" is a slip.
_NUMBER = re.compile(r"[-+]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")


def parse_numbers(
    table: pd.DataFrame,
    places: Places,
    *,
    counts: Sequence[str],
    rates: Sequence[str],
    missing: Sequence[str],
) -> pd.DataFrame:
    """Turn the text cells of counts and rates into numbers.

    Parameters
    ----------
    table
        Text cells with `file` and `row`; a cell that is already missing stays so.
    counts, rates
        Columns of whole numbers, and of percentages.
    missing
        Cells that mean "no value".

    Returns
    -------
    pandas.DataFrame
        Counts as `Int64`, rates as `Float64` in per cent. Impossible values pass; see
        `analysis.clean.impossible`.

    Raises
    ------
    DataError
        If a cell is not a number, or a count is not whole.
    """
    parsed, problems = table.copy(), []
    for column in [*counts, *rates]:
        read = parse_count if column in counts else parse_percent
        values: dict[str, float | None] = dict.fromkeys(missing)
        values |= {t: read(t) for t in table[column].dropna().unique() if t not in missing}
        numbers = table[column].map(values, na_action="ignore")
        wrong = table[numbers.isna() & table[column].notna() & ~table[column].isin(missing)]
        expected = "a whole number" if column in counts else "a percentage"
        problems += [
            Problem(f"{text!r} is not {expected}", places(file, row, column), REMEDY)
            for file, row, text in zip(wrong["file"], wrong["row"], wrong[column], strict=True)
        ]
        if wrong.empty:
            exact = numbers.astype("Float64")
            parsed[column] = exact.astype("Int64") if column in counts else exact
    refuse("some cells are not numbers", problems)
    return parsed


def parse_count(text: str) -> float | None:
    """Read one whole number, or return None.

    Examples
    --------
    >>> [parse_count(text) for text in ("1,234", "１２３４", "12.5", "1,23")]
    [1234.0, 1234.0, None, None]
    """
    number = _number(text)
    return number if number is not None and number.is_integer() else None


def parse_percent(text: str) -> float | None:
    """Read one percentage, with or without its sign, or return None.

    Examples
    --------
    >>> [parse_percent(text) for text in ("96.53%", "96.53", "９６％", "n/a")]
    [96.53, 96.53, 96.0, None]
    """
    return _number(unicodedata.normalize("NFKC", text).removesuffix("%"))


def _number(text: str) -> float | None:
    plain = unicodedata.normalize("NFKC", text).replace("\N{MINUS SIGN}", "-").strip()
    return float(plain.replace(",", "")) if _NUMBER.fullmatch(plain) else None
