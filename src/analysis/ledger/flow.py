"""The flow of rows into one result: rows of the panel, rows not used by reason, observations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.errors import Problem, RunError

__all__ = ["FIRST_ROW", "Dropped", "RowFlow", "read_rows", "write_rows"]

# Panel files begin with a header, which is row 1.
FIRST_ROW = 2


@dataclass(frozen=True, slots=True)
class Dropped:
    """Rows that a result does not use, for one reason.

    Attributes
    ----------
    reason
        Why.
    count
        How many.
    rows
        Which: rows of the panel's file, where the header is row 1, as `write_rows` writes them;
        empty if that was not recorded.
    """

    reason: str
    count: int
    rows: str = ""


@dataclass(frozen=True, slots=True)
class RowFlow:
    """From the rows of a panel to the observations of a result.

    Attributes
    ----------
    rows_in
        Rows of the panel.
    dropped
        Rows that are not used, in the order in which they were dropped; a row has one reason.
    repeated
        Observations that are a second or later use of a row, as in a stacked event study.
    observations, units, clusters
        Of the estimation.

    Raises
    ------
    RunError
        If ``rows_in - dropped + repeated`` is not ``observations``, or listed rows are more or
        fewer than their count.

    Examples
    --------
    >>> flow = RowFlow(10, (Dropped("outcome missing", 3, "2-3 7"),), 0, 7, 2, 2)
    >>> print(flow)
    7 of 10 rows
    """

    rows_in: int
    dropped: tuple[Dropped, ...]
    repeated: int
    observations: int
    units: int
    clusters: int

    def __post_init__(self) -> None:
        out = self.rows_in - self.rows_dropped + self.repeated
        problems = [
            Problem(f"{listed} rows are listed, not {one.count}", one.reason)
            for one in self.dropped
            if one.rows and (listed := _count_rows(one.rows)) != one.count
        ]
        if out != self.observations:
            what = f"{out:,} rows should be left, and there are {self.observations:,}"
            problems.append(Problem(what, "observations"))
        if problems:
            raise RunError("a flow of rows does not add up", problems)

    def __str__(self) -> str:
        again = f", {self.repeated:,} times again" if self.repeated else ""
        return f"{self.rows_in - self.rows_dropped:,} of {self.rows_in:,} rows{again}"

    @property
    def rows_dropped(self) -> int:
        """How many rows are not used, whatever the reason."""
        return sum(one.count for one in self.dropped)

    @property
    def lists_rows(self) -> bool:
        """Whether it is recorded which rows were dropped."""
        return all(one.rows for one in self.dropped)

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> RowFlow:
        """Read what `dataclasses.asdict` made of a flow."""
        dropped = tuple(Dropped(**one) for one in content["dropped"])
        names = ("rows_in", "repeated", "observations", "units", "clusters")
        return cls(dropped=dropped, **{name: content[name] for name in names})


def write_rows(places: Iterable[int]) -> str:
    """Write places in a panel, counted from 0, as rows of its file.

    Examples
    --------
    >>> write_rows([0, 1, 2, 6])
    '2-4 8'
    """
    runs: list[list[int]] = []
    for place in places:
        row = int(place) + FIRST_ROW
        if runs and row == runs[-1][1] + 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    return " ".join(f"{first}" if first == last else f"{first}-{last}" for first, last in runs)


def read_rows(text: str) -> list[int]:
    """Read rows of a file that `write_rows` wrote.

    Examples
    --------
    >>> read_rows("2-4 8")
    [2, 3, 4, 8]
    """
    return [row for first, last in _runs(text) for row in range(first, last + 1)]


def _count_rows(text: str) -> int:
    return sum(last - first + 1 for first, last in _runs(text))


def _runs(text: str) -> Iterator[tuple[int, int]]:
    for run in text.split():
        first, _, last = run.partition("-")
        yield int(first), int(last or first)
