"""What is told of an ingest beside its tables, and whether it has to be done again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import ibis

from analysis.clean.ingested import CASES, INGESTED, INGESTED_FILES, PROVENANCE, QUARANTINE
from analysis.tickets.land_all import LandedFile
from analysis.tickets.made_from import MadeFrom
from analysis.workspace import file_hash, write_atomically

__all__ = ["is_up_to_date", "write_provenance"]


def write_provenance(
    folder: Path,
    source: MadeFrom,
    landed: Sequence[LandedFile],
    left_out: Sequence[str],
    engine: str,
) -> None:
    """Write what the tables in a folder were made from, as JSON.

    Parameters
    ----------
    folder
        It has all tables already; their hashes are written down.
    source
        What they were made from.
    landed
        Each raw file's account: rows, headers, what was not used. Nothing of its cells.
    left_out
        What could not be counted, in words.
    engine
        What cleaned and counted. It does not matter for the result.
    """
    hashes = {file.name: file.sha256 for file in source.files}
    told: dict[str, Any] = {
        "made_from": source.digest,
        "engine": engine,
        "software": {"duckdb": duckdb.__version__, "ibis": ibis.__version__},
        "files": [
            {
                "file": account.file,
                "sha256": hashes[account.file],
                "rows": account.rows,
                "headers": account.headers,
                "not used": sorted([*account.names, *account.ignored]),
            }
            for _, account in landed
        ],
        "references": source.references,
        "not counted": list(left_out),
        "tables": {name: file_hash(folder / name) for name in INGESTED_FILES if name != PROVENANCE},
    }
    text = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    write_atomically(folder / PROVENANCE, text)


def is_up_to_date(folder: Path, source: MadeFrom) -> bool:
    """Tell whether a study's processed data are what these files give, its tables unchanged."""
    tables = folder / INGESTED
    try:
        told = json.loads((tables / PROVENANCE).read_text(encoding="utf-8"))
        hashes = dict(told["tables"])
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return (
        told.get("made_from") == source.digest
        and all((tables / name).is_file() for name in hashes)
        and all(file_hash(tables / name) == given for name, given in hashes.items())
        and (folder / CASES).is_dir()
        and (folder / QUARANTINE).is_dir()
    )
