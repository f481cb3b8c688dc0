"""Land all files of a study, those that changed since the last time."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tqdm import tqdm

from analysis.errors import DataError, Problem
from analysis.study.schema import Study
from analysis.study.tickets import Tickets
from analysis.tickets.database import set_threads
from analysis.tickets.landing.land import Landed, Landing, header_problems
from analysis.tickets.made_from import MadeFrom, RawFile, digest_of
from analysis.tickets.privacy.key import read_key
from analysis.workspace import write_atomically

__all__ = ["LANDED", "LandedFile", "land_all"]

# Below the folder of the study's cache: landed files, and the key of callers.
LANDED, KEY = "landed", "caller.key"
# No more files land at once, however many processors there are: each takes memory of its own.
_AT_ONCE = 4

LandedFile = tuple[Path, Landed]


def land_all(
    study: Study,
    raw: Path,
    source: MadeFrom,
    cache: Path,
    *,
    threads: int | None = None,
    quiet: bool = False,
) -> tuple[LandedFile, ...]:
    """Land every file of tickets that has not landed yet as it is now.

    Parameters
    ----------
    study
        A study with tickets.
    raw
        Its raw folder.
    source
        Its files.
    cache
        Where landed files are kept: each under a hash of all that it is made from, so that a
        stopped ingest goes on, and a new year of data costs the landing of one file. Files that
        are not needed any more are removed.
    threads
        How many threads may work; as many as there are processors if None.
    quiet
        Whether progress is shown.

    Returns
    -------
    tuple of (Path, Landed)
        The Parquet file of each raw file, and what is known of it, in the order of `source`.

    Raises
    ------
    DataError
        If files cannot be read as the study describes them; the problems of all are told at once.
    """
    assert study.tickets is not None
    tickets, folder = study.tickets, cache / LANDED
    folder.mkdir(parents=True, exist_ok=True)
    key = read_key(cache / KEY)
    names = [_name(tickets, file, source.code, key) for file in source.files]
    waiting = {
        name: file
        for file, name in zip(source.files, names, strict=True)
        if not (_account(folder, name).is_file() and (folder / f"{name}.parquet").is_file())
    }
    _refuse(_header_problems(tickets, list(waiting.values()), raw))
    landings = {source.name: Landing(source, tickets, raw, key) for source in tickets.source}
    threads = threads or os.cpu_count() or 1
    at_once = max(1, min(threads, len(waiting), _AT_ONCE))
    # Processors that have no file of their own help with those of the others.
    set_threads(max(0, threads - at_once))
    with (
        _progress(list(waiting.values()), quiet) as bar,
        ThreadPoolExecutor(at_once) as pool,
    ):

        def land(name: str) -> Sequence[Problem]:
            file, to = waiting[name], folder / f"{name}.parquet"
            try:
                landed = landings[file.source.name].land(file.path, to)
            except DataError as failure:
                return failure.problems
            # The account comes last: where it is, the table is whole.
            text = json.dumps(asdict(landed), ensure_ascii=False, indent=1)
            write_atomically(_account(folder, name), text)
            bar.update(file.path.stat().st_size)
            return ()

        problems = [problem for found in pool.map(land, waiting) for problem in found]
    _refuse(problems)
    _remove_others(folder, names)
    return tuple((folder / f"{name}.parquet", _read(_account(folder, name))) for name in names)


def _name(tickets: Tickets, file: RawFile, code: str, key: bytes) -> str:
    """Hash all that a landed file is made from; of the key, only whether it is the same."""
    says = asdict(tickets)
    decides = {name: says[name] for name in ("zone", "privacy", "repair")}
    same_key = hashlib.sha256(b"which key " + key).hexdigest()
    made_from = [asdict(file.source), decides, tickets.columns, file.name, file.sha256]
    return digest_of([*made_from, code, same_key])[:32]


def _account(folder: Path, name: str) -> Path:
    return folder / f"{name}.json"


def _read(path: Path) -> Landed:
    stated = json.loads(path.read_text(encoding="utf-8"))
    lists = {name: tuple(value) for name, value in stated.items() if isinstance(value, list)}
    return Landed(**(stated | lists))


def _header_problems(tickets: Tickets, files: Sequence[RawFile], raw: Path) -> list[Problem]:
    problems: list[Problem] = []
    for source in tickets.source:
        paths = [file.path for file in files if file.source == source]
        problems += header_problems(source, tickets, paths, raw)
    return problems


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise DataError("some files of tickets cannot be read", problems)


@contextmanager
def _progress(files: Sequence[RawFile], quiet: bool) -> Iterator[tqdm[Any]]:
    size = sum(file.path.stat().st_size for file in files)
    with tqdm(
        total=size, unit="B", unit_scale=True, desc="reading", disable=quiet or not files
    ) as bar:
        yield bar


def _remove_others(folder: Path, names: Sequence[str]) -> None:
    wanted = {f"{name}{suffix}" for name in names for suffix in (".parquet", ".json")}
    for path in folder.iterdir():
        if path.name not in wanted:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
