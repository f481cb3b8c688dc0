"""The list of hashes of raw files: complete, and right."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.clean.raw_files import CHECKSUMS, check_raw_files
from analysis.errors import DataError
from analysis.preflight.finding import Allowed, Finding, Place
from analysis.preflight.tree import Tree

__all__ = ["check_checksums"]


def check_checksums(tree: Tree) -> Iterator[Finding | Allowed]:
    """Report raw files that are not listed, are missing or have other bytes than listed."""
    raw = tree.root / "data" / "raw"
    folders = {path.name for path in raw.glob("*/")} if raw.is_dir() else set()
    if (raw / CHECKSUMS).is_file():
        listed = (raw / CHECKSUMS).read_text(encoding="utf-8", errors="replace").splitlines()
        folders |= {line.partition("  ")[2].partition("/")[0] for line in listed if "/" in line}
    elif not folders:
        return
    try:
        check_raw_files(raw, sorted(folders))
    except DataError as error:
        for problem in error.problems:
            yield Finding(Place(problem.where), problem.what, mend=problem.hint)
