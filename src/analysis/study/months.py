"""The months that a source of a study covers."""

from __future__ import annotations

import pandas as pd

from analysis.study.schema import Study
from analysis.study.sources import Source
from analysis.study.ticket_sources import TicketSource

__all__ = ["covered_months"]


def covered_months(
    study: Study, source: Source | TicketSource | None = None
) -> tuple[pd.Period, pd.Period]:
    """Find the months of a study that a source covers.

    Parameters
    ----------
    study
        The study.
    source
        One of its sources, of counts or of tickets. What it covers outside the study's months is
        not the study's. Without a source, these are the study's own months.

    Returns
    -------
    tuple
        The first and the last month; the first is the later of the two if the source covers no
        month of the study.
    """
    first, last = study.first_period, study.last_period
    if source is not None:
        first = max(first, source.first_period or first)
        last = min(last, source.last_period or last)
    return pd.Period(first, "M"), pd.Period(last, "M")
