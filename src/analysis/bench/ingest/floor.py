"""The floor: what it takes to read the needed columns once, and do nothing with them."""

from __future__ import annotations

from pathlib import Path

from analysis.bench.ingest.duckdb_parts import connect, reading_sql
from analysis.bench.ingest.rules import CELL_NAMES
from analysis.study.schema import Study

__all__ = ["run"]


def run(study: Study, raw: Path, to: Path, memory: str) -> None:
    """Count the rows and the bytes of each column, by DuckDB."""
    # Lengths must be looked at, so that no cell is skipped, and cost next to nothing.
    sums = ", ".join(f"sum(strlen({name})) AS {name}" for name in CELL_NAMES)
    with connect(to, memory) as database:
        database.execute(f"SELECT count(*) AS rows, {sums} FROM {reading_sql(raw)}").fetchall()
