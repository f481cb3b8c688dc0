"""Keep the categories that can carry the design."""

from __future__ import annotations

import pandas as pd

from analysis.clean.ledger import Entry, Ledger, Step
from analysis.study.levels import Keep

__all__ = ["keep_categories"]

STEP = "categories that can carry the design"
FEW = "fewer cases than the study asks for"
ONE_SIDED = "residents or staff open too small a share of its cases"


def keep_categories(table: pd.DataFrame, keep: Keep) -> tuple[pd.DataFrame, Ledger]:
    """Drop categories that hardly anyone files, or that only residents or only staff file.

    Where only staff can open a case, proactive cases cannot come before complaints, and the
    category would compare nothing. The shares are those of the panel's own months, so the choice
    rests in part on the outcome; results are about the categories that are kept.

    Parameters
    ----------
    table
        `category`, `complaints` and `proactive_cases`.
    keep
        The smallest number of cases in all, and the smallest share of them that residents and
        staff must each have opened.

    Returns
    -------
    table : pandas.DataFrame
        The rows of the categories that are kept.
    ledger : Ledger
        One entry for each category that is dropped, with its number of rows.
    """
    sums = table.groupby("category", sort=True)[["complaints", "proactive_cases"]].sum()
    cases = sums.sum(axis=1)
    proactive = (sums["proactive_cases"] / cases.where(cases > 0)).astype("float64")
    rows = table["category"].value_counts()
    least = keep.minimum_share_of_each_initiator
    dropped = []
    for name, count, share in zip(sums.index, cases, proactive, strict=True):
        reasons = [FEW] if count < keep.minimum_cases else []
        # Without a case the share is NaN, which lies nowhere.
        reasons += [] if least <= share <= 1 - least else [ONE_SIDED]
        if reasons:
            held = f"{count:,} cases" + (f", {share:.1%} of them proactive" if count else "")
            reason = "; ".join(reasons)
            dropped.append(
                Entry(
                    STEP,
                    "dropped",
                    reason,
                    category=str(name),
                    before=held,
                    rows=int(rows[name]),
                )
            )
    kept = table[~table["category"].isin([entry.category for entry in dropped])]
    return kept, Ledger(tuple(dropped), (Step(STEP, len(table), len(kept)),))
