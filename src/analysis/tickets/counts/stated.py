"""What each source states in each month, which tells a nought from what nobody said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.study.ticket_sources import TicketSource

__all__ = ["Stated"]


@dataclass(frozen=True, slots=True)
class Stated:
    """What the sources state in a month.

    Attributes
    ----------
    rows
        Source and month -> the counts of `count_stated`; a month in which no ticket of the
        source was kept is not there.
    """

    rows: Mapping[tuple[str, pd.Period], Mapping[str, int]]

    def has(self, source: TicketSource, month: pd.Period, column: str) -> bool:
        """Whether a source's tickets of a month have a column of the ticket contract.

        An optional column is there if any row has a value: some file had the header.
        """
        if column not in source.columns or (source.name, month) not in self.rows:
            return False
        return (
            column not in source.optional or self.rows[source.name, month]["stated_" + column] > 0
        )

    def asked(self, source: TicketSource, month: pd.Period, answer: str) -> bool:
        """Whether those whom a source surveyed in a month were asked a question, if there are any.

        A question that nobody at all answered was not asked.
        """
        row = self.rows[source.name, month]
        return row["surveyed"] == 0 or row["stated_" + answer] > 0

    @classmethod
    def of(cls, counts: pd.DataFrame) -> Stated:
        """Take the counts of `count_stated`, with months in `period`."""
        keyed = counts.set_index(["source", "period"])
        return cls(
            {
                (str(source), month): {str(name): int(count) for name, count in row.items()}
                for (source, month), row in zip(keyed.index, keyed.to_dict("records"), strict=True)
            }
        )
