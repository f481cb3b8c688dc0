"""The list of hashes of raw files: complete, right, and of files that others will have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from analysis.clean.raw_files import CHECKSUMS, check_raw_files
from analysis.errors import DataError
from analysis.preflight.finding import Allowed, Finding, Place
from analysis.preflight.tree import Tree

__all__ = ["check_checksums"]


def check_checksums(tree: Tree) -> Iterator[Finding | Allowed]:
    """Report raw files that are not listed, are missing or have other bytes than listed.

    Files that are listed and that git ignores, as it does with tickets that tell who people are,
    are a warning: nobody else will have them.
    """
    raw = tree.root / "data" / "raw"
    folders = {path.name for path in raw.glob("*/")} if raw.is_dir() else set()
    if (raw / CHECKSUMS).is_file():
        lines = (raw / CHECKSUMS).read_text(encoding="utf-8", errors="replace").splitlines()
        listed = [line.partition("  ")[2] for line in lines if "/" in line]
        folders |= {name.partition("/")[0] for name in listed}
        yield from _kept_by_nobody(tree, listed)
    elif not folders:
        return
    try:
        check_raw_files(raw, sorted(folders))
    except DataError as error:
        for problem in error.problems:
            yield Finding(Place(problem.where), problem.what, mend=problem.hint)


def _kept_by_nobody(tree: Tree, listed: Sequence[str]) -> Iterator[Finding]:
    kept = set(tree.below("data/raw"))
    ignored = [name for name in listed if f"data/raw/{name}" not in kept]
    there = [name for name in ignored if tree.path(f"data/raw/{name}").is_file()]
    files = Counter(name.partition("/")[0] for name in there)
    for folder, number in sorted(files.items()):
        yield Finding(
            Place(f"data/raw/{folder}/"),
            f"git ignores {number} of its files, so nobody else will have them, and they were not "
            "searched for personal data",
            "warning",
            f"write !/data/raw/{folder}/ into .gitignore if they may be published; else say in "
            "README.md where they come from",
        )
