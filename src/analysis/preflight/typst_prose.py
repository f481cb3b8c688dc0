"""The prose of a Typst source: what a reader reads, without code, mathematics and citations."""

from __future__ import annotations

import re
from typing import Literal

__all__ = ["prose"]

Mode = Literal["prose", "code"]

_CLOSING = {"(": ")", "{": "}"}
# A statement is code to the end of its line, but for brackets that are still open there.
_STATEMENT = re.compile(r"#(?:let|set|show|import|include|if|for|while|return|break|continue)\b")
_CALL = re.compile(r"#(?:context\s+)?(?:[\w-]+(?:\.[\w-]+)*)?")
_CHAINED = re.compile(r"(?:\.[\w-]+)+(?=\()")
_ELSE = re.compile(r"\s*(?:else\b|[\[({])")
_STRING = re.compile(r'"(?:\\.|[^"\\])*"', re.DOTALL)
_SKIPPED = re.compile(
    r"https?://[^\s\])>\"]+"  # addresses, before their slashes are taken for a comment
    r"|//[^\n]*"
    r"|/\*.*?\*/"
    r"|(`+).*?\1"  # raw text: names of files and commands
    r"|\$(?:\\.|[^$\\])*\$"  # mathematics
    r"|@\w(?:[\w:.-]*\w)?"  # references
    r"|<[A-Za-z][\w:.-]*>"  # labels
    r"|\b10\.\d{4,}/[^\s\])>\"]+",  # digital object identifiers
    re.DOTALL,
)


def prose(source: str) -> str:
    """Blank out all of a source that is not prose.

    Content in square brackets is prose wherever it stands, also within code
    (``#figure(caption: [...])``). All else that follows a ``#`` is code.

    Parameters
    ----------
    source
        A Typst source.

    Returns
    -------
    str
        Of the same length, with the same line breaks, so that places are those of the source.

    Examples
    --------
    >>> prose("It rose by #num(x) to 7 // not 8")
    'It rose by         to 7         '
    """
    kept = list(source)
    # What is open: the mode within it, and what closes it.
    opened: list[tuple[Mode, str]] = [("prose", "")]
    place = 0
    while place < len(source):
        mode, closing = opened[-1]
        if closing == "\n" and source[place] in ";" + opened[-2][1]:
            # It ends before its line does, with the content in which it stands.
            opened.pop()
            mode, closing = opened[-1]
        skipped = _SKIPPED.match(source, place)
        if skipped is None and mode == "code":
            skipped = _STRING.match(source, place)
        if skipped:
            end = _blank(kept, place, skipped.end())
        elif source[place] == closing:
            opened.pop()
            end = _blank(kept, place, place + 1)
            if opened[-1][1] == "\n" and closing in "]}" and not _ELSE.match(source, end):
                # The body of a condition or loop: what follows is prose again.
                opened.pop()
            elif mode == "code" and (chained := _CHAINED.match(source, end)):
                end = _open_code(kept, source, opened, chained.end())
                _blank(kept, chained.start(), chained.end())
        elif source[place] == "[":
            opened.append(("prose", "]"))
            end = _blank(kept, place, place + 1)
        elif mode == "prose":
            end = _read_prose(kept, source, opened, place)
        else:
            end = _open_code(kept, source, opened, place)
        place = end
    return "".join(kept)


def _read_prose(kept: list[str], source: str, opened: list[tuple[Mode, str]], place: int) -> int:
    if source[place] == "\\":
        return place + 2
    if source[place] != "#":
        return place + 1
    if statement := _STATEMENT.match(source, place):
        opened.append(("code", "\n"))
        return _blank(kept, place, statement.end())
    call = _CALL.match(source, place)
    end = _blank(kept, place, call.end() if call else place + 1)
    if end < len(source) and source[end] in _CLOSING:
        return _open_code(kept, source, opened, end)
    return end


def _open_code(kept: list[str], source: str, opened: list[tuple[Mode, str]], place: int) -> int:
    if (closing := _CLOSING.get(source[place])) is not None:
        opened.append(("code", closing))
    return _blank(kept, place, place + 1)


def _blank(kept: list[str], start: int, end: int) -> int:
    for place in range(start, min(end, len(kept))):
        if kept[place] != "\n":
            kept[place] = " "
    return end
