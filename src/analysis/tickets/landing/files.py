"""Find the raw files of a source."""

from __future__ import annotations

from pathlib import Path

from analysis.errors import DataError, Problem, did_you_mean
from analysis.study.ticket_sources import TicketSource

__all__ = ["find_files"]

# What a download leaves beside the files: where they come from.
_NO_TICKETS = "provenance.json"


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
        If there is none, the glob leads out of the folder, or what it names is a link to nothing
        or, where the glob says how names of files end, a folder: tickets would be lost unheard.
    """
    title = f"source {source.name!r} has no files"
    if Path(source.files).is_absolute() or ".." in Path(source.files).parts:
        hint = "write 'files' as a path below the study's raw folder"
        raise DataError(title, [Problem(f"{source.files!r} leads out of it", folder.name, hint)])
    # Hidden files are what a download or an editor left half-written.
    named = [
        path
        for path in folder.glob(source.files)
        if not path.name.startswith(".") and path.name != _NO_TICKETS
    ]
    problems = [problem for path in sorted(named) if (problem := _problem(path, source, folder))]
    if problems:
        raise DataError(f"source {source.name!r} names what is no file", problems)
    found = [path for path in named if path.is_file()]
    if not found:
        hint = (
            f"put the files there (or download them), or correct 'files'; {_others(source, folder)}"
        )
        raise DataError(title, [Problem(f"no file matches {source.files!r}", folder.name, hint)])
    return tuple(sorted(found, key=lambda path: path.relative_to(folder).as_posix()))


def _problem(path: Path, source: TicketSource, folder: Path) -> Problem | None:
    where = path.relative_to(folder).as_posix()
    if path.is_dir():
        if not Path(source.files).suffix:
            return None
        hint = f"to read the files in it, write 'files' as {source.files + '/*'!r}; else rename it"
        return Problem("it is a folder, not a file", where, hint)
    if not path.is_file():
        return Problem("it is a link to nothing", where, "mend the link, or remove it")
    return None


def _others(source: TicketSource, folder: Path) -> str:
    present = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    return did_you_mean(source.files, present)
