"""The sources of the compendium: what a fresh clone has and no run makes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from analysis.clean.raw_files import CHECKSUMS
from analysis.git import list_files
from analysis.pipeline.plan import LEDGERS, NUMBERS, PAPER

__all__ = ["MADE", "copy_sources", "source_files"]

# Folders in which every file is made by a step and kept with the sources.
MADE = (
    Path("notebooks/executed"),
    Path("paper/figures"),
    Path("paper/tables"),
    LEDGERS,
)

RAW = Path("data/raw")

# What is never kept with the sources.
_LEFT_OUT = (Path("data/processed"), Path("data/restricted"))


def source_files(root: Path) -> tuple[Path, ...]:
    """Name all sources, below the top folder and in order.

    In a repository these are the files that it tracks, in whatever state they are, and the raw
    files that it does not keep but lists by their hashes; elsewhere, as in an unpacked archive,
    all files but hidden ones and caches.

    Parameters
    ----------
    root
        The top folder of the compendium.
    """
    tracked = _tracked(root)
    present = set(_walk(root)) if tracked is None else {*tracked, *_listed(root)}
    return tuple(path for path in sorted(present) if _is_source(path) and (root / path).is_file())


def copy_sources(root: Path, copy: Path) -> None:
    """Copy the sources, and nothing that a run makes.

    Parameters
    ----------
    root
        The top folder of the compendium.
    copy
        The folder to copy them to.
    """
    for path in source_files(root):
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / path, copy / path)


def _tracked(root: Path) -> list[Path] | None:
    """Ask git which files it tracks; None if the compendium is no repository."""
    if not (root / ".git").exists():
        return None
    # In a repository to which nothing was added yet, git has no opinion.
    return [Path(name) for name in list_files(root)] or None


def _listed(root: Path) -> list[Path]:
    """Name the raw files in the list of hashes: whoever has them can tell that they are the same.

    A repository does not keep tickets that tell who people are.
    """
    path = root / RAW / CHECKSUMS
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return [RAW / name for name in (line.partition("  ")[2] for line in lines) if name]


def _walk(root: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(root):
        # An environment has tens of thousands of files; they need not even be looked at.
        folders[:] = [name for name in folders if not _is_cache(name)]
        yield from (Path(folder, name).relative_to(root) for name in files)


def _is_source(path: Path) -> bool:
    if path in {NUMBERS, *PAPER} or any(path.is_relative_to(folder) for folder in MADE):
        return False
    if any(path.is_relative_to(folder) for folder in _LEFT_OUT):
        # A description of what is to be found there once it is made.
        return path.name == "README.md" and path.parent in _LEFT_OUT
    return not any(_is_cache(part) for part in path.parts)


def _is_cache(name: str) -> bool:
    return name.startswith(".") or name == "__pycache__" or name.endswith(".egg-info")
