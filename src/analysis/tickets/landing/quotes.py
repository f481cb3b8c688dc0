"""An unclosed quotation mark turns the lines after it into one long cell: find it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["is_swallowing", "swallowed_lines", "swallowing_record"]

_LINE_FEED = ord("\n")


def swallowed_lines(cells: pa.RecordBatch, delimiter: str, quote: str) -> int | None:
    """Return the position, within a batch, of the first record that swallowed others.

    Such a record has a cell that holds line breaks and, in one of its further lines, as many
    delimiters as a record has; or one that ends within the next quoted cell, so that its
    quotation marks are odd and each of its line breaks brings a whole record's delimiters.

    Parameters
    ----------
    cells
        All columns of some records.
    delimiter, quote
        How cells are told apart.
    """
    between = cells.num_columns - 1
    if between == 0:
        return None
    found = [
        position
        for column in cells.columns
        if _holds_line_break(column)
        for position in _suspects(column, delimiter, between)
        if is_swallowing(column[position].as_py(), delimiter, quote, between)
    ]
    return min(found, default=None)


def swallowing_record(text: str, delimiter: str, between: int) -> bool:
    """Say whether a record with a wrong number of cells got it by swallowing others.

    Parameters
    ----------
    text
        The record as it stands in the file.
    delimiter
        What stands between cells.
    between
        How many of them a record has.
    """
    lines = text.splitlines()
    whole = any(line.count(delimiter) == between for line in lines[1:])
    return len(lines) > 1 and (whole or text.count(delimiter) >= between * len(lines))


def _holds_line_break(column: pa.Array) -> bool:
    values = column.dictionary if isinstance(column, pa.DictionaryArray) else column
    content = values.buffers()[2]
    # One look at the bytes of all cells: hardly any file has a line break in a cell.
    return content is not None and bool(
        (np.frombuffer(content, dtype=np.uint8) == _LINE_FEED).any()
    )


def _suspects(column: pa.Array, delimiter: str, between: int) -> list[int]:
    texts = column.cast(pa.string())
    long = pc.greater_equal(pc.count_substring(texts, delimiter), between)
    marked = pc.and_(long, pc.match_substring(texts, "\n"))
    return [int(place) for place in pc.indices_nonzero(marked).to_pylist()]


def is_swallowing(cell: str, delimiter: str, quote: str, between: int) -> bool:
    """Say whether a cell looks as if its quotation mark had swallowed records."""
    lines = cell.split("\n")
    if any(line.count(delimiter) == between for line in lines[1:]):
        return True
    breaks = len(lines) - 1
    return cell.count(quote) % 2 == 1 and cell.count(delimiter) == between * breaks
