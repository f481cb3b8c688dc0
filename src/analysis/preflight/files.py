"""Files as such: empty ones, copies, archives, and files too large to be handed on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import PurePosixPath

from analysis.errors import RunError
from analysis.ledger.read import read_ledgers
from analysis.preflight.finding import Allowed, Finding, Place
from analysis.preflight.tree import Tree
from analysis.workspace import file_hash

__all__ = ["check_archives", "check_duplicates", "check_empty_files", "check_sizes"]

# Files whose being there is all they say.
MARKERS = {
    "__init__.py": "an empty __init__.py makes a folder a Python package",
    "py.typed": "an empty py.typed says that a package has types",
    ".gitkeep": "an empty .gitkeep makes git keep a folder",
    ".nojekyll": "an empty .nojekyll has a site served as it is",
}

ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z", ".rar", ".lzma")
# How a file begins that is an archive, whatever its name says.
SIGNATURES = (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
# Formats that are zipped inside and that people open as they are.
ZIPPED_FORMATS = (".xlsx", ".docx", ".pptx", ".ods", ".odt", ".npz", ".epub", ".whl")

LARGEST = 100 * 1024**2


def check_empty_files(tree: Tree) -> Iterator[Finding | Allowed]:
    """Report files of no bytes; markers that are empty on purpose are allowed."""
    for name in tree.files:
        if tree.path(name).stat().st_size == 0:
            why = MARKERS.get(PurePosixPath(name).name)
            if why:
                yield Allowed(Place(name), why)
            else:
                yield Finding(Place(name), "the file is empty")


def check_duplicates(tree: Tree) -> Iterator[Finding | Allowed]:
    """Report files with the same bytes; each copy but the first by name is named.

    Two exhibits that the ledger records may agree: each has its own program and line.
    """
    exhibits = _recorded(tree)
    by_size: dict[int, list[str]] = defaultdict(list)
    for name in tree.files:
        if size := tree.path(name).stat().st_size:
            by_size[size].append(name)
    by_content: dict[str, list[str]] = defaultdict(list)
    for names in by_size.values():
        for name in names if len(names) > 1 else ():
            by_content[file_hash(tree.path(name))].append(name)
    for first, *copies in sorted(by_content.values()):
        for copy in copies:
            if {first, copy} <= exhibits:
                yield Allowed(Place(copy), f"this exhibit comes out like {first}")
            else:
                yield Finding(Place(copy), f"it has the same bytes as {first}", "warning")


def _recorded(tree: Tree) -> frozenset[str]:
    try:
        ledgers = read_ledgers(tree.root)
    except RunError:
        return frozenset()
    entries = (entry for ledger in ledgers.values() for entry in ledger.entries.values())
    return frozenset(name for entry in entries for name in entry.files)


def check_archives(tree: Tree) -> Iterator[Finding | Allowed]:
    """Report archives, by name and by their first bytes."""
    for name in tree.files:
        ending = PurePosixPath(name).suffix.lower()
        if ending in ARCHIVES:
            yield Finding(Place(name), f"it is an archive ({ending})")
        elif ending not in ZIPPED_FORMATS:
            with tree.path(name).open("rb") as stream:
                if stream.read(6).startswith(SIGNATURES):
                    yield Finding(Place(name), "it is an archive, though its name does not say so")


def check_sizes(tree: Tree) -> Iterator[Finding | Allowed]:
    """Report files of more than 100 MB."""
    for name in tree.files:
        if (size := tree.path(name).stat().st_size) > LARGEST:
            yield Finding(Place(name), f"it has {size / 1024**2:,.0f} MB, more than 100")
