"""What an engine is: it reads Parquet, computes an expression in bounded memory, and writes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import ibis.expr.types as ir

from analysis.errors import DataError, ParameterError, Problem

__all__ = ["Engine", "Resources", "refuse_existing"]


@dataclass(frozen=True, slots=True)
class Resources:
    """What an engine may use.

    Attributes
    ----------
    scratch
        A folder on a large disk for what does not fit into memory.
    memory
        How much memory it may use, in MiB; for Spark, the memory of the driver and of each
        executor.
    threads
        How many threads; all cores if None. For Spark it counts only where it runs in this
        machine.
    master
        For Spark: the address of a cluster's master, such as ``spark://host:7077``; this machine
        if None.
    """

    scratch: Path
    memory: int = 2048
    threads: int | None = None
    master: str | None = None

    def __post_init__(self) -> None:
        problems = []
        if self.memory < 1:
            problems.append(Problem(f"memory is {self.memory} MiB", "memory", "give at least 1"))
        if self.threads is not None and self.threads < 1:
            problems.append(Problem(f"threads are {self.threads}", "threads", "give at least 1"))
        if problems:
            raise ParameterError("the engine cannot be opened", problems)


class Engine(Protocol):
    """Runs Ibis expressions on tables too large for memory; a context manager that closes it.

    Attributes
    ----------
    name
        What users call it.
    """

    name: str

    def read(self, paths: Sequence[Path]) -> ir.Table:
        """Return a table over Parquet files (or folders of them) of one schema.

        Paths are as the engine's workers see them: on a cluster, on a disk that all share.
        """
        ...

    def write(self, table: ir.Table, folder: Path) -> None:
        """Compute a table and write it as Parquet files into a new folder.

        How the rows fall into files, and their order, are the engine's choice.

        Raises
        ------
        DataError
            If the folder exists already.
        """
        ...

    def close(self) -> None:
        """Give back memory and threads; nothing can be read or written afterwards."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


def refuse_existing(folder: Path) -> None:
    """Stop if a folder to be written is there already: its parts would mix with the new ones."""
    if folder.exists():
        raise DataError(
            "the table cannot be written",
            [Problem("the folder exists already", str(folder), "delete it, or name another")],
        )
