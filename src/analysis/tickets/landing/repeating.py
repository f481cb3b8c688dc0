"""Columns of few different values: what is done to a value is done once, not once a row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Lock

import ibis
import pyarrow as pa
from ibis.expr.types import StringValue

from analysis.tickets.database import connect

__all__ = ["RepeatingCells"]

# Beyond so many different values they are forgotten, so that memory stays bounded.
_REMEMBERED = 100_000


class RepeatingCells:
    """The values of such columns and what became of them, for all files of a source.

    Parameters
    ----------
    clean
        What becomes of a column of texts; of equal texts always the same.
    """

    def __init__(self, clean: Callable[[StringValue], StringValue]) -> None:
        fresh = ibis.table({"value": "string"}, name="fresh")
        cleaned = fresh.select(value=clean(fresh["value"]))
        self._query = str(ibis.to_sql(cleaned, dialect="duckdb"))
        self._known: dict[str, str | None] = {}
        # Two files are read at once.
        self._lock = Lock()

    def clean(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Clean the columns of a stream that come as dictionaries."""
        for batch in batches:
            columns = [
                pa.DictionaryArray.from_arrays(column.indices, self._look_up(column.dictionary))
                if pa.types.is_dictionary(column.type)
                else column
                for column in batch.columns
            ]
            yield pa.record_batch(columns, schema=batch.schema)

    def _look_up(self, cells: pa.Array) -> pa.Array:
        values = cells.to_pylist()
        with self._lock:
            new = [value for value in values if value not in self._known]
            if new:
                if len(self._known) > _REMEMBERED:
                    self._known.clear()
                    new = values
                self._known.update(zip(new, self._clean_now(new), strict=True))
            return pa.array([self._known[value] for value in values], pa.string())

    def _clean_now(self, values: list[str]) -> list[str | None]:
        with connect() as engine:
            engine.register("fresh", pa.table({"value": pa.array(values, pa.string())}))
            return [value for (value,) in engine.execute(self._query).fetchall()]
