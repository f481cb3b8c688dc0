"""A raw file, opened: its headers, and a stream of its records as text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analysis.tickets.contract import TICKET_COLUMNS

__all__ = [
    "BLANKS",
    "PROBLEM_CELLS",
    "PROBLEM_JSON",
    "Raw",
    "batch",
    "broken",
    "is_repeating",
    "raw_schema",
]

# ASCII blanks, the no-break and the ideographic space, and a stray byte-order mark.
BLANKS = " \t\n\r\v\f\xa0\u3000\ufeff"

PROBLEM_CELLS = "cells"
PROBLEM_JSON = "unreadable_json"

# Columns of few different values travel as dictionaries: what is done to a value is done once.
_REPEATING = frozenset(c.name for c in TICKET_COLUMNS if c.care == "strip" and c.name != "text")


def is_repeating(column: str) -> bool:
    """Say whether a column holds few different values: a place, a category, an answer."""
    return column in _REPEATING


@dataclass(frozen=True, slots=True)
class Raw:
    """A raw file whose headers are known.

    Attributes
    ----------
    headers
        As they stand in the file.
    read
        From column name -> position among the headers to a stream of batches: `row`, `problem` and
        those columns, as text without blanks at either end.
    """

    headers: tuple[str, ...]
    read: Callable[[Mapping[str, int]], Iterator[pa.RecordBatch]]


def raw_schema(columns: Sequence[str]) -> pa.Schema:
    """Return the schema of the batches that hold some columns."""
    cells = [
        (name, pa.dictionary(pa.int32(), pa.string()) if is_repeating(name) else pa.string())
        for name in columns
    ]
    return pa.schema([("row", pa.int64()), ("problem", pa.string()), *cells])


def batch(rows: Sequence[int] | np.ndarray, cells: Mapping[str, pa.Array]) -> pa.RecordBatch:
    """Put together records that could be read.

    Parameters
    ----------
    rows
        Their numbers.
    cells
        Column name -> its cells: text, or a dictionary of texts. Blanks at either end go here,
        because Arrow takes them away in a fraction of the time that other engines need.
    """
    schema = raw_schema(list(cells))
    arrays = [_trimmed(array).cast(schema.field(name).type) for name, array in cells.items()]
    return pa.record_batch(
        [pa.array(rows, pa.int64()), pa.nulls(len(rows), pa.string()), *arrays], schema=schema
    )


def _trimmed(cells: pa.Array) -> pa.Array:
    if isinstance(cells, pa.DictionaryArray):
        return pa.DictionaryArray.from_arrays(cells.indices, _trimmed(cells.dictionary))
    return pc.utf8_trim(cells, BLANKS)


def broken(rows: Sequence[int], problem: str, columns: Sequence[str]) -> pa.RecordBatch:
    """Put together records that could not be read: no cell of them is known."""
    schema = raw_schema(columns)
    arrays = [pa.nulls(len(rows), field.type) for field in list(schema)[2:]]
    problems = pa.array([problem] * len(rows), pa.string())
    return pa.record_batch([pa.array(rows, pa.int64()), problems, *arrays], schema=schema)
