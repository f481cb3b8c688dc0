"""Find the raw files of a source."""

from __future__ import annotations

from pathlib import Path

from analysis.errors import DataError, Problem
from analysis.study.ticket_sources import TicketSource

__all__ = ["find_files"]


def find_files(source: TicketSource, folder: Path) -> tuple[Path, ...]:
    """Find the files that a source's glob names, in the order of their names.

    Parameters
    ----------
    source
        The source.
    folder
        The study's raw folder.

    Raises
    ------
    DataError
        If there is none, or the glob leads out of the folder.
    """
    title = f"source {source.name!r} has no files"
    if Path(source.files).is_absolute() or ".." in Path(source.files).parts:
        hint = "write 'files' as a path below the study's raw folder"
        raise DataError(title, [Problem(f"{source.files!r} leads out of it", folder.name, hint)])
    # Hidden files are what a download or an editor left half-written.
    found = sorted(
        (
            path
            for path in folder.glob(source.files)
            if path.is_file() and not path.name.startswith(".")
        ),
        key=lambda path: path.relative_to(folder).as_posix(),
    )
    if not found:
        hint = "put the files there, or correct 'files' in the study file"
        raise DataError(title, [Problem(f"no file matches {source.files!r}", folder.name, hint)])
    return tuple(found)
