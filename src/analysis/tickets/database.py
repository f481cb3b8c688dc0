"""The database in memory through which files land: one for all, a connection for each."""

from __future__ import annotations

from functools import cache

import duckdb

__all__ = ["PARQUET", "connect", "set_threads"]

# How tickets are written, landed or cleaned. The second version of the format writes moments as
# differences, in fewer bytes and less time.
PARQUET = {"parquet_version": "v2", "compression": "snappy"}

_MEMORY = "1GB"


def connect() -> duckdb.DuckDBPyConnection:
    """Open a connection; what is registered or viewed in it, no other sees.

    Examples
    --------
    >>> with connect() as connection:
    ...     connection.execute("SELECT 1").fetchall()
    [(1,)]
    """
    return _database().cursor()


def set_threads(number: int) -> None:
    """Say how many threads work for all connections together, beside those that ask for work.

    Examples
    --------
    >>> set_threads(0)
    """
    # The engine counts one of those that ask, too.
    _database().execute(f"SET threads = {number + 1}")


@cache
def _database() -> duckdb.DuckDBPyConnection:
    # To start a database takes longer than to land a small file. Nothing is spilled: what an
    # engine puts aside on a disk would be the raw text.
    return duckdb.connect(
        ":memory:", config={"threads": 1, "memory_limit": _MEMORY, "temp_directory": ""}
    )
