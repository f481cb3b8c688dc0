"""Which quantiles of the handling time are known, though some cases are open at the window's end.

A quantile is known as long as all the cases that it rests on were closed within the window, however
long the others took.
"""

from __future__ import annotations

import pandas as pd

from analysis.study.tickets import Tickets

__all__ = ["QUANTILES", "known_quantiles", "last_followed_month"]

# Column -> the quantile as a fraction of whole numbers, to find its place without rounding.
QUANTILES = {"median_days": (1, 2), "p90_days": (9, 10)}


def known_quantiles(found: pd.DataFrame) -> pd.DataFrame:
    """Set quantiles missing that rest on a case which was not closed within the window.

    An interpolated quantile rests on the case above it, too: between one that took 29 days and one
    that is open after 30 there is no median.

    Examples
    --------
    >>> found = pd.DataFrame({"followed": [4, 4], "closed_within": [2, 3]})
    >>> found = found.assign(median_days=[15.0, 3.0], p90_days=[30.0, 22.0])
    >>> known_quantiles(found)["median_days"].tolist()
    [nan, 3.0]
    """
    last = found["followed"] - 1
    # The place of the case above the quantile, counted from 0 and rounded up.
    above = {name: -(-last * part // whole) for name, (part, whole) in QUANTILES.items()}
    return found.assign(
        **{
            name: found[name].astype("float64").where(place < found["closed_within"])
            for name, place in above.items()
        }
    )


def last_followed_month(tickets: Tickets) -> pd.Period:
    """Return the last month whose every case was followed for the whole window.

    Its last day lies so many days or more before the day on which the data were taken.
    """
    day = pd.Timestamp(tickets.extracted) - pd.Timedelta(days=tickets.follow_up_days)
    month = pd.Period(day, "M")
    return month if day.normalize() == month.end_time.normalize() else month - 1
