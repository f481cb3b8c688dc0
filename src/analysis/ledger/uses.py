"""Which exhibits are used, where, and which are used nowhere."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import Problem, RunError
from analysis.ledger.read import read_ledgers
from analysis.reading import broken, read_object
from analysis.workspace import write_atomically

__all__ = ["Use", "check_used", "read_uses", "write_uses"]


@dataclass(frozen=True, slots=True, order=True)
class Use:
    """One use of an exhibit.

    Attributes
    ----------
    id
        The exhibit.
    document
        The document, such as ``paper``.
    page
        The page on which it stands, from 1.
    """

    id: str
    document: str
    page: int


def check_used(root: Path, uses: Iterable[Use]) -> None:
    """Check that what is recorded is used.

    A study of which no document uses anything is left alone: it is not theirs.

    Parameters
    ----------
    root
        The top folder of the compendium.
    uses
        All uses in all documents.

    Raises
    ------
    RunError
        Naming each exhibit that nobody uses, with the line of the notebook that records it.
    """
    used = {use.id for use in uses}
    problems = []
    for ledger in read_ledgers(root).values():
        if not used & ledger.entries.keys():
            continue
        problems += [
            Problem(f"no document uses this {entry.kind}", f"{entry.id}, {entry.place}")
            for entry in ledger.entries.values()
            if entry.id not in used
        ]
    if problems:
        title = f"{len(problems)} exhibits are recorded and not used: use them or record them not"
        raise RunError(title, problems)


def write_uses(uses: Iterable[Use], path: Path) -> None:
    """Write uses as JSON: id -> document -> pages."""
    content: dict[str, dict[str, list[int]]] = {}
    for use in sorted(set(uses)):
        content.setdefault(use.id, {}).setdefault(use.document, []).append(use.page)
    write_atomically(path, json.dumps(content, indent=1) + "\n")


def read_uses(root: Path) -> list[Use]:
    """Read what `write_uses` wrote to ``paper/uses.json``; nothing if it is not there.

    Raises
    ------
    RunError
        If the file is broken.
    """
    name = "paper/uses.json"
    if not (root / name).is_file():
        return []
    try:
        return [
            Use(identity, document, int(page))
            for identity, documents in read_object(root, name).items()
            for document, pages in documents.items()
            for page in pages
        ]
    except (AttributeError, TypeError, ValueError):
        raise broken(name, "it does not say: id, document, pages") from None
