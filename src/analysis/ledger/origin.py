"""Where in a notebook a call was made: the line of its source that a reader can open."""

from __future__ import annotations

import linecache
import sys
from pathlib import Path
from types import FrameType

__all__ = ["line_of_call"]


def line_of_call(source: Path) -> int | None:
    """Find the line of a notebook's source that is being run.

    Parameters
    ----------
    source
        The notebook, a ``.py`` file with cells in the percent format.

    Returns
    -------
    int or None
        The line from 1; None if no cell of this notebook is running, as in a test.
    """
    frame = _main_frame()
    if frame is None or not source.is_file():
        return None
    if Path(frame.f_code.co_filename) == source:
        return frame.f_lineno
    return _line_in_source(
        source.read_text(encoding="utf-8"),
        "".join(linecache.getlines(frame.f_code.co_filename)),
        frame.f_lineno,
    )


def _main_frame() -> FrameType | None:
    """Find the innermost call from the notebook itself, be it from one of its own functions."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__") != "__main__":
        frame = frame.f_back
    return frame


def _line_in_source(source: str, cell: str, line: int) -> int | None:
    """Turn a line within a cell into a line of the source, from which the cell was read."""
    start = source.find(cell.strip()) if cell.strip() else -1
    if start < 0:
        return None
    blank_lines = cell[: len(cell) - len(cell.lstrip())].count("\n")
    return source.count("\n", 0, start) + line - blank_lines
