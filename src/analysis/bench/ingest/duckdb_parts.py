"""What the peers in DuckDB SQL share: a connection, and how files are read and landed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from analysis.bench.ingest.rules import ANY_KIND, CELL_NAMES, KEY, KINDS, NUMBERS, THREADS, Rules

__all__ = [
    "connect",
    "landing_sql",
    "list_sql",
    "reading_sql",
    "text_sql",
]


def connect(to: Path, memory: str) -> duckdb.DuckDBPyConnection:
    """Open a database in memory that spills beside its results."""
    return duckdb.connect(
        config={
            "threads": THREADS,
            "memory_limit": memory,
            "temp_directory": str(to / "spill"),
        }
    )


def text_sql(value: object) -> str:
    """Quote a text."""
    return "'" + str(value).replace("'", "''") + "'"


def list_sql(values: Iterable[str]) -> str:
    """Write a list for ``IN``.

    Examples
    --------
    >>> list_sql(["a", "b"])
    "('a', 'b')"
    """
    return "(" + ", ".join(map(text_sql, values)) + ")"


def reading_sql(raw: Path) -> str:
    """Read all ticket files as text, by place, because the header of one column changes."""
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in CELL_NAMES)
    return f"""read_csv({text_sql(raw / "hotline_*.csv")}, columns = {{{columns}}}, header = true,
        auto_detect = false, delim = ',', quote = '"', escape = '"', filename = 'file')"""


def landing_sql(rules: Rules, tickets: str) -> str:
    """Read moments, take personal data out, hash callers; cells without a value become null."""
    texts = {name: f"nullif(trim({name}), '')" for name in CELL_NAMES}
    missing = list_sql(value for value in rules.missing if value)
    recoded = " ".join(
        f"WHEN {text_sql(old)} THEN {text_sql(new)}" for old, new in rules.recode.items()
    )
    cells = dict(texts)
    for name in ("opened", "updated", "closed", "due"):
        # Casting is several times as fast as a format, and reads both forms of the files.
        cells[name] = f"""CASE WHEN contains({name}, ':') THEN try_cast({name} AS TIMESTAMP)
            ELSE TIMESTAMP '1899-12-30'
                + to_seconds(round(try_cast({name} AS DOUBLE) * 86400)::BIGINT) END"""
    street = f"CASE WHEN trim(street) IN {missing} THEN NULL ELSE {texts['street']} END"
    cells["street"] = f"CASE {street} {recoded} ELSE {street} END"
    cells["caller"] = _hashed(texts["caller"])
    cells["id"] = f"""CASE WHEN regexp_matches({texts["id"]}, {text_sql(NUMBERS)})
        THEN {_hashed(texts["id"])} ELSE {texts["id"]} END"""
    cells["text"] = _freed("trim(text)")
    written = ", ".join(f"{cell} AS {name}" for name, cell in cells.items())
    # A fingerprint of the row, so that versions can be compared without reading all of it again.
    contents = ", ".join(cells.values())
    dropped = " OR ".join(f"contains(text, {text_sql(value)})" for value in rules.dropped_texts)
    return f"""
    SELECT parse_filename(file) AS file, {written}, hash({contents}) AS contents,
        coalesce({dropped}, false) AS dropped,
        trim(opened) <> '' AND ({cells["opened"]}) IS NULL AS bad_opened
    FROM {tickets}
    """


def _hashed(text: str) -> str:
    """HMAC-SHA256, cut: DuckDB knows the hash only."""
    inner, outer = (bytes(byte ^ pad for byte in KEY.ljust(64, b"\0")) for pad in (0x36, 0x5C))
    digest = f"sha256(unhex('{inner.hex()}') || encode({text}))"
    return f"left(sha256(unhex('{outer.hex()}') || unhex({digest})), 16)"


def _freed(text: str) -> str:
    """Look once whether a text holds anything personal, and only then for every kind."""
    freed = text
    for looks, mark in KINDS:
        freed = f"regexp_replace({freed}, {text_sql(looks)}, {text_sql(mark)}, 'g')"
    return f"CASE WHEN regexp_matches({text}, {text_sql(ANY_KIND)}) THEN {freed} ELSE {text} END"
