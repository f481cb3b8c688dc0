"""The cells of a notebook: which holds a line of its source, by its id in the executed copy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jupytext
import nbformat

__all__ = ["CellFinder"]


class CellFinder:
    """Find cells of one executed notebook by lines of its source.

    Parameters
    ----------
    source
        The notebook, ``notebooks/<name>.py``.
    executed
        Its executed copy, in which cells have fixed ids.

    Examples
    --------
    >>> finder = CellFinder(Path("notebooks/02_describe.py"), copy)  # doctest: +SKIP
    >>> finder.cell_at(118)  # doctest: +SKIP
    'cell-09'
    """

    def __init__(self, source: Path, executed: Path) -> None:
        read: Any = nbformat.read
        identities = {
            cell.source.strip(): str(cell.id)
            for cell in read(executed, as_version=4).cells
            if cell.cell_type == "code"
        }
        text = source.read_text(encoding="utf-8")
        self._spans: list[tuple[int, int, str]] = []
        start = 0
        for cell in jupytext.reads(text, fmt="py:percent").cells:
            code = cell.source.strip()
            if cell.cell_type != "code" or code not in identities:
                continue
            start = text.index(code, start)
            first = text.count("\n", 0, start) + 1
            self._spans.append((first, first + code.count("\n"), identities[code]))
            start += len(code)

    def cell_at(self, line: int) -> str | None:
        """Return the id of the code cell on a line of the source; None if there is none."""
        return next((name for first, last, name in self._spans if first <= line <= last), None)
