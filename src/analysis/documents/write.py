"""Fill the generated regions of all documents, or say which are not what they should be."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import zip_longest
from pathlib import Path

from analysis.documents.data_sets import data_by_file, data_by_folder
from analysis.documents.exhibit_list import exhibits_by_line, exhibits_one_by_one
from analysis.documents.regions import fill_regions, find_regions
from analysis.documents.runtime import runtime_by_step
from analysis.documents.seed_list import seeds_with_lines
from analysis.documents.software import software_versions
from analysis.errors import Problem, RunError
from analysis.workspace import write_atomically

__all__ = ["REGIONS", "check_documents", "list_documents", "write_documents"]

# What a region may be called, and what it holds.
REGIONS: dict[str, Callable[[Path], str]] = {
    "data": data_by_folder,
    "data-files": data_by_file,
    "exhibits": exhibits_by_line,
    "exhibits-full": exhibits_one_by_one,
    "runtime": runtime_by_step,
    "seeds": seeds_with_lines,
    "software": software_versions,
}


def list_documents(root: Path) -> list[Path]:
    """Name the documents that may have generated regions: those in the top, data and paper."""
    return sorted(path for folder in ("", "data", "paper") for path in (root / folder).glob("*.md"))


def write_documents(root: Path) -> list[Path]:
    """Fill all regions of all documents.

    Parameters
    ----------
    root
        The top folder of the compendium.

    Returns
    -------
    list of pathlib.Path
        The documents that changed, below the top folder.

    Raises
    ------
    CompendiumError
        If a marker is wrong, or what a region is written from is missing.
    """
    filled = {path: _filled(root, path) for path in list_documents(root)}
    changed = [path for path, text in filled.items() if text != _read(path)]
    for path in changed:
        write_atomically(path, filled[path])
    return [path.relative_to(root) for path in changed]


def check_documents(root: Path) -> list[Problem]:
    """Compare each region with what would be written; name it and its first line that differs.

    Raises
    ------
    CompendiumError
        As `write_documents`.
    """
    problems = []
    for path in list_documents(root):
        document, now = path.relative_to(root).as_posix(), _read(path)
        wanted = _filled(root, path)
        regions = zip(
            find_regions(now, document, REGIONS),
            find_regions(wanted, document, REGIONS),
            strict=True,
        )
        for here, there in regions:
            problem = _first_difference(
                now.splitlines()[here.begin + 1 : here.end],
                wanted.splitlines()[there.begin + 1 : there.end],
                region=here.name,
                document=document,
                start=here.begin + 2,
            )
            problems += [] if problem is None else [problem]
    return problems


def _first_difference(
    now: list[str], wanted: list[str], *, region: str, document: str, start: int
) -> Problem | None:
    for number, (old, new) in enumerate(zip_longest(now, wanted), start=start):
        if old != new:
            said = "nothing" if old is None else repr(old)
            meant = "nothing" if new is None else repr(new)
            what = f"region {region!r} says {said} and should say {meant}"
            return Problem(what, f"{document}, line {number}", "compendium document")
    return None


def _filled(root: Path, path: Path) -> str:
    contents = {name: partial(make, root) for name, make in REGIONS.items()}
    return fill_regions(_read(path), path.relative_to(root).as_posix(), contents)


def _read(path: Path) -> str:
    # Read as bytes, so that the line ends outside the regions stay what they are.
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as failure:
        what = f"it is not UTF-8 at byte {failure.start + 1}"
        problem = Problem(what, path.name, "save it as UTF-8")
        raise RunError("a document cannot be read", [problem]) from None
