"""Regions of a Markdown file that are generated, between markers that name them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from analysis.errors import Problem, RunError, did_you_mean

__all__ = ["Region", "fill_regions", "find_regions"]

_MARKER = re.compile(r"^<!--\s*(begin|end)\s+generated:\s*(\S+)\s*-->\s*$")
# What was meant to be a marker and would otherwise be passed over in silence.
_ALMOST = re.compile(r"<!--.*\bgenerated\s*:")

_EXPECTED = "write <!-- begin generated: NAME --> and <!-- end generated: NAME -->, each on a line"


@dataclass(frozen=True, slots=True)
class Region:
    """A region of a document.

    Attributes
    ----------
    name
        What it holds.
    begin, end
        The lines of its markers, from 0; what is between them is generated.
    """

    name: str
    begin: int
    end: int


def find_regions(text: str, document: str, known: Mapping[str, object]) -> list[Region]:
    r"""Find the generated regions of a document.

    Parameters
    ----------
    text
        The document.
    document
        Its name, for messages.
    known
        The names that a region may have.

    Raises
    ------
    RunError
        If a region has a name that is not known or that another has, is not closed, or is closed
        without having been opened; all problems are reported together.

    Examples
    --------
    >>> text = "<!-- begin generated: seeds -->\n1\n<!-- end generated: seeds -->\n"
    >>> find_regions(text, "README.md", {"seeds": ...})
    [Region(name='seeds', begin=0, end=2)]
    """
    regions: list[Region] = []
    problems: list[Problem] = []
    opened: tuple[str, int] | None = None
    for number, line in enumerate(text.splitlines()):
        where = f"{document}, line {number + 1}"
        marker = _MARKER.match(line)
        if marker is None:
            if _ALMOST.search(line):
                problems.append(Problem("this is no marker", where, _EXPECTED))
            continue
        side, name = marker[1], marker[2]
        if side == "end":
            if opened is None or opened[0] != name:
                problems.append(
                    Problem(f"region {name!r} ends and was not begun", where, _EXPECTED)
                )
            else:
                regions.append(Region(name, opened[1], number))
            opened = None
            continue
        if opened is not None:
            problems.append(_unclosed(opened, document))
        if name not in known:
            problems.append(Problem(f"no region {name!r}", where, did_you_mean(name, known)))
        if name in {region.name for region in regions}:
            problems.append(Problem(f"region {name!r} is there twice", where, "keep one of them"))
        opened = (name, number)
    if opened is not None:
        problems.append(_unclosed(opened, document))
    if problems:
        raise RunError(f"the generated regions of {document} cannot be told", problems)
    return regions


def _unclosed(opened: tuple[str, int], document: str) -> Problem:
    name, number = opened
    what = f"region {name!r} is not closed"
    return Problem(what, f"{document}, line {number + 1}", f"add <!-- end generated: {name} -->")


def fill_regions(text: str, document: str, contents: Mapping[str, Callable[[], str]]) -> str:
    """Write each region of a document anew, and touch nothing outside.

    Parameters
    ----------
    text
        The document.
    document
        Its name, for messages.
    contents
        Name -> what makes the region's content; only what is needed is made.

    Returns
    -------
    str
        The document, filled; the same if it is filled again.

    Raises
    ------
    RunError
        See `find_regions`.
    """
    lines = text.splitlines(keepends=True)
    # From the end, so that the lines of the regions before stay where they are.
    for region in reversed(find_regions(text, document, contents)):
        # A blank line on each side, or Markdown would not see a table beside a comment.
        content = f"\n{contents[region.name]().strip()}\n\n"
        lines[region.begin + 1 : region.end] = [content]
    return "".join(lines)
