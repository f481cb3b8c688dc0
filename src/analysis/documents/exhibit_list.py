"""Which program makes which exhibit: a short table by line of code, and a full list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path

from analysis.errors import Problem, RunError
from analysis.ledger.read import Entry, Ledger, read_ledgers
from analysis.ledger.uses import read_uses
from analysis.markdown import markdown_table

__all__ = ["exhibits_by_line", "exhibits_one_by_one"]

Pages = Mapping[str, Mapping[str, Sequence[int]]]


def exhibits_by_line(root: Path) -> str:
    """Write one row for each line of a notebook that records exhibits, whatever they are.

    A line runs once for each level and outcome of a study; their part of the id is written ``*``.
    """
    ledgers = _read_ledgers(root)
    entries = [entry for ledger in ledgers.values() for entry in ledger.entries.values()]
    shown = sorted((entry for entry in entries if entry.kind != "number"), key=_line)
    rows = []
    for (source, line), group in groupby(shown, key=_line):
        same = list(group)
        rows.append(
            [
                f"`{_family([_without_study(entry) for entry in same])}`",
                same[0].kind,
                f"`{source}`",
                line or "unknown",
                ", ".join(_counted(same, ledgers)),
            ]
        )
    numbers = [entry for entry in entries if entry.kind == "number"]
    places = len({_line(entry) for entry in numbers})
    files = ", ".join(f"[`{name}.json`](paper/ledger/{name}.json)" for name in ledgers)
    text = (
        f"The {len(numbers):,} numbers of the text are recorded on {places} lines; each stands in "
        f"the ledger of its study with run, cell, line and tolerance: {files}."
    )
    heads = ["exhibit", "kind", "program", "line", "how many"]
    return f"{markdown_table(heads, rows, 'lllrl')}\n\n{text}"


def exhibits_one_by_one(root: Path) -> str:
    """Write one row for each figure and table: the run, program and line, and where it is used."""
    pages: dict[str, dict[str, list[int]]] = {}
    for use in read_uses(root):
        pages.setdefault(use.id, {}).setdefault(use.document, []).append(use.page)
    sections = []
    for study, ledger in _read_ledgers(root).items():
        for kind in ("figure", "table"):
            entries = [entry for entry in ledger.entries.values() if entry.kind == kind]
            if entries:
                heads = [kind, "run", "program", "line", "pages"]
                rows = [_row(entry, pages) for entry in entries]
                sections += [f"## {study}: {kind}s", markdown_table(heads, rows, "lllrl")]
    return "\n\n".join(sections)


def _read_ledgers(root: Path) -> dict[str, Ledger]:
    ledgers = read_ledgers(root)
    if not ledgers:
        problem = Problem("there is no ledger", "paper/ledger", "python3 reproduce.py")
        raise RunError("the exhibits cannot be listed", [problem])
    return ledgers


def _line(entry: Entry) -> tuple[str, int]:
    return entry.source, entry.line or 0


def _without_study(entry: Entry) -> str:
    return entry.id.removeprefix(f"{entry.study}-")


def _family(names: Sequence[str]) -> str:
    """Write what ids have in common at their beginning, and a star for the rest.

    Examples
    --------
    >>> _family(["estimates-street-complaints", "estimates-district-complaints"])
    'estimates-*'
    >>> _family(["tile-map", "tile-map"])
    'tile-map'
    """
    if len(set(names)) == 1:
        return names[0]
    common = []
    for words in zip(*(name.split("-") for name in names), strict=False):
        if len(set(words)) > 1:
            break
        common.append(words[0])
    return "-".join([*common, "*"])


def _counted(entries: Sequence[Entry], ledgers: Mapping[str, Ledger]) -> list[str]:
    studies = [entry.study for entry in entries]
    return [f"{study} {studies.count(study)}" for study in ledgers if study in studies]


def _row(entry: Entry, pages: Pages) -> list[object]:
    used = "; ".join(
        f"{document} {', '.join(map(str, numbers))}"
        for document, numbers in pages.get(entry.id, {}).items()
    )
    # The list stands in a folder of its own, beside that of the paper.
    links = ", ".join(f"[{name.rpartition('.')[2]}](../{name})" for name in entry.files)
    linked = f"`{entry.id}` ({links})"
    return [linked, f"`{entry.run}`", f"`{entry.source}`", entry.line or "unknown", used]
