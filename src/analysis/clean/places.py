"""Say where in the raw files something is, and refuse everything that is wrong at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.errors import DataError, Problem

__all__ = ["REMEDY", "Places", "refuse"]

# A file in a wrong encoding or format can be wrong in every row; more than this helps nobody.
PROBLEMS_SHOWN = 20
REMEDY = (
    "correct the file, or list the cell with a reason in the study's file of known errors "
    "(`known_errors`: file, row, column, value, reason) to have it set to missing"
)


@dataclass(frozen=True, slots=True)
class Places:
    """The way back from a cell of a table being cleaned to the raw file.

    Attributes
    ----------
    headers
        (file, column of the contract) -> the header in that file.

    Examples
    --------
    >>> Places({("2019.csv", "complaints"): "诉求量"})("2019.csv", 7, "complaints")
    "2019.csv, row 7, column '诉求量' (complaints)"
    """

    headers: Mapping[tuple[str, str], str]

    def __call__(self, file: str, row: int, column: str | None = None) -> str:
        """Name file, row and column."""
        if column is None:
            return f"{file}, row {row}"
        header = self.headers.get((file, column), column)
        known_as = f" ({column})" if column != header else ""
        return f"{file}, row {row}, column {header!r}{known_as}"

    def columns_under(self, file: str, header: str) -> list[str]:
        """Name the columns that a header of a file stands for."""
        return [
            column for (at, column), given in self.headers.items() if (at, given) == (file, header)
        ]


def refuse(title: str, problems: Sequence[Problem]) -> None:
    """Stop with a `DataError` if there is any problem; name the first and count the rest."""
    if not problems:
        return
    shown = list(problems[:PROBLEMS_SHOWN])
    if len(problems) > PROBLEMS_SHOWN:
        shown.append(Problem(f"and {len(problems) - PROBLEMS_SHOWN} more problems of this kind"))
    raise DataError(title, shown)
