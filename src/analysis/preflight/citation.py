"""How the compendium is cited: CITATION.cff, held against the Citation File Format."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.archive.citation import CITATION, CitationFile, parse_citation
from analysis.errors import Problem, StudyError
from analysis.preflight.finding import Allowed, Finding, Place
from analysis.preflight.tree import Tree

__all__ = ["check_citation"]

# As `analysis.archive.citation.parse_citation` writes places.
_WHERE = re.compile(rf"{re.escape(CITATION)}(?:, line (?P<line>\d+))?(?:, (?P<key>.+))?")


def check_citation(tree: Tree) -> Iterator[Finding | Allowed]:
    """Report a CITATION.cff that is missing, broken or not of the format, and missing licences."""
    if CITATION not in tree.files:
        yield Finding(Place(CITATION), "there is no CITATION.cff")
        return
    try:
        citation = parse_citation(tree.text(CITATION), CitationFile, f"{CITATION} is broken")
    except StudyError as failure:
        yield from map(_finding, failure.problems)
        return
    if citation.license is None:
        yield Finding(Place(CITATION), "it names no licence", mend="add the key license")


def _finding(problem: Problem) -> Finding:
    found = _WHERE.fullmatch(problem.where)
    assert found is not None
    line = int(found["line"]) if found["line"] else None
    what = f"{found['key']}: {problem.what}" if found["key"] else problem.what
    return Finding(Place(CITATION, line=line), what, mend=problem.hint)
