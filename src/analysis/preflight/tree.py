"""The files of a compendium that would be deposited, read once and kept."""

from __future__ import annotations

import ast
import csv
import json
import os
from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from analysis.git import list_files

__all__ = ["ENCODINGS", "Tree"]

# Folders that tools fill and empty again, and data that never leave the machine.
CACHES = frozenset(
    {
        ".git",
        ".venv",
        ".cache",
        ".hypothesis",
        ".ipynb_checkpoints",
        ".mypy_cache",
        ".pytest_cache",
        ".ruff_cache",
        "__pycache__",
        "node_modules",
    }
)
NOT_DEPOSITED = ("data/processed/", "data/restricted/")

# In this order: GB18030 decodes nearly anything, so it comes after what can say no.
ENCODINGS = ("utf-8-sig", "gb18030")

# The most that the reader of tables takes on every system.
_LARGEST_CELL = 2**31 - 1


class Tree:
    """The files below a folder that git keeps or would keep; without git, all but caches.

    Parameters
    ----------
    root
        The top folder of the compendium.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        # One cache for each tree, or a check would be told of the files of another.
        self.text = cache(self._text)
        self.module = cache(self._module)
        self.notebook = cache(self._notebook)

    @cached_property
    def files(self) -> tuple[str, ...]:
        """Paths below the top folder, with slashes, sorted."""
        # What git keeps, and what is new.
        listed = list_files(self.root, "--cached", "--others", "--exclude-standard")
        names = listed or self._walked()
        return tuple(sorted(name for name in names if (self.root / name).is_file()))

    def below(self, *folders: str, suffix: str | tuple[str, ...] = "") -> list[str]:
        """Return the files in some folders whose names end in a suffix."""
        starts = tuple(f"{folder}/" for folder in folders)
        return [name for name in self.files if name.startswith(starts) and name.endswith(suffix)]

    def code(self) -> list[str]:
        """Return the Python files that results come from: library, notebooks, scripts on top."""
        scripts = [name for name in self.files if "/" not in name and name.endswith(".py")]
        return [*scripts, *self.below("notebooks", "src", suffix=".py")]

    def path(self, name: str) -> Path:
        """Return where a file is."""
        return self.root / name

    def lines(self, name: str) -> list[str]:
        """Return the lines of a text file, from the first."""
        return self.text(name).splitlines()

    def blocks(self, name: str) -> Iterator[str]:
        """Yield a text file some lines at a time, so that a large one need not fit in memory."""
        with self.open(name) as stream:
            while lines := stream.readlines(1 << 20):
                yield "".join(lines)

    def rows(self, name: str) -> Iterator[list[str]]:
        """Yield the cells of a CSV or TSV file, row by row."""
        # A quote that is never closed makes one cell of the rest, which is to be searched too.
        csv.field_size_limit(_LARGEST_CELL)
        with self.open(name) as stream:
            yield from csv.reader(stream, delimiter="\t" if name.endswith(".tsv") else ",")

    def open(self, name: str) -> Any:
        """Open a text file in the encoding that it has."""
        return self.path(name).open(
            encoding=_encoding(self.path(name)), errors="replace", newline=""
        )

    def _text(self, name: str) -> str:
        # Line ends are kept: a line's number must not depend on them, an offset may.
        with self.open(name) as stream:
            text: str = stream.read()
        return text

    def _module(self, name: str) -> ast.Module | None:
        """Parse a Python file; None if it is no Python, of which the tests will tell."""
        try:
            return ast.parse(self.text(name))
        except (SyntaxError, ValueError):
            # A ValueError is how some Pythons speak of null bytes.
            return None

    def _notebook(self, name: str) -> dict[str, Any]:
        """Read a notebook; without cells if it is none."""
        try:
            content = json.loads(self.text(name))
        except ValueError:
            return {"cells": []}
        cells = content.get("cells") if isinstance(content, dict) else None
        whole = isinstance(cells, list) and all(isinstance(cell, dict) for cell in cells)
        return content if whole else {"cells": []}

    def _walked(self) -> list[str]:
        names = []
        for folder, folders, files in os.walk(self.root):
            folders[:] = [name for name in folders if name not in CACHES]
            below = Path(folder).relative_to(self.root)
            names += [(below / name).as_posix() for name in files]
        return [name for name in names if not name.startswith(NOT_DEPOSITED)]


@cache
def _encoding_at(path: Path, changed: int) -> str:
    with path.open("rb") as stream:
        if stream.read(2) in (b"\xff\xfe", b"\xfe\xff"):
            return "utf-16"
    for encoding in ENCODINGS:
        try:
            with path.open(encoding=encoding) as stream:
                while stream.read(1 << 20):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    return "latin-1"


def _encoding(path: Path) -> str:
    return _encoding_at(path, path.stat().st_mtime_ns)
