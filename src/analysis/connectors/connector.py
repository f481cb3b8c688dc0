"""What a connector is: pages of records, one after the other, from one table of a portal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

__all__ = ["Connector", "Page", "Position", "Record"]

Record = Mapping[str, Any]
# Where a page begins, in words that the provenance file keeps: {"after": 17}, {"offset": 500}.
Position = dict[str, int | str]


@dataclass(frozen=True, slots=True)
class Page:
    """The records of one answer.

    Attributes
    ----------
    records
        Each as served; perhaps with more columns than were asked for.
    columns
        The columns that the answer says it has.
    query
        The parameters that were sent, without any token.
    following
        Where the next page begins; `None` if there is none.
    """

    records: tuple[Record, ...]
    columns: tuple[str, ...]
    query: Mapping[str, str]
    following: Position | None


@runtime_checkable
class Connector(Protocol):
    """One table of a portal.

    Attributes
    ----------
    method
        How its pages follow each other, for the provenance file. A download that began with one
        method is not continued with another.
    start
        Where the first page begins.
    beside
        Further files that explain the records, name -> content.
    """

    @property
    def method(self) -> str:
        """See above."""

    @property
    def start(self) -> Position:
        """See above."""

    @property
    def beside(self) -> Mapping[str, bytes]:
        """See above."""

    def fetch(self, position: Position) -> Page:
        """Fetch the page that begins there."""

    def count(self) -> int | None:
        """Ask how many records there are in all; `None` if the portal does not say."""
