"""Records of a Parquet file, as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analysis.tickets.landing.faults import refusal
from analysis.tickets.landing.raw import Raw, batch

__all__ = ["open_parquet"]

_ROWS = 1 << 16
# Whole numbers up to here are exact in floating point.
_LARGEST_EXACT = 2.0**53


def open_parquet(path: Path, file: str) -> Raw:
    """Open a Parquet file.

    Parameters
    ----------
    path, file
        The file, and what messages call it.

    Returns
    -------
    Raw
        The first record is row 1. Moments become ISO 8601, with their offset if they have a zone;
        whole numbers have no decimal point.

    Raises
    ------
    DataError
        If it is no Parquet file, or damaged, or a column that is asked for holds lists or
        structures.
    """
    if path.suffix == ".gz":
        hint = "unpack it: Parquet is compressed within"
        raise refusal(file, "a Parquet file cannot be read while it is packed", "", hint)
    try:
        headers = tuple(pq.read_schema(path).names)
    except (pa.ArrowException, OSError):
        headers = None
    if headers is None:
        raise refusal(file, "this is no Parquet file", "", "correct 'format' in the study file")

    def read(columns: Mapping[str, int]) -> Iterator[pa.RecordBatch]:
        failed, after = False, 0
        try:
            with pq.ParquetFile(path, pre_buffer=False) as parquet:
                wanted = [headers[place] for place in columns.values()]
                _refuse_nested(file, parquet.schema_arrow, wanted)
                for part in parquet.iter_batches(_ROWS, columns=wanted, use_threads=False):
                    rows = np.arange(after + 1, after + 1 + part.num_rows)
                    after += part.num_rows
                    cells = zip(columns, wanted, strict=True)
                    yield batch(rows, {name: _as_text(part[header]) for name, header in cells})
        except (pa.ArrowException, OSError):
            failed = True
        if failed:
            what = f"the file is damaged after row {after}"
            raise refusal(file, what, "", "download or copy it again")

    return Raw(headers, read)


def _refuse_nested(file: str, schema: pa.Schema, wanted: list[str]) -> None:
    for header in wanted:
        if pa.types.is_nested(schema.field(header).type):
            what = f"the column {header!r} holds lists or structures, not single values"
            raise refusal(file, what, "", "write the value that is meant into a column of its own")


def _as_text(cells: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(cells.type):
        cells = cells.dictionary_decode()
    if pa.types.is_floating(cells.type):
        values = cells.cast(pa.float64())
        whole = pc.and_(
            pc.equal(pc.floor(values), values), pc.less_equal(pc.abs(values), _LARGEST_EXACT)
        )
        kept = pc.if_else(whole, values, None)
        return pc.coalesce(kept.cast(pa.int64()).cast(pa.string()), values.cast(pa.string()))
    return cells.cast(pa.string())
