"""Markdown as a reader sees its parts: sections, tables and links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

__all__ = ["Section", "links", "read_sections", "read_tables"]

HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*$")
LINK = re.compile(r"\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a document under one heading, with all that is below it.

    Attributes
    ----------
    title
        The heading.
    line
        Its line, from 1.
    body
        The lines under it, up to the next heading of its rank or a higher one.
    """

    title: str
    line: int
    body: str


def read_sections(lines: Sequence[str]) -> list[Section]:
    """Cut a document at its headings; what stands in fenced code is no heading.

    Examples
    --------
    >>> [section.title for section in read_sections(["# A", "x", "## B", "y"])]
    ['A', 'B']
    """
    heads: list[tuple[int, int, str]] = []
    for number, line in _outside_code(lines):
        if match := HEADING.match(line):
            heads.append((number, len(match[1]), match[2]))
    sections = []
    for number, rank, title in heads:
        ends = [other for other, its_rank, _ in heads if other > number and its_rank <= rank]
        body = lines[number : min(ends, default=len(lines) + 1) - 1]
        sections.append(Section(title, number, "\n".join(body)))
    return sections


def read_tables(lines: Sequence[str]) -> list[list[tuple[int, dict[str, str]]]]:
    """Read the tables of a document: each a list of rows, with their lines, by lower-case header.

    Examples
    --------
    >>> read_tables(["| A | B |", "|---|---|", "| 1 | 2 |"])
    [[(3, {'a': '1', 'b': '2'})]]
    """
    tables: list[list[tuple[int, dict[str, str]]]] = []
    header: list[str] | None = None
    for number, line in _outside_code(lines):
        if not line.lstrip().startswith("|"):
            header = None
            continue
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
        if header is None:
            header = [cell.lower() for cell in cells]
            tables.append([])
        elif not all(re.fullmatch(r":?-+:?", cell) for cell in cells):
            tables[-1].append((number, dict(zip(header, cells, strict=False))))
    return tables


def links(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield the line and target of each link and picture."""
    for number, line in _outside_code(lines):
        for match in LINK.finditer(line):
            yield number, match[1]


def _outside_code(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    fenced = False
    for number, line in enumerate(lines, start=1):
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        elif not fenced:
            yield number, line
