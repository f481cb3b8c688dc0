"""The README has the sections of the data editors' template, and each says what it must."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analysis.preflight.finding import Allowed, Finding, Place
from analysis.preflight.markdown import Section, read_sections
from analysis.preflight.tree import Tree

__all__ = ["README", "SECTIONS", "Wanted", "check_readme"]

README = "README.md"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A section that the template has.

    Attributes
    ----------
    name
        As the template calls it.
    titles
        A pattern of the headings that are taken for it.
    says
        What its text must speak of: word for a reader -> pattern.
    content
        What to write there.
    """

    name: str
    titles: str
    content: str
    says: tuple[tuple[str, str], ...] = ()


SECTIONS = (
    Wanted(
        "Overview",
        r"overview",
        "what is in the folder, the one command that makes everything, and how long it takes",
    ),
    Wanted(
        "Data Availability and Provenance Statements",
        r"data availability",
        "where each data set comes from and how others get it",
    ),
    Wanted(
        "Statement about Rights",
        r"rights|statement about rights",
        "that the authors have legitimate access to the data, and permission to redistribute them",
        (("access", r"access"), ("permission", r"permi(?:ssion|tted)|redistribut")),
    ),
    Wanted(
        "License for Data",
        r"licen[cs]es? (?:for|of) (?:the )?data|data licen[cs]es?",
        "the licence of each data set, by folder",
    ),
    Wanted(
        "Summary of Availability",
        r"summary of (?:data )?availability",
        "whether all, some or no data are publicly available",
        (("whether data are available", r"\b(?:all|some|no) data\b"),),
    ),
    Wanted(
        "Details on each Data Source",
        r"details on (?:each|the) data sources?|data sources?",
        "for each source: files, format, where it was got and when, its citation",
    ),
    Wanted(
        "Dataset list",
        r"(?:list of )?data ?sets?(?: list)?",
        "a table of the data files: file, source, notes, whether it is provided",
        (("a table of files", r"\|.*data/"),),
    ),
    Wanted(
        "Computational requirements",
        r"computational requirements",
        "software, seeds, memory, runtime and storage",
    ),
    Wanted(
        "Software Requirements",
        r"software(?: requirements)?",
        "language and version, and which file locks the packages",
        (("a version", r"\d+\.\d+"),),
    ),
    Wanted(
        "Controlled Randomness",
        r"controlled randomness|(?:random(?:ness)?,? ?(?:and )?)?seeds?",
        "each seed with its file and line",
    ),
    Wanted(
        "Memory, Runtime and Storage Requirements",
        r".*\b(?:memory|run-?\s?time|storage)\b.*",
        "approximate time, memory and disk space, and the machine on which they were measured",
        (
            ("memory", r"memory|\bRAM\b"),
            ("time", r"minutes?|hours?|seconds?"),
            ("storage", r"storage|disk|\b[MG]i?B\b"),
        ),
    ),
    Wanted(
        "Description of programs/code",
        r"(?:description of )?(?:the )?(?:programs?|code)(?:\s?(?:/|and)\s?(?:code|programs?))?",
        "what each folder of code is for",
    ),
    Wanted(
        "License for Code",
        r"licen[cs]es? (?:for|of) (?:the )?code|code licen[cs]e",
        "the licence of the code and the file that holds it",
    ),
    Wanted(
        "Instructions to Replicators",
        r"instructions (?:to|for) replicators",
        "a numbered list of what to run, in order",
    ),
    Wanted(
        "List of tables, figures and programs",
        r"list of (?:exhibits|tables|figures).*",
        "for each exhibit the program, the line and the output file; also numbers in the text",
        (("programs", r"\.py"), ("lines", r"\bline|\.py:\d|\|\s*\d+\s*\|")),
    ),
    Wanted("References", r"references", "the data and works cited, in full"),
)


def check_readme(tree: Tree) -> Iterator[Finding | Allowed]:
    """Report sections of the template that the README lacks, leaves empty or does not fill."""
    if README not in tree.files:
        yield Finding(Place(README), "there is no README.md in the top folder")
        return
    lines = tree.lines(README)
    sections = read_sections(lines)
    for wanted in SECTIONS:
        yield from _judge(wanted, sections)
    for number, line in enumerate(lines, start=1):
        if re.match(r">\s*INSTRUCTIONS", line):
            what = "an instruction of the template was left in"
            yield Finding(Place(README, line=number), what)


def _judge(wanted: Wanted, sections: Sequence[Section]) -> Iterator[Finding]:
    pattern = re.compile(rf"(?:\d[\d.]*\s+)?(?:{wanted.titles})(?:\s+and .*)?", re.IGNORECASE)
    found = [section for section in sections if pattern.fullmatch(_plain(section.title))]
    mend = f'write a section "{wanted.name}": {wanted.content}'
    if not found:
        yield Finding(Place(README), f'there is no section "{wanted.name}"', mend=mend)
        return
    place = Place(README, line=found[0].line)
    body = "\n".join(section.body for section in found)
    if not re.search(r"\w", re.sub(r"(?m)^#.*$", "", body)):
        yield Finding(place, f'the section "{found[0].title}" is empty', mend=mend)
        return
    for word, says in wanted.says:
        if not re.search(says, body, re.IGNORECASE):
            yield Finding(place, f'"{found[0].title}" says nothing of {word}', mend=mend)


def _plain(title: str) -> str:
    """Take away what a heading is dressed with: emphasis, code, words in brackets at its front.

    Examples
    --------
    >>> _plain("(Optional, but recommended) **License** for `Data`")
    'License for Data'
    """
    return re.sub(r"^\([^)]*\)\s*|[*_`]", "", title).strip().rstrip(":")
