"""Personal data in what would be published: raw data, executed notebooks, exhibits, the ledger."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from analysis.preflight.finding import Allowed, Finding, Place
from analysis.preflight.outputs import shown_texts
from analysis.preflight.personal_patterns import HEADERS, find_personal, mask
from analysis.preflight.tree import Tree

__all__ = ["check_personal_data"]

TABLES = (".csv", ".tsv")
TEXTS = (".json", ".txt", ".md", ".html", ".xml", ".toml", ".geojson", ".jsonl")
# Formats of data that only other software opens; pictures and fonts hold no table.
CLOSED = (".xlsx", ".xls", ".dta", ".sav", ".parquet", ".feather", ".rds", ".pkl", ".db", ".sqlite")
# A README tells whom to ask for the data, as the template wants.
CONTACTS = ("e-mail address", "telephone number")
# What a reader sees of a drawing; the rest of the file are coordinates.
WORDS_OF_DRAWING = re.compile(r"<(text|title|desc|tspan)\b[^>]*>([^<]*)<")


def check_personal_data(tree: Tree) -> Iterator[Finding | Allowed]:
    """Report what looks like personal data, masked; only the first of a kind in each column."""
    for name in tree.below("data", "notebooks/executed", "paper"):
        ending = PurePosixPath(name).suffix.lower()
        if ending in TABLES:
            yield from _in_table(tree, name)
        elif ending in TEXTS:
            yield from _in_lines(tree, name)
        elif ending == ".ipynb":
            yield from _in_notebook(tree, name)
        elif ending == ".svg":
            words = "\n".join(match[2] for match in WORDS_OF_DRAWING.finditer(tree.text(name)))
            for kind, value, _ in _first_of_each(words):
                yield Finding(Place(name), f"what looks like a {kind}: {mask(value)}")
        elif ending in CLOSED:
            what = f"{ending} cannot be searched for personal data here; export it as CSV too"
            yield Finding(Place(name), what, "warning")


def _in_table(tree: Tree, name: str) -> Iterator[Finding]:
    header = next(tree.rows(name), [])
    for column in header:
        if HEADERS.fullmatch(column.strip()):
            what = "by its header the column holds data of persons"
            yield Finding(Place(name, row=1, column=column), what, "warning")
    # Cells are told apart only where something is found: most files are read once, as text.
    if not any(next(find_personal(block), None) for block in tree.blocks(name)):
        return
    found: dict[tuple[str, str], tuple[int, str, int]] = {}
    for row, cells in enumerate(tree.rows(name), start=1):
        for position, cell in enumerate(cells):
            for kind, match in find_personal(cell):
                column = header[position] if position < len(header) else f"{position + 1}"
                first, value, rows = found.get((kind, column), (row, match[0], 0))
                found[kind, column] = (first, value, rows + 1)
    for (kind, column), (row, value, rows) in found.items():
        more = f"; {rows} in this column" if rows > 1 else ""
        place = Place(name, row=row, column=column)
        yield Finding(place, f"what looks like a {kind}: {mask(value)}{more}")


def _in_lines(tree: Tree, name: str) -> Iterator[Finding]:
    documents = PurePosixPath(name).name.upper().startswith("README")
    for kind, value, line in _first_of_each(tree.text(name)):
        if documents and kind in CONTACTS:
            continue
        yield Finding(Place(name, line=line), f"what looks like a {kind}: {mask(value)}")


def _in_notebook(tree: Tree, name: str) -> Iterator[Finding]:
    for number, cell in enumerate(tree.notebook(name)["cells"], start=1):
        for kind, value, _ in _first_of_each("\n".join(shown_texts(cell))):
            yield Finding(Place(name, cell=number), f"what looks like a {kind}: {mask(value)}")


def _first_of_each(text: str) -> Iterator[tuple[str, str, int]]:
    seen = []
    for kind, match in find_personal(text):
        if kind not in seen:
            seen.append(kind)
            yield kind, match[0], text.count("\n", 0, match.start()) + 1
