"""The records of exhibits: which files each names, and all of them together for the paper."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from analysis.errors import Problem, RunError

__all__ = ["EMPTY_RECORD", "exhibit_files", "files_of_record", "merge_records", "read_record"]

_KINDS = ("figures", "numbers", "tables")

# The record of a notebook that made no exhibit.
EMPTY_RECORD = json.dumps({kind: {} for kind in _KINDS}, indent=1) + "\n"

# The files of each kind of exhibit, below the top folder.
_FILES = {
    "figures": ("paper/figures/{}.png", "paper/figures/{}.svg"),
    "tables": ("paper/tables/{}.csv", "paper/tables/{}.json"),
}


def read_record(path: Path) -> dict[str, dict[str, Any]]:
    """Read one record, as `analysis.exhibits.Exhibits` writes it: kind -> id -> entry."""
    record: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return record


def exhibit_files(record: dict[str, dict[str, Any]]) -> tuple[Path, ...]:
    """Name the files of the figures and tables in a record, below the top folder.

    Examples
    --------
    >>> [path.as_posix() for path in exhibit_files({"figures": {"map": {}}, "tables": {}})]
    ['paper/figures/map.png', 'paper/figures/map.svg']
    """
    return tuple(
        Path(pattern.format(identity))
        for kind, patterns in _FILES.items()
        for identity in sorted(record[kind])
        for pattern in patterns
    )


def files_of_record(path: Path) -> tuple[Path, ...]:
    """Name the files of a record that may not be there yet; then there are none."""
    return exhibit_files(read_record(path)) if path.is_file() else ()


def merge_records(paths: Iterable[Path]) -> str:
    """Put all records together into the content of ``paper/numbers.json``.

    Parameters
    ----------
    paths
        The records of all notebook runs.

    Returns
    -------
    str
        JSON: ``figures``, ``numbers`` and ``tables``, each with its ids in order.

    Raises
    ------
    RunError
        If two notebook runs recorded the same id.
    """
    merged: dict[str, dict[str, Any]] = {kind: {} for kind in _KINDS}
    problems = []
    for path in paths:
        for kind, entries in read_record(path).items():
            for identity, entry in entries.items():
                if (other := merged[kind].get(identity)) is not None:
                    what = f"{_made_by(other)} and {_made_by(entry)} both record it"
                    problems.append(Problem(what, identity, "give each exhibit an id of its own"))
                merged[kind][identity] = entry
    if problems:
        raise RunError("the exhibits cannot be put together", problems)
    return json.dumps(merged, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _made_by(entry: dict[str, Any]) -> str:
    return " ".join(part for part in (entry["study"], entry["notebook"], entry["run"]) if part)
