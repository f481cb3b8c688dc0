"""Records of a file that has one JSON object a line, as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from analysis.study.ticket_sources import TicketSource
from analysis.tickets.landing.delimited import Block, read_blocks
from analysis.tickets.landing.faults import refusal
from analysis.tickets.landing.raw import PROBLEM_JSON, Raw, batch, broken

__all__ = ["open_json_lines"]

_OBJECTS = """
    SELECT line, CASE WHEN json_valid(line) THEN json_type(line) = 'OBJECT' ELSE FALSE END AS is_one
    FROM lines
"""
_KEYS = f"""
    SELECT DISTINCT unnest(CASE WHEN is_one THEN json_keys(line) ELSE [] END) AS key
    FROM ({_OBJECTS}) ORDER BY key
"""
# A list of paths is looked up in one pass over the line.
_VALUES = f"""
    SELECT is_one, CASE WHEN is_one THEN json_extract_string(line, $paths) END AS cells
    FROM ({_OBJECTS})
"""


def open_json_lines(path: Path, file: str, source: TicketSource) -> Raw:
    """Open a file of JSON lines.

    The whole file is looked through for its keys first, because a key may be left out of every
    record that has no value for it. Numbers stay as they are written.

    Parameters
    ----------
    path, file, source
        As in `analysis.tickets.landing.delimited.open_delimited`.

    Returns
    -------
    Raw
        The first record is row 1; empty lines are not counted.

    Raises
    ------
    DataError
        As `analysis.tickets.landing.delimited.open_delimited`; and if no line is an object.
    """
    engine = duckdb.connect(config={"threads": 2, "temp_directory": ""})
    keys = sorted(
        {
            key
            for block in read_blocks(path, file, source, 1)
            for (key,) in engine.register("lines", _lines(block)).execute(_KEYS).fetchall()
        }
    )
    if not keys:
        hint = "write one JSON object a line, not one array or an object over many lines"
        raise refusal(file, "no line is a JSON object with values", "", hint)

    def read(columns: Mapping[str, int]) -> Iterator[pa.RecordBatch]:
        paths = [_pointer(keys[place]) for place in columns.values()]
        for block in read_blocks(path, file, source, 1):
            yield from _batches(engine, block, list(columns), paths)

    return Raw(tuple(keys), read)


def _batches(
    engine: duckdb.DuckDBPyConnection, block: Block, columns: Sequence[str], paths: list[str]
) -> Iterator[pa.RecordBatch]:
    engine.register("lines", _lines(block))
    found = engine.sql(_VALUES, params={"paths": paths}).to_arrow_table()
    is_one = found["is_one"].combine_chunks()
    rows = pa.array(block.rows, pa.int64())
    lists = found["cells"].combine_chunks().filter(is_one)
    cells = {name: pc.list_element(lists, place) for place, name in enumerate(columns)}
    yield batch(rows.filter(is_one), cells)
    lost = [*rows.filter(pc.invert(is_one)).to_pylist(), *block.refused]
    if lost:
        yield broken(sorted(lost), PROBLEM_JSON, columns)


def _lines(block: Block) -> pa.Table:
    return pa.table({"line": block.cells.column(0)})


def _pointer(key: str) -> str:
    return "/" + key.replace("~", "~0").replace("/", "~1")
