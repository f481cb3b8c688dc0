"""Find a value as it is printed: among the numbers, in tables, and in captions and notes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from analysis.ledger.read import Entry
from analysis.trace.cells import TableCell, read_table

__all__ = ["Match", "find_value", "is_value"]

# A number as it is printed, once hyphens and commas are out of the way.
NUMBER = re.compile(r"(?:(?<![\w.])[−+])?\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Match:
    """One place at which a value stands.

    Attributes
    ----------
    entry
        The exhibit.
    where
        ``value``, ``cell``, ``caption``, ``note`` or ``alt``.
    text
        All that is printed there.
    cell
        The cell, if it is one.
    used
        Whether a document uses the exhibit.
    whole
        Whether nothing but the value is printed there.
    """

    entry: Entry
    where: str
    text: str
    cell: TableCell | None
    used: bool
    whole: bool


def is_value(text: str) -> bool:
    """Say whether a text is a number as it may be printed.

    Examples
    --------
    >>> is_value("−0.130"), is_value("28,812"), is_value("11%"), is_value("beijing.n")
    (True, True, True, False)
    """
    return NUMBER.fullmatch(_normal(text).removesuffix("%")) is not None


def find_value(root: Path, entries: Iterable[Entry], used: set[str], text: str) -> list[Match]:
    """Find every number, cell, caption and note that prints a value.

    Parameters
    ----------
    root
        The top folder of the compendium.
    entries
        All exhibits.
    used
        Ids of those that documents use.
    text
        The value as it is printed; a hyphen may stand for the minus sign, and commas between
        thousands may be left out.

    Returns
    -------
    list of Match
        Those in use first; then those where it stands alone; in the order of the ledgers.
    """
    wanted = _normal(text)
    number = wanted.removesuffix("%")
    is_number = NUMBER.fullmatch(number) is not None
    found = []
    for entry in entries:
        for where, printed, cell in _texts(root, entry):
            normal = _normal(printed)
            whole = wanted in (normal, normal.removesuffix("%"))
            if whole or (is_number and number in NUMBER.findall(normal)):
                found.append(Match(entry, where, printed, cell, entry.id in used, whole))
    return sorted(found, key=lambda match: (not match.used, not match.whole))


def _texts(root: Path, entry: Entry) -> Iterator[tuple[str, str, TableCell | None]]:
    if entry.kind == "number":
        yield "value", entry.text, None
    if entry.kind == "table" and (table := read_table(root, entry.id)) is not None:
        for cell in table.cells():
            yield "cell", cell.text, cell
    for where, text in (("caption", entry.caption), ("note", entry.note), ("alt", entry.alt)):
        if text:
            yield where, text, None


def _normal(text: str) -> str:
    """Write a text as the notebooks would, without commas between thousands."""
    signed = re.sub(r"(?<![\w.])-(?=\d)", "−", text.strip())
    return re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", signed)
