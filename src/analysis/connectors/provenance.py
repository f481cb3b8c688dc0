"""Where downloaded pages come from: the file `provenance.json` beside them."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from analysis.connectors.connector import Position
from analysis.errors import Problem, RunError
from analysis.study.download import Download
from analysis.study.fields import Strict
from analysis.study.strict import Location, build_strictly
from analysis.workspace import file_hash, write_atomically

__all__ = [
    "PROVENANCE",
    "Part",
    "Provenance",
    "folder_problems",
    "now",
    "read_provenance",
    "write_provenance",
]

PROVENANCE = "provenance.json"


@dataclass(frozen=True, slots=True)
class Part(Strict):
    """One page on disk.

    Attributes
    ----------
    file
        Its name in the folder.
    rows
        How many records it holds, one a line.
    sha256
        The hash of the file's bytes.
    fetched
        When, in UTC.
    query
        The parameters that were sent.
    position, following
        Where the page begins, and where the next one does.
    """

    file: str
    rows: int
    sha256: str
    fetched: str
    query: dict[str, str]
    position: Position
    following: Position | None


@dataclass(frozen=True, slots=True)
class Provenance(Strict):
    """All that is known of one downloaded table.

    Attributes
    ----------
    download
        What the study file asked for.
    method
        How its pages follow each other.
    started, finished
        When, in UTC.
    complete
        Whether the last page has been fetched, and the total came out.
    total_at_start, total_at_end
        How many records the portal announced before the first page and after the last.
    rows
        How many records there are in all parts.
    parts
        The pages, in order.
    beside
        The hashes of further files, by name.
    format
        The version of this file's layout.
    """

    download: Download
    method: str
    started: str
    finished: str | None = None
    complete: bool = False
    total_at_start: int | None = None
    total_at_end: int | None = None
    rows: int = 0
    parts: tuple[Part, ...] = ()
    beside: dict[str, str] = field(default_factory=dict)
    format: Literal[1] = 1


def now() -> str:
    """Tell the time in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def write_provenance(folder: Path, provenance: Provenance) -> None:
    """Write the file anew, whole or not at all."""
    text = json.dumps(dataclasses.asdict(provenance), ensure_ascii=False, indent=1)
    write_atomically(folder / PROVENANCE, text + "\n")


def read_provenance(folder: Path) -> Provenance | None:
    """Read the file; `None` if the folder has none.

    Raises
    ------
    RunError
        If it is not such a file.
    """
    path = folder / PROVENANCE
    if not path.is_file():
        return None
    where = f"{folder.name}/{PROVENANCE}"
    title = f"{where} cannot be read"

    def place(location: Location) -> str:
        return ".".join([where, *map(str, location)])

    try:
        given = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(given, dict):
            raise ValueError("it is not a JSON object")
    except ValueError as failure:
        hint = "download the table anew, with --fresh"
        raise RunError(title, [Problem(str(failure), where, hint)]) from None
    return build_strictly(Provenance, given, title=title, error=RunError, place=place)


def folder_problems(folder: Path) -> list[Problem]:
    """Compare a downloaded table with its provenance file, without the network.

    Parameters
    ----------
    folder
        The folder of one table.

    Returns
    -------
    list of Problem
        Each file that is missing, altered or not listed; empty if all is as downloaded.
    """
    provenance = read_provenance(folder)
    if provenance is None:
        return [Problem("the table was not downloaded", folder.name, "leave out --check")]
    problems = []
    if not provenance.complete:
        hint = "start the download again: it goes on where it stopped"
        problems.append(Problem("the download is not complete", folder.name, hint))
    expected = {part.file: part.sha256 for part in provenance.parts} | provenance.beside
    for name, sha256 in expected.items():
        where, hint = f"{folder.name}/{name}", "start the download again: it fetches this file anew"
        if not (folder / name).is_file():
            problems.append(Problem("the file is missing", where, hint))
        elif file_hash(folder / name) != sha256:
            problems.append(Problem("the file was altered since it was downloaded", where, hint))
    present = sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))
    for name in present:
        if name not in expected and name != PROVENANCE:
            where, hint = f"{folder.name}/{name}", "take it away"
            problems.append(Problem("the file is not of this download", where, hint))
    return problems
