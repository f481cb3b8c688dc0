"""DuckDB as an engine: embedded, within a memory limit, spilling to disk beyond it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import ibis
import ibis.expr.types as ir

from analysis.tickets.database import PARQUET
from analysis.tickets.engines.engine import Resources, refuse_existing

__all__ = ["DuckDBEngine"]


class DuckDBEngine:
    """DuckDB in this process.

    Parameters
    ----------
    resources
        What it may use; `master` does not concern it.

    Examples
    --------
    >>> import tempfile
    >>> numbers = ibis.range(3).unnest().name("n").as_table()
    >>> with tempfile.TemporaryDirectory() as scratch:
    ...     with DuckDBEngine(Resources(Path(scratch), memory=256)) as engine:
    ...         engine.write(numbers, Path(scratch) / "numbers")
    ...         engine.read([Path(scratch) / "numbers"]).n.sum().to_pyarrow().as_py()
    3
    """

    name = "duckdb"

    def __init__(self, resources: Resources) -> None:
        resources.scratch.mkdir(parents=True, exist_ok=True)
        self._connection = ibis.duckdb.connect(
            ":memory:",
            memory_limit=f"{resources.memory}MiB",
            temp_directory=str(resources.scratch),
            # Rows have no order that means anything, and to keep one would cost memory.
            preserve_insertion_order=False,
            **({} if resources.threads is None else {"threads": resources.threads}),
        )
        self._connection.raw_sql("SET TimeZone = 'UTC'")

    def read(self, paths: Sequence[Path]) -> ir.Table:
        """Return a table over Parquet files; see `Engine`."""
        files = [str(path / "*.parquet") if path.is_dir() else str(path) for path in paths]
        return self._connection.read_parquet(files)

    def write(self, table: ir.Table, folder: Path) -> None:
        """Write a table as Parquet files; see `Engine`."""
        refuse_existing(folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        # Each thread writes its own files, so that no rows wait in memory for others.
        self._connection.to_parquet(table, folder, per_thread_output=True, **PARQUET)

    def close(self) -> None:
        """Close the database and delete what it spilled."""
        self._connection.disconnect()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
