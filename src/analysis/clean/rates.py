"""Work out counts that a city publishes only as a percentage of another count."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.clean.ledger import Entry, Ledger, Step, entries_for
from analysis.study.sources import FromRate

__all__ = ["counts_from_rates", "decimals"]

STEP = "counts from rates"


def counts_from_rates(
    table: pd.DataFrame, wanted: Sequence[FromRate]
) -> tuple[pd.DataFrame, Ledger]:
    """Replace each published rate by the count it stands for.

    The count is ``rate * of / 100``, rounded to the nearest whole number. A rate printed with d
    decimals pins the count down to ``of * 0.5 * 10**-d / 100``: with two decimals it is exact up
    to 10,000 cases in the denominator. Where the denominator is 0, the count is 0.

    Parameters
    ----------
    table
        Rates in per cent (Float64) and the counts they are shares of (Int64).
    wanted
        Which count comes from which rate of what.

    Returns
    -------
    table : pandas.DataFrame
        With the counts (Int64, missing where the rate or its denominator is) in place of the
        rates.
    ledger : Ledger
        The cells that deserve attention: those where no whole number gives the printed rate, so
        that rate and denominator do not belong together, and those that the rounding leaves open.
    """
    counted = table.copy()
    entries: list[Entry] = []
    for given in wanted:
        rate, of = table[given.rate], table[given.of]
        exact = rate * of.astype("Float64") / 100
        count = exact.round().mask((of == 0).fillna(False), 0.0)
        counted[given.count] = count.astype("Int64")
        # Files print a rate with the same decimals throughout, but drop zeros at the end.
        places = rate.map(decimals, na_action="ignore").groupby(table["file"]).transform("max")
        width = 0.5 * of.astype("Float64") * 10.0 ** -places.astype("Float64") / 100
        odd = ((exact - count).abs() > width + 1e-6).fillna(False)
        unsure = (width >= 0.5).fillna(False) & ~odd
        for rows, reason in [
            (odd, f"no whole number of {given.of} gives this rate; the nearest is taken"),
            (unsure, f"the printed decimals leave more than one count of {given.of} possible"),
        ]:
            entries += entries_for(
                table[rows],
                step=STEP,
                action="kept",
                reason=reason,
                column=given.rate,
                before=rate[rows].astype(str) + " % of " + of[rows].astype(str),
                after=counted.loc[rows, given.count],
            )
    counted = counted.drop(columns=[given.rate for given in wanted])
    return counted, Ledger(tuple(entries), (Step(STEP, len(table), len(counted)),))


def decimals(value: float) -> int:
    """Count the decimals with which a number is written.

    Examples
    --------
    >>> [decimals(value) for value in (96.53, 96.5, 96.0)]
    [2, 1, 0]
    """
    return len(repr(float(value)).partition(".")[2].rstrip("0"))
