"""Records of a text file whose cells are told apart by a delimiter, in a stream of text."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

from analysis.study.ticket_sources import TicketSource
from analysis.tickets.landing.faults import diagnose, no_header, refusal
from analysis.tickets.landing.quotes import is_swallowing, swallowed_lines, swallowing_record
from analysis.tickets.landing.raw import PROBLEM_CELLS, Raw, batch, broken, raw_schema
from analysis.tickets.landing.streams import (
    RECORD_LIMIT,
    NotDeclaredError,
    open_text,
    open_utf8,
)

__all__ = ["Block", "open_delimited", "read_blocks"]

_READING = (OSError, EOFError, UnicodeDecodeError, NotDeclaredError, pa.ArrowInvalid)
_UNCLOSED_HINT = "close the quotation mark there, double it if it is text, or take it away"


def open_delimited(path: Path, file: str, source: TicketSource) -> Raw:
    """Open a file of delimited text.

    Parameters
    ----------
    path, file
        The file, and what messages call it.
    source
        Its encoding, delimiter and quotation mark, and the row of its headers.

    Returns
    -------
    Raw
        The first record stands in the row after the headers; empty lines are not counted. Rows
        above the headers may have any number of cells.

    Raises
    ------
    DataError
        If the file ends before its headers, does not decode, is compressed and damaged, has a line
        or a record longer than `RECORD_LIMIT`, or a quotation mark that swallowed lines; most of
        this only while it is read.
    """
    headers = _read_header(path, file, source)

    def read(columns: Mapping[str, int]) -> Iterator[pa.RecordBatch]:
        schema = raw_schema(list(columns))
        repeating = {
            columns[field.name] for field in list(schema)[2:] if pa.types.is_dictionary(field.type)
        }
        blocks = read_blocks(path, file, source, len(headers), frozenset(repeating))
        for block in blocks:
            above = int(np.searchsorted(block.rows, source.header_row, side="right"))
            rows, cells = block.rows[above:], block.cells.slice(above)
            yield batch(rows, {name: cells.column(at) for name, at in columns.items()})
            refused = [row for row in block.refused if row > source.header_row]
            if refused:
                yield broken(refused, PROBLEM_CELLS, list(columns))

    return Raw(headers, read)


def _read_header(path: Path, file: str, source: TicketSource) -> tuple[str, ...]:
    top: list[list[str]] = []
    try:
        with open_text(path, source.encoding) as text:
            lines = iter(lambda: text.readline(RECORD_LIMIT), "")
            reader = csv.reader(
                lines,
                delimiter=source.delimiter,
                quotechar=source.quote or None,
                quoting=csv.QUOTE_MINIMAL if source.quote else csv.QUOTE_NONE,
            )
            top = list(islice((cells for cells in reader if cells), source.header_row))
        failed = any(sum(map(len, cells)) + len(cells) > RECORD_LIMIT for cells in top)
    except (*_READING, csv.Error, ValueError):
        failed = True
    if failed:
        raise diagnose(path, file, source)
    unclosed = _find_unclosed(top, source)
    if unclosed is not None:
        raise refusal(file, "a quotation mark is not closed", f"row {unclosed}", _UNCLOSED_HINT)
    if len(top) < source.header_row or not any(cell.strip() for cell in top[-1]):
        raise no_header(file, len(top), source)
    return tuple(top[-1])


def _find_unclosed(top: Sequence[Sequence[str]], source: TicketSource) -> int | None:
    """Return the first of the rows down to the headers whose quotation mark swallowed others.

    A header has no line break beside a delimiter; a title, which may be any text, swallowed what
    came after it if a line of it has as many delimiters as the row taken for the headers.
    """
    between = len(top[-1]) - 1 if top else 0
    for number, cells in enumerate(top, start=1):
        broken_cells = [cell for cell in cells if "\n" in cell and cell.count(source.delimiter)]
        if number < source.header_row:
            broken_cells = [
                cell
                for cell in broken_cells
                if is_swallowing(cell, source.delimiter, source.quote, between)
            ]
        if broken_cells:
            return number
    return None


@dataclass(frozen=True, slots=True)
class Block:
    """Some records in a row.

    Attributes
    ----------
    rows
        The numbers of the records that could be read, from 1.
    cells
        All their cells; columns are called by their position.
    refused
        The numbers of records with another number of cells.
    """

    rows: np.ndarray
    cells: pa.RecordBatch
    refused: tuple[int, ...]


def read_blocks(
    path: Path, file: str, source: TicketSource, width: int, repeating: frozenset[int] = frozenset()
) -> Iterator[Block]:
    """Read the records of a text file in order, in bounded memory.

    Parameters
    ----------
    path, file, source
        As in `open_delimited`; a source of JSON lines has one cell a line.
    width
        The number of cells of a record.
    repeating
        Positions of columns of few different values.

    Raises
    ------
    DataError
        As `open_delimited`.
    """
    quote = source.quote if source.format == "csv" else ""
    delimiter = source.delimiter if source.format == "csv" else "\x01"
    refused: list[int] = []
    swallowing: list[int] = []

    def note(record: arrow_csv.InvalidRow) -> str:
        if quote and swallowing_record(record.text, delimiter, width - 1):
            swallowing.append(record.number)
        refused.append(record.number)
        return "skip"

    text = pa.string()
    names = [str(position) for position in range(width)]
    types = {str(at): pa.dictionary(pa.int32(), text) for at in sorted(repeating)}
    failed, after = False, 0
    try:
        with (
            open_utf8(path, source.encoding) as stream,
            arrow_csv.open_csv(
                stream,
                # One thread, because only then Arrow tells the numbers of the rows that it skips.
                arrow_csv.ReadOptions(
                    use_threads=False, block_size=RECORD_LIMIT, column_names=names
                ),
                arrow_csv.ParseOptions(
                    delimiter=delimiter,
                    quote_char=quote or False,
                    newlines_in_values=bool(quote),
                    invalid_row_handler=note,
                ),
                arrow_csv.ConvertOptions(
                    column_types=dict.fromkeys(names, text) | types,
                    strings_can_be_null=False,
                    # The stream has been decoded, or its reading has failed.
                    check_utf8=False,
                    # Even columns that nobody asked for may hold what swallowed lines.
                    include_columns=names,
                ),
            ) as reader,
        ):
            for cells in reader:
                rows = _row_numbers(after, cells.num_rows, refused)
                after = int(rows[-1]) if len(rows) else after
                _refuse_swallowing(file, cells, rows, swallowing, delimiter, quote)
                yield Block(rows, cells, _take_until(refused, after))
    except _READING:
        failed = True
    if failed:
        # Outside of the handler, so that the text of the failure, which may hold cells, is gone.
        raise diagnose(path, file, source)
    empty = pa.record_batch([pa.array([], text)] * width, names=names)
    _refuse_swallowing(file, empty, np.array([], int), swallowing, delimiter, quote)
    if refused:
        yield Block(np.array([], int), empty, tuple(refused))


def _row_numbers(after: int, count: int, refused: list[int]) -> np.ndarray:
    """Give the next records that could be read their numbers, leaving out those that could not."""
    numbers = np.arange(after + 1, after + 1 + count + len(refused))
    return numbers[~np.isin(numbers, refused)][:count] if refused else numbers


def _take_until(refused: list[int], last: int) -> tuple[int, ...]:
    taken = tuple(number for number in refused if number < last)
    del refused[: len(taken)]
    return taken


def _refuse_swallowing(
    file: str,
    cells: pa.RecordBatch,
    rows: np.ndarray,
    swallowing: list[int],
    delimiter: str,
    quote: str,
) -> None:
    place = swallowed_lines(cells, delimiter, quote) if quote else None
    found = swallowing if place is None else [*swallowing, int(rows[place])]
    if found:
        what = "a quotation mark is not closed: the cell goes on over the lines that follow"
        raise refusal(file, what, f"row {min(found)}", _UNCLOSED_HINT)
