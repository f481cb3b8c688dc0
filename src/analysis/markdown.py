"""Tables in Markdown, for the codebook and for the documents that are written from results."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

__all__ = ["markdown_table"]


def markdown_table(
    heads: Sequence[str], rows: Iterable[Sequence[object]], align: str | None = None
) -> str:
    r"""Write a table.

    Parameters
    ----------
    heads
        The heads of its columns.
    rows
        Its cells, as they are to be read.
    align
        A letter for each column, ``l`` or ``r``; all to the left if not given.

    Examples
    --------
    >>> print(markdown_table(["step", "seconds"], [["a|b", 1]], "lr"))
    | step | seconds |
    |---|---:|
    | a\|b | 1 |
    """
    sides: dict[str, Literal["---", "---:"]] = {"l": "---", "r": "---:"}
    rule = [sides[letter] for letter in align or "l" * len(heads)]
    lines = [f"| {' | '.join(heads)} |", f"|{'|'.join(rule)}|"]
    for row in rows:
        cells = (" ".join(str(cell).split()).replace("|", "\\|") for cell in row)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
