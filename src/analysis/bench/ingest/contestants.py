"""Who takes part: ours, the hand-written peers and the floor; one row each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, Protocol, cast

from analysis.errors import ParameterError, Problem, did_you_mean
from analysis.study.schema import Study

__all__ = ["CONTESTANTS", "Contestant", "Run", "choose", "get_run"]

Role = Literal["ours", "peer", "floor"]


class Run(Protocol):
    """One way from raw tickets to panels."""

    def __call__(self, study: Study, raw: Path, to: Path, memory: str) -> None:
        """Turn raw tickets into panels.

        Parameters
        ----------
        study
            The study of the invented city.
        raw
            The folder of its raw files.
        to
            An empty folder. Afterwards it holds ``tickets.csv`` and ``tickets_by_category.csv``,
            in the columns of the panel contract; also the cleaned tickets and the quarantine, as
            Parquet, in whatever files. What the run spills goes to ``spill`` in it.
        memory
            How much memory the engine may use, such as ``2GB``, if it knows a limit.
        """


@dataclass(frozen=True, slots=True)
class Contestant:
    """One row of the benchmark.

    Attributes
    ----------
    name
        What `--only` calls it.
    label
        What the table calls it.
    role
        Whether it is ours, written by hand for comparison, or the floor, which makes no panels.
    module
        The module whose `run` does the work.
    needs
        A library that may not be installed.
    bytes_a_row
        Memory that a row takes in one that holds all rows at once; None for the others.
    """

    name: str
    label: str
    role: Role
    module: str
    needs: str
    bytes_a_row: int | None = None

    @property
    def is_installed(self) -> bool:
        """Whether its library is there."""
        return find_spec(self.needs) is not None


CONTESTANTS: tuple[Contestant, ...] = (
    Contestant("ours", "compendium", "ours", "analysis.bench.ingest.ours", "ibis"),
    Contestant("sql", "DuckDB SQL", "peer", "analysis.bench.ingest.duckdb_sql", "duckdb"),
    Contestant("polars", "Polars, lazy", "peer", "analysis.bench.ingest.polars_lazy", "polars"),
    Contestant("pandas", "pandas", "peer", "analysis.bench.ingest.pandas_frames", "pandas", 1_500),
    Contestant("floor", "floor: read once", "floor", "analysis.bench.ingest.floor", "duckdb"),
)


def choose(only: Iterable[str] = ()) -> tuple[Contestant, ...]:
    """Return the contestants of these names, or all.

    Parameters
    ----------
    only
        Names; all take part if there are none.

    Raises
    ------
    ParameterError
        If nobody has such a name.

    Examples
    --------
    >>> [contestant.label for contestant in choose(["sql"])]
    ['DuckDB SQL']
    """
    wanted, known = tuple(only), [contestant.name for contestant in CONTESTANTS]
    problems = [
        Problem(f"there is no contestant {name!r}", "--only", did_you_mean(name, known))
        for name in wanted
        if name not in known
    ]
    if problems:
        raise ParameterError("the benchmark cannot be run", problems)
    return tuple(one for one in CONTESTANTS if not wanted or one.name in wanted)


def get_run(contestant: Contestant) -> Run:
    """Import what a contestant runs."""
    return cast(Run, import_module(contestant.module).run)
