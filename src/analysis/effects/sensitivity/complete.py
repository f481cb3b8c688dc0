"""The part of a panel that is complete, for analyses that need a balanced one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.effects.design import Design
from analysis.effects.sample import draw_sample
from analysis.errors import DesignError, Problem

__all__ = ["CompletePart", "complete_units"]


@dataclass(frozen=True, slots=True, eq=False)
class CompletePart:
    """A balanced part of a panel.

    Attributes
    ----------
    panel
        The units that are kept, in all periods that can be used of any unit.
    units, left_out
        How many units are kept, and how many are not.
    """

    panel: pd.DataFrame
    units: int
    left_out: int


def complete_units(panel: pd.DataFrame, design: Design) -> CompletePart:
    """Keep the units of which every period can be used that can be used of any unit.

    Parameters
    ----------
    panel, design
        See `analysis.effects.estimate.estimate`. For a count every period must have a case, since
        logarithms are taken.

    Raises
    ------
    DesignError
        If the design cannot be estimated on the panel, or no unit is complete.

    Examples
    --------
    >>> rows = [(u, t, 2 if u == "a" else None, t + len(u)) for u in "abc" for t in (1, 2)]
    >>> panel = pd.DataFrame(rows, columns=["unit", "period", "adoption", "y"])
    >>> panel.loc[5, "y"] = None
    >>> design = Design("y", "level", "adoption", "adoption", cluster="unit")
    >>> complete_units(panel, design).panel["unit"].unique().tolist()
    ['a', 'b']
    """
    rows = panel.reset_index(drop=True)
    sample = draw_sample(rows, design, design.linear_form)
    # A period of which nothing is known, such as one whose cases are still open, is nobody's gap.
    periods = len(np.unique(sample.period))
    whole = np.bincount(sample.units) == periods
    kept = np.zeros(len(rows), dtype=np.bool_)
    kept[sample.rows] = whole[sample.units]
    if not kept.any():
        hint = "take a shorter panel, or an analysis that allows for gaps"
        problem = Problem("no unit is observed in every period", design.outcome, hint)
        raise DesignError("there is no balanced part of the panel", [problem])
    units = rows[list(design.unit)].drop_duplicates()
    return CompletePart(
        panel=rows[kept].reset_index(drop=True),
        units=int(whole.sum()),
        left_out=len(units) - int(whole.sum()),
    )
