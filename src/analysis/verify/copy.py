"""The scratch copy in which everything is run again: sources only, and gone afterwards."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis.pipeline.sources import copy_sources

__all__ = ["scratch_copy", "scratch_folder"]


@contextmanager
def scratch_folder(root: Path, *, keep: bool) -> Iterator[Path]:
    """Make a new folder below ``.cache/verify``, and remove it afterwards.

    Parameters
    ----------
    root
        The top folder of the compendium.
    keep
        Whether to leave it there.

    Yields
    ------
    pathlib.Path
        The folder, without links in its path.
    """
    home = (root / ".cache" / "verify").resolve()
    home.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=home, prefix="run-"))
    try:
        yield folder
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


def scratch_copy(root: Path, folder: Path, name: str) -> Path:
    """Copy the sources into a folder, and return the copy's top folder.

    What runs made is left behind: exhibits, executed notebooks, the paper, tables in between, and
    all caches, among them the engine's memory of what is up to date.
    """
    copy = folder / name
    copy_sources(root, copy)
    return copy
