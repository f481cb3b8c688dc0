"""Exhibits: each entry of the ledger is there as it was recorded, and nothing else is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from analysis.errors import RunError
from analysis.ledger.read import Entry, read_ledgers
from analysis.ledger.uses import read_uses
from analysis.preflight.finding import Allowed, Finding, Place
from analysis.preflight.tree import Tree
from analysis.reading import read_object
from analysis.workspace import file_hash

__all__ = ["check_exhibits"]

NUMBERS = "paper/numbers.json"
FOLDERS = ("paper/figures", "paper/tables")


def check_exhibits(tree: Tree) -> Iterator[Finding | Allowed]:
    """Report exhibits that are missing, altered, without a program and line, or nobody's."""
    try:
        ledgers = read_ledgers(tree.root)
    except RunError as error:
        for problem in error.problems:
            yield Finding(Place(f"paper/ledger/{problem.where}"), problem.what)
        return
    if not ledgers:
        yield Finding(Place("paper/ledger"), "there is no ledger of exhibits")
        return
    entries = [entry for ledger in ledgers.values() for entry in ledger.entries.values()]
    texts = _printed_numbers(tree)
    for entry in entries:
        yield from _judge(tree, entry, texts)
    recorded = {path for entry in entries for path in entry.files}
    for name in tree.below(*FOLDERS):
        if name not in recorded:
            yield Finding(Place(name), "no ledger has this exhibit: no program makes it now")
    known = {entry.id for entry in entries}
    try:
        uses = read_uses(tree.root)
    except RunError as error:
        yield from (Finding(Place(problem.where), problem.what) for problem in error.problems)
        return
    for use in uses:
        if use.id not in known:
            what = f"page {use.page} of the {use.document} uses {use.id}, which no ledger has"
            yield Finding(Place("paper/uses.json"), what)


def _printed_numbers(tree: Tree) -> Mapping[str, Any]:
    try:
        numbers = read_object(tree.root, NUMBERS)["numbers"]
        return {identity: entry["text"] for identity, entry in numbers.items()}
    except (RunError, KeyError, TypeError, AttributeError):
        return {}


def _judge(tree: Tree, entry: Entry, texts: Mapping[str, Any]) -> Iterator[Finding]:
    if entry.line is None:
        what = f"the ledger does not know the line that makes {entry.id}"
        yield Finding(Place(entry.source), what, "warning")
    if not tree.path(entry.executed).is_file():
        what = f"the executed notebook that shows {entry.id} is missing"
        yield Finding(Place(entry.executed), what)
    if entry.kind == "number":
        text = texts.get(entry.id)
        if text != entry.text:
            what = f"{entry.id} is {text!r}; the ledger has {entry.text!r}"
            yield Finding(Place(NUMBERS), what)
    for name, recorded in entry.files.items():
        path = tree.path(name)
        if not path.is_file():
            yield Finding(Place(name), f"the exhibit {entry.id} is missing ({entry.place})")
        elif file_hash(path) != recorded:
            what = f"the exhibit {entry.id} is not the recorded one ({entry.place})"
            yield Finding(Place(name), what)
