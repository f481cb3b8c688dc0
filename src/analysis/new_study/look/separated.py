"""Look at a file of separated values: its delimiter, its quote, its header and its rows."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from analysis.new_study.look.encoding import decode, find_encoding
from analysis.new_study.look.header import ROWS_TO_COUNT, count_titles, find_header
from analysis.new_study.look.pieces import read_pieces
from analysis.new_study.look.sample import HEAD_ROWS, LATER_ROWS, Sample, refuse, spread, to_columns

__all__ = ["look_at_separated"]

DELIMITERS = (",", "\t", ";", "|")
QUOTES = ('"', "")
ROWS_TO_DECIDE = 200
# No cell that is of use is longer; the module's own limit would stop at 128 KiB of a text.
csv.field_size_limit(1 << 24)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How cells are told apart."""

    delimiter: str
    quote: str


def look_at_separated(path: Path) -> Sample:
    """Look at the first 5,000 rows of a file of separated values and at 1,000 of the rest.

    Raises
    ------
    DataError
        If it is not text, has no header or no row.
    """
    pieces = read_pieces(path)
    encoding = find_encoding(path, pieces)
    text = decode(pieces.head, encoding.value, pieces.head)
    dialect = _find_dialect(text)
    records = _records(text, dialect)
    top = list(itertools.islice(records, ROWS_TO_COUNT))
    headers, header_row = find_header(path, top)
    records = itertools.chain(top[header_row:], records)
    seen = list(itertools.islice(records, HEAD_ROWS))
    head = [record for record in seen if len(record) == len(headers)]
    rest = list(records)
    for piece in pieces.later:
        rest += _records(decode(piece, encoding.value, pieces.head), dialect)
    # A piece may begin inside a quoted cell; what comes out of that is no row.
    later = [record for record in rest if len(record) == len(headers)]
    rows = head + spread(later, LATER_ROWS)
    if not head:
        what = "no row has as many cells as the header" if seen else "it has a header but no row"
        raise refuse(path, what, "give a sample with some hundred rows")
    return Sample(
        path,
        "csv",
        to_columns(headers, rows),
        len(rows),
        not rest and pieces.whole,
        encoding,
        dialect.delimiter,
        dialect.quote,
        header_row=header_row,
        uneven=len(seen) - len(head),
        total=pieces.in_all(len(seen) + len(rest)),
    )


def _find_dialect(text: str) -> Dialect:
    """Take the delimiter that splits most rows into as many cells as the header, if several."""

    def fit(dialect: Dialect) -> tuple[float, int, int]:
        try:
            rows = list(itertools.islice(_records(text, dialect), ROWS_TO_DECIDE))
        except csv.Error:
            return (0.0, 0, 0)
        width = len(rows[count_titles(rows)]) if rows else 0
        if width < 2:
            return (0.0, 0, 0)
        # Cells over several lines are rare; a stray quote makes many.
        lines = sum("\n" in cell for row in rows for cell in row)
        return (sum(len(row) == width for row in rows) / len(rows), width, -lines)

    # The first of the best: a comma and double quotes, unless another fits better.
    return max((Dialect(d, q) for q in QUOTES for d in DELIMITERS), key=fit)


def _records(text: str, dialect: Dialect) -> Iterator[list[str]]:
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=dialect.delimiter,
        quotechar=dialect.quote or None,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
    )
    return (record for record in reader if record)
