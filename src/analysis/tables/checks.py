"""Checks of an estimate, to be read where they are made."""

from __future__ import annotations

import pandas as pd

from analysis.effects.units import effect_unit
from analysis.tables.effects import robustness_table

__all__ = ["checks_at_hand"]


def checks_at_hand(checks: pd.DataFrame, scale: str) -> pd.DataFrame:
    """Write checks for a notebook's cell: variants in rows, and the unit in the head.

    Parameters
    ----------
    checks, scale
        See `analysis.tables.effects.robustness_table`.

    Returns
    -------
    pandas.DataFrame
        Text, indexed by the variant; by the check too if there are several. If no check could be
        made, a line that says so.
    """
    if checks.empty:
        return pd.DataFrame({"Estimate": "—"}, index=["none could be made; the end says why"])
    table = robustness_table(checks, scale)
    unit = effect_unit(scale).short
    table = table.rename(columns={"Estimate": f"Estimate ({unit})", "Observations": "Rows"})
    several = len(set(table["Check"])) > 1
    table = table.set_index(["Check", "Variant"] if several else "Variant")
    # A name of the index would be a line of its own under the heads.
    return table.rename_axis([None] * table.index.nlevels).drop(columns="Check", errors="ignore")
