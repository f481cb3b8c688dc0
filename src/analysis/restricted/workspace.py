"""The workspace of a restricted export: a small, complete compendium below the export's folder."""

from __future__ import annotations

import filecmp
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from analysis.clean.raw_files import write_checksums
from analysis.restricted.derive import study_of_export
from analysis.restricted.place import Place
from analysis.workspace import write_atomically

__all__ = ["lay_out"]

NOTICE = """\
NOT FOR PUBLICATION 不得公开

Everything in this folder is made from restricted data. Executed notebooks, panels, records and
caches hold values of single units. What may be published, once a person has looked at it, is
copied to the folder `publishable` beside this one.
"""
# Paths of the compendium that the workspace has too; a folder means all files in it.
SHARED = (
    "pyproject.toml",
    "requirements.txt",
    "paper/template.typ",
    "paper/references.bib",
    "paper/report",
    "paper/fonts",
)
PUBLISHED = "data/raw/published"
REPORT = Path("paper/report.typ")


def lay_out(place: Place) -> None:
    """Make the workspace, or bring it up to date with the compendium and the export.

    Parameters
    ----------
    place
        Of the export. Its files appear in the workspace without taking up more space, where the
        file system can do that. What is the same already is left alone, so that a run does only
        what is out of date.

    Raises
    ------
    StudyError
        If the study file is not valid.
    """
    study = study_of_export(place)
    wanted = dict(_wanted(place))
    for target, source in wanted.items():
        _bring(source, place.workspace / target)
    for folder in ("notebooks", f"data/raw/{place.study}"):
        _remove_others(place.workspace, folder, wanted)
    _write(place.workspace / "notebooks" / "studies" / f"{place.study}.toml", study)
    _write(place.workspace / "NOT-FOR-PUBLICATION.txt", NOTICE)
    write_checksums(place.workspace / "data" / "raw")


def _wanted(place: Place) -> Iterator[tuple[str, Path]]:
    """Say which file of the workspace is which file of the compendium or the export."""
    # A compendium about another city may have no figures of Beijing.
    published = [PUBLISHED] if (place.root / PUBLISHED).is_dir() else []
    for name in (*SHARED, *published):
        for path in _files(place.root / name):
            yield path.relative_to(place.root).as_posix(), path
    for path in sorted((place.root / "notebooks").glob("*.py")):
        yield f"notebooks/{path.name}", path
    # The paper is about the public data; the report is about whatever there is.
    yield "paper/paper.typ", place.root / REPORT
    for file in place.exported:
        yield f"data/raw/{place.study}/{file.as_posix()}", place.folder / file


def _files(path: Path) -> list[Path]:
    return sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]


def _bring(source: Path, target: Path) -> None:
    # Where it is a link, the content need not be read, and an export may be large.
    if target.is_file() and (target.samefile(source) or filecmp.cmp(source, target, shallow=False)):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    try:
        os.link(source, target)
    except OSError:
        # Not every file system has links, and none links to another.
        shutil.copyfile(source, target)


def _remove_others(workspace: Path, folder: str, wanted: dict[str, Path]) -> None:
    made = workspace / folder
    for path in [*made.glob("*.py"), *(_files(made) if folder.startswith("data") else [])]:
        if path.relative_to(workspace).as_posix() not in wanted:
            path.unlink()


def _write(path: Path, text: str) -> None:
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        write_atomically(path, text)
