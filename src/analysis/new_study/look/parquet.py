"""Look at a file of Parquet."""

from __future__ import annotations

import itertools
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from analysis.new_study.look.sample import HEAD_ROWS, LATER_ROWS, Cells, Sample, refuse, spread

__all__ = ["look_at_parquet"]

ROW_GROUPS = 8


def look_at_parquet(path: Path) -> Sample:
    """Look at the first 5,000 rows of a file of Parquet and at 1,000 of the rest.

    Raises
    ------
    DataError
        If it is no Parquet, or has no row.
    """
    try:
        file = pq.ParquetFile(path)
        columns, rows, nested = _read(file)
    except (pa.ArrowException, OSError):
        hint = "fetch it again, or give it the ending that tells what it is"
        raise refuse(path, "it is no Parquet, or damaged", hint) from None
    if rows == 0:
        raise refuse(path, "it has columns but no row", "give a sample with some hundred rows")
    total = file.metadata.num_rows
    return Sample(path, "parquet", columns, rows, rows == total, nested=tuple(nested), total=total)


def _read(file: pq.ParquetFile) -> tuple[dict[str, Cells], int, list[str]]:
    schema = file.schema_arrow
    flat = [field.name for field in schema if not pa.types.is_nested(field.type)]
    nested = [field.name for field in schema if pa.types.is_nested(field.type)]
    total = file.metadata.num_rows
    head = next(file.iter_batches(HEAD_ROWS, columns=flat), None)
    batches = [] if head is None else [head]
    if total > HEAD_ROWS:
        batches += _later_rows(file, flat)
    table = pa.Table.from_batches(batches, pa.schema([schema.field(name) for name in flat]))
    columns = {name: _cells(table[name]) for name in flat}
    return columns, table.num_rows, nested


def _later_rows(file: pq.ParquetFile, flat: list[str]) -> list[pa.RecordBatch]:
    """Take the last rows of groups that are evenly spread."""
    # The head ends in the first group that is so long, or before it.
    ends = itertools.accumulate(
        file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)
    )
    after = [group for group, end in enumerate(ends) if end > HEAD_ROWS]
    groups = spread(after, ROW_GROUPS)
    found: list[pa.RecordBatch] = []
    for group in groups:
        rows = file.read_row_group(group, columns=flat)
        share = min(LATER_ROWS // len(groups), rows.num_rows)
        found += rows.slice(rows.num_rows - share).to_batches()
    return found


def _cells(column: pa.ChunkedArray) -> Cells:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type):
        return tuple(None for _ in range(len(column)))
    texts = column.cast(pa.string()).to_pylist()
    return tuple((text or "").strip() or None for text in texts)
