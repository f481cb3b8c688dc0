"""Which files go into a deposit, and under which licence each of them is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from analysis.archive.citation import CITATION
from analysis.archive.metadata import METADATA, Metadata
from analysis.errors import Problem, RunError

__all__ = ["Item", "Part", "left_out", "list_contents"]

Part = Literal["code", "text", "data"]

# Only what stands in one of these places goes in; the longest that fits says what it is. A file
# that happens to lie in the top folder may be anything, and stays out.
PLACES: dict[str, Part] = {
    "README.md": "text",
    "LICENSE": "text",
    "LICENSE-TEXT": "text",
    CITATION: "text",
    METADATA: "text",
    "paper": "text",
    "data/README.md": "text",
    "data/files.md": "text",
    "data/raw": "data",
    "notebooks": "code",
    "notebooks/executed": "text",
    "src": "code",
    "tests": "code",
    "reproduce.py": "code",
    "pyproject.toml": "code",
    "requirements.txt": "code",
    "requirements-spark.txt": "code",
}

# Cleaned tables and the pages for reading can be made again from what goes in.
INTERMEDIATES = "data/processed"


@dataclass(frozen=True, slots=True, order=True)
class Item:
    """One file of a deposit.

    Attributes
    ----------
    path
        Where it is, below the top folder.
    part
        Whether it is code, text or data.
    licence
        Its licence; None for facts.
    """

    path: PurePosixPath
    part: Part
    licence: str | None


def list_contents(root: Path, metadata: Metadata, *, processed: bool = False) -> tuple[Item, ...]:
    """List the files of a deposit, in the order of their paths.

    Parameters
    ----------
    root
        The top folder of the compendium.
    metadata
        Says the licences.
    processed
        Whether cleaned tables go in too, which can be made again.

    Raises
    ------
    RunError
        If a name is not UTF-8, or breaks a line.
    """
    places = PLACES | ({INTERMEDIATES: "data"} if processed else {})
    paths = {path for place in places for path in _files(root, place)}
    if nameless := sorted(path for path in paths if not _is_portable(path)):
        hint = "rename it: lists of files are UTF-8, one name a line"
        problems = [
            Problem("its name cannot be listed", repr(str(path)), hint) for path in nameless
        ]
        raise RunError("these files cannot be deposited", problems)
    return tuple(_item(path, places, metadata) for path in sorted(paths))


def left_out(root: Path) -> list[str]:
    """Name what lies in the top folder and goes into no deposit, but for hidden files."""
    known = {place.split("/")[0] for place in PLACES}
    names = (path.name for path in root.iterdir() if not path.name.startswith("."))
    return sorted(name for name in names if name not in known and name != "__pycache__")


def _files(root: Path, place: str) -> Iterator[PurePosixPath]:
    start = root / place
    for path in [start] if start.is_file() else start.rglob("*"):
        below = PurePosixPath(path.relative_to(root).as_posix())
        if path.is_file() and not _is_passing(below):
            yield below


def _is_portable(path: PurePosixPath) -> bool:
    # Bytes that are no UTF-8 come as surrogates, which no text can hold.
    return not any("\ud800" <= letter <= "\udfff" or letter in "\r\n" for letter in str(path))


def _is_passing(path: PurePosixPath) -> bool:
    """Whether a file is a cache, hidden, or a page that was made of a notebook for reading."""
    if any(part.startswith(".") or part == "__pycache__" for part in path.parts):
        return True
    if any(part.endswith((".egg-info", ".pyc")) for part in path.parts):
        return True
    if path.is_relative_to("notebooks/executed"):
        return path.suffix == ".html"
    return path.is_relative_to("notebooks") and path.suffix == ".ipynb"


def _item(path: PurePosixPath, places: dict[str, Part], metadata: Metadata) -> Item:
    part = places[max((place for place in places if path.is_relative_to(place)), key=len)]
    return Item(path, part, _licence(path, part, metadata))


def _licence(path: PurePosixPath, part: Part, metadata: Metadata) -> str | None:
    for others in metadata.third_party:
        if path.is_relative_to(others.place):
            return others.licence
    if part == "code":
        return metadata.licence.code
    # data/raw/<folder>/… and data/processed/<study>/…
    for data in metadata.data:
        if part == "data" and len(path.parts) > 3 and path.parts[2] == data.folder:
            return data.licence
    return metadata.licence.text
