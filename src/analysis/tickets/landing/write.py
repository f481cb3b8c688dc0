"""Run a query over a stream of raw records and write the result, whole or not at all."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa

from analysis.errors import DataError, Problem
from analysis.tickets.database import connect
from analysis.tickets.landing.query import RAW_TABLE
from analysis.tickets.landing.table import FILE_VARIABLE

__all__ = ["write_landed"]

# The second version of the format writes moments as differences, in fewer bytes and less time.
_FORMAT = "FORMAT parquet, PARQUET_VERSION v2, COMPRESSION snappy"


def write_landed(
    batches: Iterator[pa.RecordBatch],
    schema: pa.Schema,
    query: str,
    file: str,
    to: Path,
) -> None:
    """Write what a query makes of a stream as a Parquet file.

    Parameters
    ----------
    batches, schema
        The stream.
    query
        What is done with it, as `analysis.tickets.landing.query.write_query` writes it.
    file
        What the rows call their file.
    to
        The file; its folder is made if needed. It is there when it is whole.

    Raises
    ------
    DataError
        If the stream ends in one, or the engine fails. Nothing of the stream is in the message.
    """
    to.parent.mkdir(parents=True, exist_ok=True)
    # no seed: it names a file
    draft = to.with_name(f".{to.name}.{secrets.token_hex(8)}")
    watched = _Watched(batches)
    failed = False
    engine = connect()
    try:
        engine.register(RAW_TABLE, pa.RecordBatchReader.from_batches(schema, watched))
        engine.execute(f"SET VARIABLE {FILE_VARIABLE} = ?", [file])
        engine.execute(f"COPY ({query}) TO ? ({_FORMAT})", [str(draft)]).fetchall()
        draft.replace(to)
    except duckdb.Error:
        failed = True
    finally:
        engine.close()
        draft.unlink(missing_ok=True)
    if watched.failure is not None:
        raise watched.failure
    if failed:
        hint = "is the disk full, or memory short?"
        raise DataError("tickets cannot be written", [Problem("the engine failed", file, hint)])


class _Watched:
    """A stream that remembers why it ended: the engine passes on only the text of a failure."""

    def __init__(self, batches: Iterator[pa.RecordBatch]) -> None:
        self._batches = batches
        self.failure: DataError | None = None

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        try:
            yield from self._batches
        except DataError as failure:
            self.failure = failure
            raise
