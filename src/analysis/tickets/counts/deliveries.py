"""Which months the sources cover, and in which of them a delivery is missing."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.errors import listing
from analysis.study.months import covered_months
from analysis.study.schema import Study
from analysis.study.ticket_sources import TicketSource
from analysis.study.tickets import Tickets
from analysis.tickets.counts.left_out import LeftOut
from analysis.tickets.counts.stated import Stated

__all__ = ["Deliveries", "find_deliveries"]


@dataclass(frozen=True, slots=True)
class Deliveries:
    """What there is to count from, month by month.

    Attributes
    ----------
    sources
        Month -> the sources that cover it. Only months that some source covers and for which each
        that covers it delivered tickets, in order.
    left_out
        The other months of the study.
    """

    sources: dict[pd.Period, tuple[TicketSource, ...]]
    left_out: tuple[LeftOut, ...]

    @property
    def months(self) -> pd.PeriodIndex:
        """The months of the tables, in order."""
        return pd.PeriodIndex(list(self.sources), freq="M")


def find_deliveries(stated: Stated, cases: pd.Series, study: Study, tickets: Tickets) -> Deliveries:
    """Find the months that can be counted.

    A month without a single ticket of a source that covers it is a delivery that never came. With
    it the counts of the whole city are too small, so the month is left out, also if another source
    delivered.

    Parameters
    ----------
    stated
        What the sources state in each month.
    cases
        Month -> how many cases count in the tables.
    study, tickets
        The study and what it says of its tickets.
    """
    covered = {source.name: covered_months(study, source) for source in tickets.source}
    sources: dict[pd.Period, tuple[TicketSource, ...]] = {}
    refused: dict[str, list[pd.Period]] = {}
    for month in study.periods:
        here = tuple(
            source
            for source in tickets.source
            if covered[source.name][0] <= month <= covered[source.name][1]
        )
        absent = [source.name for source in here if (source.name, month) not in stated.rows]
        if not here:
            refused.setdefault("no source covers these months", []).append(month)
        elif absent:
            reason = f"no ticket in a whole month, a delivery is missing: source {listing(absent)}"
            refused.setdefault(reason, []).append(month)
        else:
            sources[month] = here
    return Deliveries(
        sources,
        tuple(
            LeftOut(reason, tuple(map(str, months)), cases=int(cases.reindex(months).sum()))
            for reason, months in refused.items()
        ),
    )
