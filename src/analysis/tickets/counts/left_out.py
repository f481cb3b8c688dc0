"""What counting left out, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

__all__ = ["LeftOut", "months_in_words"]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows, cells or cases that could not be counted, for one reason.

    Attributes
    ----------
    reason
        Why.
    months
        The months concerned, written 2024-01, in order.
    columns
        The columns that are missing in all rows of these months; if empty, whole rows are left
        out.
    tables
        The tables concerned.
    cases
        How many complaints, consultations and proactive cases are in no row because of it.
    """

    reason: str
    months: tuple[str, ...]
    columns: tuple[str, ...] = ()
    tables: tuple[str, ...] = ("tickets", "tickets_by_category")
    cases: int = 0

    def __str__(self) -> str:
        what = ", ".join(self.columns) or "rows"
        lost = f" ({self.cases:,} cases)" if self.cases else ""
        return f"{what}, {months_in_words(self.months)}: {self.reason}{lost}"


def months_in_words(months: Iterable[str]) -> str:
    """Write months as stretches.

    Examples
    --------
    >>> months_in_words(["2023-12", "2024-01", "2024-03"])
    '2023-12 to 2024-01 and 2024-03'
    """
    stretches: list[list[pd.Period]] = []
    for month in sorted(pd.Period(text, "M") for text in months):
        if stretches and stretches[-1][-1] + 1 == month:
            stretches[-1][1:] = [month]
        else:
            stretches.append([month])
    words = [" to ".join(map(str, stretch)) for stretch in stretches]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
