"""Columns of few different values: what is done to a value is done once, not once a row."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import ibis
import pyarrow as pa
from ibis.expr.types import StringValue

from analysis.tickets.database import connect

__all__ = ["clean_repeating"]

# Beyond so many different values they are forgotten, so that memory stays bounded.
_REMEMBERED = 100_000


def clean_repeating(
    batches: Iterator[pa.RecordBatch], clean: Callable[[StringValue], StringValue]
) -> Iterator[pa.RecordBatch]:
    """Clean the columns of a stream that come as dictionaries.

    Parameters
    ----------
    batches
        The stream.
    clean
        What becomes of a column of texts; of equal texts always the same.
    """
    engine = connect()
    fresh = ibis.table({"value": "string"}, name="fresh")
    query = str(ibis.to_sql(fresh.select(value=clean(fresh["value"])), dialect="duckdb"))
    known: dict[str, str | None] = {}
    for batch in batches:
        columns = []
        for column in batch.columns:
            if pa.types.is_dictionary(column.type):
                values = column.dictionary.to_pylist()
                new = [value for value in values if value not in known]
                if new:
                    engine.register("fresh", pa.table({"value": pa.array(new, pa.string())}))
                    cleaned = engine.execute(query).fetchall()
                    known.update(zip(new, (value for (value,) in cleaned), strict=True))
                kept = pa.array([known[value] for value in values], pa.string())
                column = pa.DictionaryArray.from_arrays(column.indices, kept)
            columns.append(column)
        yield pa.record_batch(columns, schema=batch.schema)
        if len(known) > _REMEMBERED:
            known.clear()
