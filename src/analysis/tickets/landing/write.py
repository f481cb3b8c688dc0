"""Run a query over streams of raw records and write each result, whole or not at all."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb
import pyarrow as pa

from analysis.errors import DataError, Problem
from analysis.tickets.database import PARQUET, connect
from analysis.tickets.landing.query import FILE_PARAMETER, RAW_TABLE

__all__ = ["LandedWriter"]

_FORMAT = ", ".join(["FORMAT parquet", *(f"{name} {value}" for name, value in PARQUET.items())])


class LandedWriter:
    """Writes what a query makes of streams with the same columns, one after another.

    The query is planned once, which takes the engine longer than to land a small file.

    Parameters
    ----------
    schema
        The columns of the streams.
    query
        What is done with them, as `analysis.tickets.landing.query.write_query` writes it.
    folder
        Where files are written; it is made if needed.
    """

    def __init__(self, schema: pa.Schema, query: str, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        # no seed: it names a file
        self._draft = folder / f".{secrets.token_hex(8)}.parquet"
        self._stream = _Stream(schema)
        self._engine = connect()
        self._engine.register(RAW_TABLE, self._stream)
        self._engine.execute(
            f"PREPARE landing AS COPY ({query}) TO {_quoted(self._draft)} ({_FORMAT})"
        )

    def write(self, batches: Iterator[pa.RecordBatch], file: str, to: Path) -> None:
        """Write what the query makes of a stream as a Parquet file.

        Parameters
        ----------
        batches
            The stream.
        file
            What the rows call their file.
        to
            The Parquet file, in `folder`. It is there when it is whole.

        Raises
        ------
        DataError
            If the stream ends in one, or the engine fails. Nothing of the stream is in the message.
            The writer is of no use after it.
        """
        watched = _Watched(batches)
        self._stream.batches = watched
        failed = False
        try:
            self._engine.execute(f"EXECUTE landing({FILE_PARAMETER} := {_quoted(file)})").fetchall()
            self._draft.replace(to)
        except duckdb.Error:
            failed = True
        finally:
            self._stream.batches = ()
            self._draft.unlink(missing_ok=True)
        if watched.failure is not None:
            raise watched.failure
        if failed:
            hint = "is the disk full, or memory short?"
            raise DataError("tickets cannot be written", [Problem("the engine failed", file, hint)])


class _Stream:
    """What the engine reads, under one name: the batches of one file, then those of the next."""

    def __init__(self, schema: pa.Schema) -> None:
        self._schema = schema
        self.batches: Iterable[pa.RecordBatch] = ()

    def __arrow_c_schema__(self) -> object:
        return self._schema.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        reader = pa.RecordBatchReader.from_batches(self._schema, self.batches)
        return reader.__arrow_c_stream__(requested_schema)


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


def _quoted(text: object) -> str:
    return "'" + str(text).replace("'", "''") + "'"
