"""Paths that hold on one machine only: absolute ones, drive letters, backslashes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence

from analysis.preflight.finding import Allowed, Finding, Place
from analysis.preflight.outputs import shown_texts
from analysis.preflight.tree import Tree

__all__ = ["check_paths"]

# Top folders of Unix systems; a path that begins with another is hardly one of a machine.
_TOP = (
    "home|Users|root|tmp|private|mnt|media|opt|var|usr|srv|work|workspace|scratch|content|Volumes"
)
ABSOLUTE = re.compile(rf"(?<![\w/:.~%>-])(?:file://)?/(?:{_TOP})/[\w.@%+~-]+(?:/[\w.@%+~-]+)*")
DRIVE = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]:[\\/]{1,2}[A-Za-z_][\w.-]*(?:[\\/][\w .-]+)*")
BACKSLASH = re.compile(r"(?:\.{1,2}\\)?[\w.-]+(?:\\{1,2}[\w .-]+)+")
FILE_ENDING = re.compile(r"\.[A-Za-z]\w{0,5}$")

TEXTS = (".typ", ".bib", ".toml", ".yml", ".yaml", ".cff", ".R", ".do", ".sh", ".jl", ".m")


def check_paths(tree: Tree) -> Iterator[Finding | Allowed]:
    """Report machine-bound paths in code, notebooks with their outputs, study files and paper."""
    yield from _in_code(tree)
    for name in tree.below("notebooks", "paper", "src", suffix=TEXTS):
        yield from _in_lines(name, tree.lines(name))
    for name in tree.below("notebooks", suffix=".ipynb"):
        for number, cell in enumerate(tree.notebook(name)["cells"], start=1):
            for text in ["".join(cell.get("source", "")), *shown_texts(cell)]:
                for found in dict.fromkeys(_machine_paths(text)):
                    yield Finding(Place(name, cell=number), f"{found} is an absolute path")


def _in_code(tree: Tree) -> Iterator[Finding]:
    folders = {name.partition("/")[0] for name in tree.files if "/" in name}
    for name in tree.code():
        lines = tree.lines(name)
        # The first line may name the interpreter, as Unix asks.
        first = 1 if lines and lines[0].startswith("#!") else 0
        yield from _in_lines(name, lines, first)
        if "\\" not in tree.text(name):
            continue
        for node in ast.walk(tree.module(name) or ast.Module([], [])):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and _is_backslash_path(node.value, folders)
            ):
                what = f"{node.value!r} is a path with backslashes"
                yield Finding(Place(name, line=node.lineno), what)


def _in_lines(name: str, lines: Sequence[str], first: int = 0) -> Iterator[Finding]:
    # Most files have none, and are searched faster in one piece.
    if not _machine_paths("\n".join(lines[first:])):
        return
    for number, line in enumerate(lines, start=1):
        if number > first:
            for found in _machine_paths(line):
                yield Finding(Place(name, line=number), f"{found} is an absolute path")


def _machine_paths(text: str) -> list[str]:
    return [match[0] for pattern in (ABSOLUTE, DRIVE) for match in pattern.finditer(text)]


def _is_backslash_path(text: str, folders: Iterable[str]) -> bool:
    r"""Tell a path from an escape or a regular expression: by its file, or by its folder.

    Examples
    --------
    >>> _is_backslash_path(r"data\raw\calls.csv", []), _is_backslash_path(r"a\d+\w", [])
    (True, False)
    """
    if "\\" not in text or not BACKSLASH.fullmatch(text):
        return False
    first = re.split(r"\\+", text)[0]
    return bool(FILE_ENDING.search(text)) or first in folders or first in {".", ".."}
