"""What uses an exhibit: pages of documents, lines of their sources, and other notebooks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.ledger.read import Ledger
from analysis.ledger.uses import Use

__all__ = ["SourceLine", "Uses", "find_uses"]


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line in which an id stands.

    Attributes
    ----------
    path, line
        The file, below the top folder, and the line from 1.
    text
        What it says.
    """

    path: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Uses:
    """All uses of an exhibit.

    Attributes
    ----------
    pages
        Document -> the pages it is on.
    lines
        Lines of the documents' sources and the README in which its id stands. An id that is put
        together from parts is found on its page only.
    readers
        Runs of other notebooks that read what the exhibit's run recorded, as
        ``beijing/06_summary``.
    """

    pages: Mapping[str, tuple[int, ...]]
    lines: tuple[SourceLine, ...]
    readers: tuple[str, ...]


def find_uses(root: Path, ledger: Ledger, run: str, identity: str, uses: list[Use]) -> Uses:
    """Find what uses an exhibit.

    Parameters
    ----------
    root
        The top folder of the compendium.
    ledger
        That of the study.
    run, identity
        The run that recorded it, and its id.
    uses
        All uses, see `analysis.ledger.uses.read_uses`.
    """
    pages: dict[str, tuple[int, ...]] = {}
    for use in uses:
        if use.id == identity:
            pages[use.document] = (*pages.get(use.document, ()), use.page)
    record = f"data/processed/{ledger.study}/exhibits/{run}.json"
    readers = [name for name, made in ledger.runs.items() if record in made.records]
    return Uses(
        pages,
        tuple(_lines(root, identity)),
        tuple(f"{ledger.study}/{name}" for name in readers),
    )


def _lines(root: Path, identity: str) -> list[SourceLine]:
    # Ids may go on after a dot or hyphen, but a sentence may end after one.
    whole = re.compile(rf"(?<![\w.-]){re.escape(identity)}(?![\w-]|\.\w)")
    files = [*sorted((root / "paper").rglob("*.typ")), root / "README.md"]
    return [
        SourceLine(path.relative_to(root).as_posix(), number, line.strip())
        for path in files
        if path.is_file()
        for number, line in enumerate(_read_lines(path), start=1)
        if whole.search(line)
    ]


def _read_lines(path: Path) -> list[str]:
    # Ids are ASCII, so that a byte in another encoding hides none of them.
    return path.read_text(encoding="utf-8", errors="replace").splitlines()
