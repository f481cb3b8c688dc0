"""What is done with the raw records of a file, as one statement of the engine."""

from __future__ import annotations

import ibis
import pyarrow as pa

from analysis.study.ticket_sources import TicketSource
from analysis.study.tickets import Tickets
from analysis.tickets.landing.table import land

__all__ = ["FILE_PARAMETER", "RAW_TABLE", "write_query"]

# What the query reads, and the parameter that holds what the rows call their file.
RAW_TABLE, FILE_PARAMETER = "raw", "file"


def write_query(source: TicketSource, tickets: Tickets, schema: pa.Schema, key: bytes) -> str:
    """Write the query that makes rows of the landed table of raw records.

    Parameters
    ----------
    source, tickets
        What the study says of them.
    schema
        The columns of the stream, which the query reads as `RAW_TABLE`.
    key
        With which callers are hashed.

    Returns
    -------
    str
        It has one parameter, `FILE_PARAMETER`, so that it serves all files with the same columns.
    """
    table = ibis.table(_types(schema), name=RAW_TABLE)
    parts = []
    for number, step in enumerate(land(source, tickets, key)):
        # A name for each step keeps Ibis from writing an expression again wherever it is used.
        stepped, name = step(table), f"step_{number}"
        parts.append(f"{name} AS ({ibis.to_sql(stepped, dialect='duckdb')})")
        table = ibis.table(stepped.schema(), name=name)
    file = f"CAST(${FILE_PARAMETER} AS TEXT) AS file"
    return f"WITH {', '.join(parts)} SELECT * REPLACE ({file}) FROM {name}"


def _types(schema: pa.Schema) -> dict[str, str]:
    return {
        field.name: "int64" if pa.types.is_integer(field.type) else "string" for field in schema
    }
