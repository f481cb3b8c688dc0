"""What goes wrong with reports: months that never came, corrections, slips of the pen, totals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.simulate.arrays import Integers

__all__ = [
    "CORRECTION",
    "SUBTOTAL",
    "TOTAL",
    "Slip",
    "Slips",
    "add_totals",
    "choose_slips",
    "soil",
]

# How many rows of each kind, in the street reports of seven years and in the category reports:
# under one in a hundred, as in a report that is checked before it is published.
STREET_SLIPS = {"absent": 45, "blank": 35, "restated": 60, "impossible": 8}
CATEGORY_SLIPS = {"absent": 4, "blank": 5, "restated": 12, "impossible": 0}

# Where a row stands within the reports of a month.
UNIT, SUBTOTAL, TOTAL, CORRECTION = range(4)


@dataclass(frozen=True, slots=True)
class Slip:
    """One impossible value: which row and column, and why it cannot be."""

    label: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Slips:
    """Labels of the rows to which something happens; no row is in two of them.

    Attributes
    ----------
    absent
        Rows that never came.
    blank
        Rows in which every value is missing.
    restated
        Rows whose first report was too high and was corrected later.
    impossible
        Single values that cannot be.
    """

    absent: Integers
    blank: Integers
    restated: Integers
    impossible: tuple[Slip, ...]


def choose_slips(labels: Integers, kind: str, rng: np.random.Generator) -> Slips:
    """Choose at random the rows to which something happens.

    Parameters
    ----------
    labels
        Labels of the rows that may be chosen.
    kind
        ``streets`` or ``categories``.
    rng
        Source of the choice.
    """
    sizes = STREET_SLIPS if kind == "streets" else CATEGORY_SLIPS
    chosen = rng.choice(labels, size=sum(sizes.values()), replace=False)
    absent, blank, restated, impossible = np.split(chosen, np.cumsum(list(sizes.values()))[:-1])
    reasons = (
        ("satisfaction_rate", "more than 100% of those surveyed were satisfied"),
        ("complaints", "a count below zero"),
        ("surveyed", "more residents surveyed than complaints received"),
        ("resolution_rate", "more than 100% of those surveyed had their matter solved"),
    )
    slips = tuple(
        Slip(int(label), *reasons[place % len(reasons)])
        for place, label in enumerate(np.sort(impossible))
    )
    return Slips(np.sort(absent), np.sort(blank), np.sort(restated), slips)


def soil(
    rows: pd.DataFrame, counts: list[str], slips: Slips, rng: np.random.Generator
) -> pd.DataFrame:
    """Take out, blank and restate rows.

    Parameters
    ----------
    rows
        Reports with a unique index, a `period`, and the counts.
    counts
        Names of the counts.
    slips
        From `choose_slips`.
    rng
        Source of by how much, and how many months later, a report was corrected.

    Returns
    -------
    pandas.DataFrame
        The rows with `reported` (the month in whose report a row stands) and `place`. A corrected
        row comes twice: too high in its own month, and as it should be, with `place`
        `CORRECTION`, one to three months later but in the same year's file.
    """
    kept = rows[~rows.index.isin(slips.absent)].assign(place=UNIT)
    kept["reported"] = kept["period"]
    corrections = kept.loc[slips.restated].assign(place=CORRECTION)
    later = pd.PeriodIndex(corrections["period"]) + rng.integers(1, 4, len(corrections))
    last = pd.PeriodIndex([pd.Period(f"{p.year}-12", "M") for p in corrections["period"]])
    corrections["reported"] = later.where(later <= last, last)
    for name in ("complaints", "proactive_cases"):
        # Cases counted twice are the usual reason of a correction.
        excess = 1 + np.round(rng.uniform(0.02, 0.08, len(corrections)), 4)
        raised = np.ceil(kept.loc[slips.restated, name].astype(float) * excess)
        kept.loc[slips.restated, name] = raised.astype("Int64")
    kept.loc[slips.blank, counts] = pd.NA
    return pd.concat([kept, corrections], axis=0)


def add_totals(
    rows: pd.DataFrame, counts: list[str], labels: dict[int, str], *, by_district: bool
) -> pd.DataFrame:
    """Add the rows that sum up others, as they stood when the month was first reported.

    Parameters
    ----------
    rows
        From `soil`.
    counts
        Names of the counts.
    labels
        What `SUBTOTAL` and `TOTAL` rows are called.
    by_district
        Whether every district has a subtotal.

    Returns
    -------
    pandas.DataFrame
        The rows and the totals; totals have no label in the index that `rows` has.
    """
    first = rows[rows["place"] == UNIT]
    whole = first.groupby("reported", as_index=False)[counts].sum()
    name = labels[TOTAL]
    totals = [whole.assign(period=whole["reported"], district=name, unit=name, place=TOTAL)]
    if by_district:
        parts = first.groupby(["reported", "district"], as_index=False)[counts].sum()
        name = labels[SUBTOTAL]
        totals.append(parts.assign(period=parts["reported"], unit=name, place=SUBTOTAL))
    summed = pd.concat(totals, ignore_index=True)
    summed.index = -1 - summed.index
    return pd.concat([rows, summed])
