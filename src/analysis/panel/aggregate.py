"""Sum a panel of streets within districts."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analysis.clean.ledger import Entry, Ledger, Step, entries_for
from analysis.contract.columns import count_columns
from analysis.errors import DataError, Problem

__all__ = ["sum_within_districts"]


STEP = "sum within districts"


def sum_within_districts(panel: pd.DataFrame) -> tuple[pd.DataFrame, Ledger]:
    """Sum the units of each district, month by month.

    A district's count is the sum over all its units, and missing where any of them did not report
    it. Summing what was reported would make a district's volume fall whenever a report is late,
    and would set the satisfied of some streets against the surveyed of others; nothing is imputed.

    Parameters
    ----------
    panel
        A balanced panel of the contract without `category`, with `population` and
        `adoption_period`.

    Returns
    -------
    districts : pandas.DataFrame
        One row a district and month: the counts, `population`, and `coverage`, the share of the
        population living in units that were under the programme in that month. The unit is the
        district. Handling times are not there: a district's median does not follow from those of
        its streets.
    ledger : Ledger
        The district's months in which a count is missing.

    Raises
    ------
    DataError
        If a unit lacks a month, so that a sum could be incomplete without a trace.

    Examples
    --------
    >>> streets = pd.DataFrame({"unit": ["A", "B"], "district": "D", "complaints": [2, pd.NA]})
    >>> streets["period"] = pd.Period("2024-01", "M")
    >>> streets["adoption_period"] = pd.PeriodIndex(["2023-05", None], freq="M")
    >>> streets = streets.astype({"complaints": "Int64"}).assign(population=[30, 70])
    >>> districts, _ = sum_within_districts(streets)
    >>> districts[["complaints", "coverage"]].to_dict("records")
    [{'complaints': None, 'coverage': 0.3}]
    """
    _refuse_gaps(panel)
    counts = [name for name in (*count_columns(), "population") if name in panel]
    under = panel["adoption_period"].notna() & (panel["adoption_period"] <= panel["period"])
    covered = panel["population"].where(under, 0)
    groups = panel.assign(covered=covered).groupby(["district", "period"], sort=True)
    sums = groups[[*counts, "covered"]].sum(skipna=False)
    coverage = (sums["covered"] / sums["population"]).astype("float64")
    summed = sums[counts].assign(coverage=coverage).reset_index()
    summed.insert(0, "unit", summed["district"])
    step = Step(STEP, len(panel), len(summed), joined=len(panel) - len(summed))
    return summed, Ledger(_missing_sums(summed, counts), (step,))


def _missing_sums(summed: pd.DataFrame, counts: list[str]) -> tuple[Entry, ...]:
    rows = summed[summed[counts].isna().any(axis=1)]
    columns = [
        ", ".join(name for name in counts if pd.isna(row[name])) for _, row in rows.iterrows()
    ]
    entries = entries_for(
        rows, step=STEP, action="set missing", reason="not every unit of the district reported it"
    )
    return tuple(
        replace(entry, column=names) for entry, names in zip(entries, columns, strict=True)
    )


def _refuse_gaps(panel: pd.DataFrame) -> None:
    months = panel.groupby("unit")["period"].nunique()
    gaps = months[months < panel["period"].nunique()]
    if gaps.empty:
        return
    hint = "balance the panel first, see analysis.panel.balance"
    problems = [
        Problem(f"unit {unit!r} has {count} of {panel['period'].nunique()} months", "", hint)
        for unit, count in gaps.items()
    ]
    raise DataError("a panel with gaps cannot be summed", problems)
