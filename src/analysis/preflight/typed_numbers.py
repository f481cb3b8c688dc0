r"""Numbers typed into the paper's prose, where only the ledger's belong.

The rule. A result reaches the text by ``#num``; so a number that a run could change must not be
typed. Told are: decimals, percentages, numbers with thousands separated, whole numbers of four
digits and more that are no year, and whole numbers before a large unit (million, 万, 亿). Not told
are: small whole numbers ("three rates", "panel of 16 districts"), years and dates, numbers within a
word (GB18030, UTF-8), mathematics, raw text, citations and labels, addresses, versions of software
and licences, and numbers of sections, tables, figures and equations. Numbers written as words are
not seen.

A number that is no result is allowed by a comment that says why, anywhere in the file, or in a
file directly in ``paper/`` for the whole paper::

    // typed on purpose: 95% (the level of every interval)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from analysis.preflight.finding import Allowed, Finding, Place
from analysis.preflight.tree import Tree
from analysis.preflight.typst_prose import prose

__all__ = ["check_typed_numbers", "typed_numbers"]

YEARS = range(1500, 2101)

_PER_CENT = r"\s?(?:%|％|‰|per ?cent(?:age points?)?\b|percent\b|个?百分点)"
_LARGE = r"\s?(?:thousand|million|billion|trillion|万|亿)"
NUMBER = re.compile(
    r"(?<![A-Za-z0-9_.,/#^-])[+−-]?"
    r"(?:(?P<thousands>\d{1,3}(?:,\d{3})+(?:\.\d+)?)|(?P<decimal>\d+\.\d+)|(?P<whole>\d+))"
    rf"(?P<unit>{_PER_CENT}|{_LARGE})?"
    r"(?![A-Za-z0-9_/]|[.,-]\d)"
    r"|百分之[\d一二三四五六七八九十百零点]+"
)
# What stands before a number that counts nothing.
NAMED = re.compile(
    r"(?:[Ss]ections?|[Cc]hapters?|[Tt]ables?|[Ff]igures?|[Ee]quations?|[Aa]ppendi(?:x|ces)"
    r"|[Ss]teps?|§|第|表|图|式|No\.|[Vv]ersions?|\bv|Python"
    r"|CC[ -]BY(?:-[A-Z]{2})*|CC0|PDDL|ODbL|GPL)"
    r"[\s~]*(?:\d[\d.]*\s?(?:,|to|and|–|-)\s?)*$"
)
ON_PURPOSE = re.compile(r"//\s*typed on purpose:\s*(.*?)\s*$", re.MULTILINE)
REASONED = re.compile(r"(?P<number>\S.*?)\s*\((?P<why>[^()]*\w[^()]*)\)")


@dataclass(frozen=True, slots=True)
class Excused:
    """A number that may be typed, where, and why."""

    number: str
    why: str
    place: Place
    everywhere: bool


def check_typed_numbers(tree: Tree) -> Iterator[Finding | Allowed]:
    """Report numbers typed in the prose of the paper, and exceptions that allow nothing."""
    sources = tree.below("paper", suffix=".typ")
    exceptions: list[Excused] = []
    for name in sources:
        for number, line in enumerate(tree.lines(name), start=1):
            if marker := ON_PURPOSE.search(line):
                read = _read_exception(name, number, marker[1])
                if isinstance(read, Finding):
                    yield read
                else:
                    exceptions.append(read)
    used: set[Excused] = set()
    for name in sources:
        for found, at in typed_numbers(tree.text(name)):
            allowing = [
                exception
                for exception in exceptions
                if exception.number == found
                and (exception.everywhere or exception.place.file == name)
            ]
            used.update(allowing)
            if not allowing:
                yield Finding(Place(name, line=at), f"{found} is typed in the text", "warning")
    for exception in exceptions:
        if exception in used:
            yield Allowed(exception.place, f"{exception.number} is typed: {exception.why}")
        else:
            what = f"{exception.number} is allowed here but typed nowhere"
            yield Finding(exception.place, what, "warning", "delete the comment")


def typed_numbers(source: str) -> list[tuple[str, int]]:
    """Find the numbers in a Typst source that a run might have to change.

    Parameters
    ----------
    source
        A Typst source.

    Returns
    -------
    list of (str, int)
        Each number as it is typed, with its line.

    Examples
    --------
    >>> typed_numbers("In 2019 it fell by 3.5 per cent (Table 2.1) to #num(volume).")
    [('3.5 per cent', 1)]
    """
    text = prose(source)
    found = []
    for match in NUMBER.finditer(text):
        if not _counts(match) or NAMED.search(text, max(0, match.start() - 40), match.start()):
            continue
        typed = re.sub(r"\s+", " ", match[0])
        found.append((typed, text.count("\n", 0, match.start()) + 1))
    return found


def _counts(match: re.Match[str]) -> bool:
    """Say whether a number is of a size or form that results have."""
    whole = match["whole"]
    if whole is None or match["unit"]:
        return True
    return len(whole) >= 4 and not (len(whole) == 4 and int(whole) in YEARS)


def _read_exception(name: str, line: int, text: str) -> Excused | Finding:
    place = Place(name, line=line)
    match = REASONED.fullmatch(text)
    if match is None:
        what = f"{text!r} gives no number with its reason in parentheses"
        mend = "write for instance: // typed on purpose: 95% (the level of every interval)"
        return Finding(place, what, mend=mend)
    return Excused(match["number"], match["why"], place, PurePosixPath(name).parent.name == "paper")
