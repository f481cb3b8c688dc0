"""The records of exhibits: which files each names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

__all__ = ["EMPTY_RECORD", "exhibit_files", "files_of_record", "read_record"]

# The record of a notebook that made no exhibit.
EMPTY_RECORD = (
    json.dumps({"figures": {}, "flows": {}, "numbers": {}, "tables": {}}, indent=1) + "\n"
)


def read_record(path: Path) -> dict[str, dict[str, Any]]:
    """Read one record, as `analysis.exhibits.Exhibits` writes it: kind -> id -> entry."""
    record: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return record


def exhibit_files(record: dict[str, dict[str, Any]]) -> tuple[Path, ...]:
    """Name the files of the figures and tables in a record, below the top folder.

    Examples
    --------
    >>> record = {"numbers": {"n": {}}, "figures": {"map": {"files": ["paper/figures/map.svg"]}}}
    >>> [path.as_posix() for path in exhibit_files(record)]
    ['paper/figures/map.svg']
    """
    return tuple(
        Path(file)
        for kind in sorted(record)
        for identity in sorted(record[kind])
        for file in record[kind][identity].get("files", ())
    )


def files_of_record(path: Path) -> tuple[Path, ...]:
    """Name the files of a record that may not be there yet; then there are none."""
    return exhibit_files(read_record(path)) if path.is_file() else ()
