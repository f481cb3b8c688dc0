"""Read months, however a report writes them."""

from __future__ import annotations

import re
import unicodedata

import pandas as pd

from analysis.clean.ledger import Ledger, Step, entries_for
from analysis.clean.places import Places, refuse
from analysis.errors import Problem

__all__ = ["drop_other_months", "parse_month", "parse_months"]

STEP = "months outside the study"
# 2019-01, 2019/1, 2019.01, 2019年1月; or 201901.
_PARTED = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?")
_JOINED = re.compile(r"(\d{4})(\d{2})")


def parse_months(table: pd.DataFrame, places: Places) -> pd.DataFrame:
    """Turn the text column `period` into months.

    Raises
    ------
    DataError
        If a cell is not a month in any of the forms that `parse_month` reads.
    """
    months = {text: parse_month(text) for text in table["period"].unique()}
    wrong = table[[months[text] is None for text in table["period"]]]
    problems = [
        Problem(
            f"{text!r} is not a month",
            places(file, row, "period"),
            "write it as 2019-01, 2019/1, 2019年1月 or 201901",
        )
        for file, row, text in zip(wrong["file"], wrong["row"], wrong["period"], strict=True)
    ]
    refuse("some months cannot be read", problems)
    return table.assign(period=pd.PeriodIndex(table["period"].map(months), freq="M"))


def drop_other_months(
    table: pd.DataFrame, first: pd.Period, last: pd.Period
) -> tuple[pd.DataFrame, Ledger]:
    """Drop the months that the study does not cover."""
    inside = (table["period"] >= first) & (table["period"] <= last)
    reason = f"the study covers {first} to {last}"
    entries = entries_for(table[~inside], step=STEP, action="dropped", reason=reason)
    return table[inside], Ledger(entries, (Step(STEP, len(table), int(inside.sum())),))


def parse_month(text: str) -> pd.Period | None:
    """Read one month, or return None.

    Examples
    --------
    >>> [str(parse_month(text)) for text in ("2019-01", "2019年1月", "201901", "２０１９/1")]
    ['2019-01', '2019-01', '2019-01', '2019-01']
    >>> parse_month("2019-13") is None
    True
    """
    plain = unicodedata.normalize("NFKC", str(text)).strip()
    found = _PARTED.fullmatch(plain) or _JOINED.fullmatch(plain)
    if found is None or not 1 <= int(found[2]) <= 12:
        return None
    return pd.Period(year=int(found[1]), month=int(found[2]), freq="M")
