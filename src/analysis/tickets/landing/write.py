"""Run an expression over a stream of raw records and write the result, whole or not at all."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import duckdb
import ibis
import pyarrow as pa
from ibis.expr.types import Table

from analysis.errors import DataError, Problem
from analysis.tickets.database import connect

__all__ = ["write_landed"]

_COMPRESSION = "snappy"


def write_landed(
    batches: Iterator[pa.RecordBatch],
    schema: pa.Schema,
    steps: Sequence[Callable[[Table], Table]],
    to: Path,
) -> None:
    """Write what an expression makes of a stream as a Parquet file.

    Parameters
    ----------
    batches, schema
        The stream.
    steps
        From the stream, as a table, to what is written; each is worked out before the next.
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
        engine.register("raw", pa.RecordBatchReader.from_batches(schema, watched))
        table = ibis.table(_types(schema), name="raw")
        for number, step in enumerate(steps):
            # A view keeps Ibis from writing an expression again wherever its column is used.
            stepped, view = step(table), f"step_{number}"
            sql = ibis.to_sql(stepped, dialect="duckdb")
            engine.execute(f"CREATE TEMP VIEW {view} AS {sql}").fetchall()
            table = ibis.table(stepped.schema(), name=view)
        engine.sql(f"FROM {view}").write_parquet(str(draft), compression=_COMPRESSION)
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
        raise DataError("tickets cannot be written", [Problem("the engine failed", to.name, hint)])


def _types(schema: pa.Schema) -> dict[str, str]:
    return {
        field.name: "int64" if pa.types.is_integer(field.type) else "string" for field in schema
    }


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
