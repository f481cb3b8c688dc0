"""Staging: products are made aside and moved into place only when all of them are right."""

from __future__ import annotations

import filecmp
import shutil
import sqlite3
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from analysis.errors import Problem, RunError

__all__ = ["clean_folder", "only_run", "publish", "staging_folder"]

# In the folder of a run while it goes on; gone as soon as a later run swept it.
_MARK = "running"


@contextmanager
def only_run(root: Path) -> Iterator[Path]:
    """Hold the compendium for one run, and sweep what a killed run left behind.

    Parameters
    ----------
    root
        The top folder of the compendium.

    Yields
    ------
    pathlib.Path
        A new folder below ``.cache/staging``, in which this run's steps make their products.

    Raises
    ------
    RunError
        If another run is going on in this folder.
    """
    cache = root / ".cache"
    cache.mkdir(exist_ok=True)
    # A transaction on an empty database is a lock that every system releases when a process dies,
    # however it dies.
    with closing(sqlite3.connect(cache / "run.lock", timeout=0, isolation_level=None)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            hint = "wait until it has ended, or end it"
            problem = Problem("another run is going on in this folder", str(root), hint)
            raise RunError("the run cannot start", [problem]) from None
        staging = cache / "staging"
        shutil.rmtree(staging, ignore_errors=True)
        # no seed: it names a folder
        folder = staging / uuid.uuid4().hex
        folder.mkdir(parents=True)
        (folder / _MARK).touch()
        try:
            yield folder
        finally:
            shutil.rmtree(staging, ignore_errors=True)


@contextmanager
def staging_folder(run_folder: Path, step: str) -> Iterator[Path]:
    """Make a folder for one step's products, and remove it afterwards whatever happens."""
    folder = run_folder.joinpath(*step.split("/"))
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def publish(
    folder: Path,
    root: Path,
    run_folder: Path,
    *,
    declared: Sequence[Path],
    former: Iterable[Path],
) -> None:
    """Move a step's products into place.

    Parameters
    ----------
    folder
        Where they were made; it mirrors the folders of `root`.
    root
        The top folder of the compendium.
    run_folder
        The folder of the run that made them.
    declared
        The products that the step has to make, below the top folder.
    former
        What the step made the last time; what it no longer makes is removed.

    Raises
    ------
    RunError
        If a declared product was not made or an undeclared file was, or the run was given up:
        then nothing is moved.
    """
    found = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    problems = [
        Problem("the step did not make it", path.as_posix(), "declare only what is made")
        for path in declared
        if path not in found
    ]
    problems += [
        Problem("nobody declared this file", path.as_posix(), "record it, or write it elsewhere")
        for path in sorted(found.difference(declared))
    ]
    if problems:
        raise RunError("the step made other files than it declares", problems)
    if not (run_folder / _MARK).exists():
        # A killed run's worker may live on for a moment; its results are not wanted any more.
        raise RunError("a later run has begun, so this step is given up")
    for path in declared:
        _move(folder / path, root / path)
    for path in set(former).difference(declared):
        (root / path).unlink(missing_ok=True)


def _move(made: Path, target: Path) -> None:
    # A file that did not change keeps its time stamp, so nothing need be hashed again.
    if target.is_file() and filecmp.cmp(made, target, shallow=False):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        made.replace(target)
    except PermissionError as failure:
        hint = "close the program that has it open and run again"
        problem = Problem("the file cannot be replaced", str(target), hint)
        raise RunError("a product cannot be moved into place", [problem]) from failure


def clean_folder(folder: Path, keep: Sequence[str] = ()) -> list[Path]:
    """Remove everything in a folder but the names to keep; return what was removed."""
    removed = []
    for path in sorted(folder.glob("*")):
        if path.name in keep:
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
        removed.append(path)
    return removed
