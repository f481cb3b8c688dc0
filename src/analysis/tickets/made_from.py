"""What an ingest is made from: hashes that tell whether it has to be done again."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import analysis.study
import analysis.tickets
from analysis.errors import DataError, Problem
from analysis.study.schema import Study
from analysis.study.ticket_sources import TicketSource
from analysis.tickets.landing.files import find_files
from analysis.workspace import file_hash

__all__ = ["MadeFrom", "RawFile", "digest_of", "made_from"]


@dataclass(frozen=True, slots=True)
class RawFile:
    """A file of tickets.

    Attributes
    ----------
    source
        The source that it belongs to.
    path
        Where it is.
    name
        Its path below the study's raw folder, with slashes.
    sha256
        The hash of its bytes.
    """

    source: TicketSource
    path: Path
    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class MadeFrom:
    """All that decides what an ingest makes.

    Attributes
    ----------
    files
        The raw files of all sources, in the order of the study file and of their names.
    references
        Name and hash of the register and the crosswalk.
    study
        What the study says of its tickets, in plain values.
    code
        The hash of the library's part that ingests.
    """

    files: tuple[RawFile, ...]
    references: dict[str, str]
    study: dict[str, Any]
    code: str

    @property
    def digest(self) -> str:
        """One hash of everything."""
        files = {file.name: [file.source.name, file.sha256] for file in self.files}
        return digest_of([files, self.references, self.study, self.code])


def made_from(study: Study, raw: Path) -> MadeFrom:
    """Find what an ingest of the study would be made from.

    Parameters
    ----------
    study
        A study with tickets.
    raw
        Its raw folder.

    Raises
    ------
    DataError
        If a source has no files, or names what is no file, or a file belongs to two sources.
    """
    assert study.tickets is not None
    files = _find_files(study, raw)
    tickets = asdict(study.tickets)
    # Where the files came from does not matter; their hashes do.
    del tickets["download"]
    register = study.register
    names = [] if register is None else [register.units, register.crosswalk]
    present = [name for name in names if name is not None and (raw / name).is_file()]
    return MadeFrom(
        files=files,
        references={name: file_hash(raw / name) for name in present},
        study={
            "tickets": tickets,
            "register": None if register is None else asdict(register),
            "months": [study.first_period, study.last_period],
        },
        code=_code_hash(),
    )


def digest_of(plain: Any) -> str:
    """Hash plain values, whatever the order of their keys."""
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def _find_files(study: Study, folder: Path) -> tuple[RawFile, ...]:
    assert study.tickets is not None
    found: list[tuple[TicketSource, Path, str]] = []
    problems: list[Problem] = []
    owner: dict[str, str] = {}
    for source in study.tickets.source:
        try:
            paths = find_files(source, folder)
        except DataError as failure:
            problems += failure.problems
            continue
        for path in paths:
            name = path.relative_to(folder).as_posix()
            if name in owner:
                hint = "narrow 'files' of one of them"
                both = f"it belongs to the sources {owner[name]!r} and {source.name!r}"
                problems.append(Problem(both, name, hint))
                continue
            owner[name] = source.name
            found.append((source, path, name))
    if problems:
        raise DataError("the tickets cannot be found", problems)
    with ThreadPoolExecutor() as pool:
        hashes = pool.map(file_hash, (path for _, path, _ in found))
        return tuple(RawFile(*file, sha256) for file, sha256 in zip(found, hashes, strict=True))


def _code_hash() -> str:
    packages = [Path(next(iter(p.__path__))) for p in (analysis.tickets, analysis.study)]
    files = sorted(file for package in packages for file in package.rglob("*.py"))
    together = hashlib.sha256()
    for file in files:
        together.update(file.name.encode() + file.read_bytes())
    return together.hexdigest()
