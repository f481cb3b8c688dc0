"""Verdicts: what was compared, what was found, and whether that will do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from analysis.ledger.read import Entry

__all__ = ["Check", "Outcome", "Verdict", "count", "of_entry", "of_file"]

Outcome = Literal["PASS", "EXPLAINED", "FAIL"]

Check = Literal["at hand", "rerun", "second run"]

# What the two values of a verdict are called, by what was compared.
_SIDES: dict[Check, tuple[str, str]] = {
    "at hand": ("recorded", "at hand"),
    "rerun": ("committed", "made"),
    "second run": ("first run", "second run"),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one comparison found.

    Attributes
    ----------
    outcome
        ``PASS``: the same; ``EXPLAINED``: within the tolerance that was committed with it, for the
        reason given there; ``FAIL``: anything else.
    check
        ``at hand``: the files at hand against what the ledger records; ``rerun``: what is
        committed against what the code makes; ``second run``: two reruns with each other.
    kind
        ``number``, ``figure``, ``table``, or what else was compared, such as ``raw data``.
    id
        The exhibit's id, or the path of a file.
    reason
        Why it passes all the same, or what is wrong.
    committed, made
        Both values; empty if there are none to show. Of a check ``at hand`` what is recorded and
        what is at hand, of a ``second run`` the first and the second.
    where
        The place within it: a row and column, or a cell.
    place
        Where it is made: a notebook and a line.
    """

    outcome: Outcome
    check: Check
    kind: str
    id: str
    reason: str = ""
    committed: str = ""
    made: str = ""
    where: str = ""
    place: str = ""

    @property
    def sides(self) -> tuple[str, str]:
        """What `committed` and `made` are called."""
        return _SIDES[self.check]

    def __str__(self) -> str:
        """Tell it in one line.

        Examples
        --------
        >>> print(Verdict("FAIL", "rerun", "number", "toy.n", "a count is exact", "100", "101"))
        FAIL      number toy.n: committed 100, made 101; a count is exact
        """
        where = f", {self.where}" if self.where else ""
        values = ""
        if self.committed or self.made:
            first, second = self.sides
            values = f"{first} {self.committed or 'nothing'}, {second} {self.made or 'nothing'}"
        told = "; ".join(part for part in (values, self.reason, self.place) if part)
        head = f"{self.outcome:<9} {self.kind} {self.id}{where}"
        return f"{head}: {told}" if told else head


def count(verdicts: Iterable[Verdict], outcome: Outcome) -> int:
    """Count the verdicts of one outcome."""
    return sum(verdict.outcome == outcome for verdict in verdicts)


def of_entry(entry: Entry, check: Check) -> Callable[..., Verdict]:
    """Return a function that makes verdicts about an entry: its outcome first, then the rest."""

    def verdict(outcome: Outcome, reason: str = "", **found: str) -> Verdict:
        return Verdict(outcome, check, entry.kind, entry.id, reason, place=entry.place, **found)

    return verdict


def of_file(kind: str, name: str, check: Check) -> Callable[..., Verdict]:
    """Return a function that makes verdicts about a file: its outcome first, then the rest."""

    def verdict(outcome: Outcome, reason: str = "", **found: str) -> Verdict:
        return Verdict(outcome, check, kind, name, reason, **found)

    return verdict
