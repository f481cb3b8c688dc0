"""Data citations and licences: each data set has its source, its rights and its reference."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from analysis.preflight.finding import Allowed, Finding, Place
from analysis.preflight.markdown import read_sections, read_tables
from analysis.preflight.readme_sections import README
from analysis.preflight.tree import Tree

__all__ = ["check_data_sources"]

BIBLIOGRAPHY = "paper/references.bib"
KEY = re.compile(r"@\w+\s*\{\s*([^,\s]+)\s*,")
AUTHOR_YEAR = re.compile(r"([^\W\d_][\w'’.-]*)[^()]*?\(?((?:1[5-9]|20)\d{2}[a-z]?|n\.\s?d\.)\)?")


def check_data_sources(tree: Tree) -> Iterator[Finding | Allowed]:
    """Report folders of raw data that lack a README, or a row with rights and citation.

    The README of the compendium has a table with a row for each folder below ``data/raw/``. Its
    columns say the source, the rights (or licence) and the citation, which is a key of
    ``paper/references.bib`` in backticks, an author and year that the section References
    resolves, or `CITATION.cff` for data that the authors made.
    """
    folders = sorted({name.split("/")[2] for name in tree.below("data/raw") if name.count("/") > 2})
    lines = tree.lines(README) if README in tree.files else []
    rows = [row for table in read_tables(lines) for row in table]
    for folder in folders:
        below = f"data/raw/{folder}/"
        if f"{below}README.md" not in tree.files:
            what = "the folder has no README.md that says what its files are"
            yield Finding(Place(below), what)
        of_folder = [(line, row) for line, row in rows if below in " ".join(row.values())]
        if not of_folder:
            what = f"no table of the README has a row for {below}"
            yield Finding(Place(README), what)
            continue
        yield from _judge(tree, lines, below, of_folder)


def _judge(
    tree: Tree, lines: list[str], folder: str, rows: list[tuple[int, dict[str, str]]]
) -> Iterator[Finding]:
    place = Place(README, line=rows[0][0])
    if not _cell(rows, r"source|provenance|data\.?name"):
        yield Finding(place, f"the row of {folder} names no source")
    if not _cell(rows, r"rights|licen[cs]e|terms"):
        yield Finding(place, f"the row of {folder} states no rights or licence")
    citation = _cell(rows, r"citation|cite(?:d as)?|reference")
    if not citation:
        yield Finding(place, f"the row of {folder} gives no citation")
    elif "CITATION.cff" not in citation:
        yield from _resolve(tree, lines, folder, citation, place)


def _cell(rows: Sequence[tuple[int, dict[str, str]]], header: str) -> str:
    """Return what the rows of a folder say under a header; empty if nothing."""
    for _, row in rows:
        for name, content in row.items():
            if re.search(rf"\b(?:{header})\b", name) and re.search(r"\w", content):
                return content
    return ""


def _resolve(
    tree: Tree, lines: list[str], folder: str, citation: str, place: Place
) -> Iterator[Finding]:
    keys = re.findall(r"`@?([\w:-]+)`", citation)
    known = set(KEY.findall(tree.text(BIBLIOGRAPHY))) if BIBLIOGRAPHY in tree.files else set()
    paper = "\n".join(tree.text(name) for name in tree.below("paper", suffix=".typ"))
    for key in keys:
        if key not in known:
            yield Finding(place, f"{key}, cited for {folder}, is not in {BIBLIOGRAPHY}")
        elif not re.search(rf"(?:@|<){re.escape(key)}\b", paper):
            yield Finding(place, f"{key}, cited for {folder}, is not cited in the paper")
    if keys:
        return
    references = "\n".join(
        section.body for section in read_sections(lines) if section.title.lower() == "references"
    )
    match = AUTHOR_YEAR.search(re.sub(r"[*_`\[\]]", "", citation))
    resolved = match and any(
        match[1] in line and match[2] in line for line in references.splitlines()
    )
    if not resolved:
        what = f"the citation of {folder}, {citation!r}, is not in the README's References"
        yield Finding(place, what)
