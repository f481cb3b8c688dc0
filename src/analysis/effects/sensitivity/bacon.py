"""What a two-way fixed effects coefficient averages over (Goodman-Bacon 2021).

With staggered adoption the coefficient is a weighted mean of all comparisons of two cohorts over
two stretches of time. Those in which a cohort that was treated before serves as comparison subtract
changes of its effect, and so can turn the sign of the whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.design import Design
from analysis.effects.fixed_effects import FixedEffects
from analysis.effects.sample import Sample, draw_sample
from analysis.errors import DesignError, Problem

__all__ = ["TYPES", "Bacon", "ComparisonType", "decompose"]

FloatArray = NDArray[np.float64]
ComparisonType = Literal["treated_vs_never", "earlier_vs_later", "later_vs_earlier"]

TYPES: tuple[ComparisonType, ...] = ("treated_vs_never", "earlier_vs_later", "later_vs_earlier")
# The decomposition is an identity; its two sides differ by rounding only.
IDENTITY = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Bacon:
    """A two-way fixed effects coefficient and its parts.

    Attributes
    ----------
    coefficient
        Of the treatment, with unit and period effects; the weighted sum of the comparisons.
    comparisons
        One row for each comparison, ordered by type, treated and control cohort: `type`, one of
        ``treated_vs_never``, ``earlier_vs_later`` and ``later_vs_earlier`` (in which the control
        was treated before); `treated` and `control`, first treated periods as numbers, NaN for
        never; `weight`, adding up to one; `estimate`.
    design
        What was decomposed.
    library
        What computed it, and its version.
    dropped
        Rows that were not used -> how many, by reason.
    """

    coefficient: float
    comparisons: pd.DataFrame
    design: Design
    library: str
    dropped: dict[str, int]

    @property
    def by_type(self) -> pd.DataFrame:
        """By type of comparison: `weight`, and the weighted mean `estimate`."""
        parts = self.comparisons.assign(
            estimate=self.comparisons["weight"] * self.comparisons["estimate"]
        )
        sums = parts.groupby("type", sort=False)[["weight", "estimate"]].sum()
        return sums.assign(estimate=sums["estimate"] / sums["weight"])


def decompose(panel: pd.DataFrame, design: Design) -> Bacon:
    """Take a two-way fixed effects coefficient apart.

    Parameters
    ----------
    panel
        One row for each unit and period, balanced once rows that cannot be used are dropped.
    design
        With adoption as treatment and unit and period effects only. Counts enter in logarithms,
        so a panel with zeros is not balanced. Units treated in every period are dropped.

    Raises
    ------
    DesignError
        If the design has weights, controls, other fixed effects, anticipation or a dose, which the
        decomposition is not for, all reported together; if the panel is not balanced, or has a
        single cohort and no unit that never adopts; or if the parts do not add up to the
        coefficient.

    Examples
    --------
    >>> rows = [(u, t, {"a": 2, "b": 3}.get(u), 1.0) for u in "abc" for t in (1, 2, 3)]
    >>> panel = pd.DataFrame(rows, columns=["unit", "period", "g", "y"])
    >>> panel.loc[panel["period"] >= panel["g"], "y"] += 1
    >>> found = decompose(panel, Design("y", "share", "adoption", "g", cluster="unit"))
    >>> round(found.coefficient, 9), len(found.comparisons)
    (1.0, 4)
    """
    _refuse(_design_problems(design))
    sample = draw_sample(panel, design, design.linear_form)
    _refuse(_sample_problems(sample))
    coefficient = _coefficient(sample)
    comparisons = _comparisons(sample)
    total = float((comparisons["weight"] * comparisons["estimate"]).sum())
    if abs(total - coefficient) > IDENTITY * max(1.0, float(np.ptp(sample.outcome))):
        what = f"the parts add up to {total}, the coefficient is {coefficient}"
        raise DesignError("the decomposition failed", [Problem(what, design.outcome)])
    return Bacon(
        coefficient=coefficient,
        comparisons=comparisons,
        design=design,
        library=f"diff-diff {version('diff-diff')}",
        dropped=dict(sample.dropped),
    )


def _coefficient(sample: Sample) -> float:
    projection = FixedEffects(sample.effects).project(sample.weights)
    treatment = projection.residualise(sample.treatment)
    return float(treatment @ sample.outcome / (treatment @ treatment))


def _comparisons(sample: Sample) -> pd.DataFrame:
    # Imported here because it takes a second, which only this analysis should cost.
    from diff_diff import BaconDecomposition

    # Counted from 1, as the library takes 0 for never.
    first = sample.period.min() - 1
    frame = pd.DataFrame(
        {
            "unit": sample.units,
            "period": sample.period - first,
            "adoption": np.nan_to_num(sample.adoption - first),
            "outcome": sample.outcome,
        }
    )
    # A first treated period after the end is no cohort of this panel.
    frame["adoption"] = frame["adoption"].where(frame["adoption"] <= frame["period"].max(), 0.0)
    names = {"outcome": "outcome", "unit": "unit", "time": "period", "first_treat": "adoption"}
    found = BaconDecomposition(weights="exact").fit(frame, **names).comparisons
    table = pd.DataFrame(
        {
            "type": pd.Categorical([each.comparison_type for each in found], TYPES, ordered=True),
            "treated": [each.treated_group + first for each in found],
            "control": [
                np.nan if each.comparison_type == "treated_vs_never" else each.control_group + first
                for each in found
            ],
            "weight": [float(each.weight) for each in found],
            "estimate": [float(each.estimate) for each in found],
        }
    )
    table = table.sort_values(["type", "treated", "control"], ignore_index=True)
    return table.astype({"type": "object", "treated": "float64", "control": "float64"})


def _refuse(problems: Iterator[Problem]) -> None:
    if found := list(problems):
        raise DesignError("the coefficient cannot be decomposed", found)


def _design_problems(design: Design) -> Iterator[Problem]:
    if design.treatment != "adoption":
        yield Problem(
            "a dose has no cohorts", design.treatment_column, "take adoption as treatment"
        )
    if design.weights:
        hint = "the identity holds without weights: leave them out for this analysis"
        yield Problem("weights are not decomposed", design.weights, hint)
    if design.controls:
        hint = "the identity holds without controls: leave them out for this analysis"
        yield Problem("controls are not decomposed", ", ".join(design.controls), hint)
    if design.absorb or design.fixed_effects:
        hint = "the identity holds for unit and period effects only"
        yield Problem("other fixed effects are not decomposed", "absorb, fixed_effects", hint)
    if design.anticipation:
        hint = "decompose the design without anticipation, or move adoption forward"
        yield Problem("anticipation has a coefficient of its own", "anticipation", hint)


def _sample_problems(sample: Sample) -> Iterator[Problem]:
    periods = len(np.unique(sample.period))
    missing = sample.unit_count * periods - sample.observations
    if missing:
        reasons = "; ".join(f"{count} rows: {why}" for why, count in sample.dropped.items())
        what = f"{missing} of {sample.unit_count} x {periods} units and periods are missing"
        hint = f"keep units and periods that are complete; dropped were {reasons or 'none'}"
        yield Problem(what, "panel", f"the identity holds for a balanced panel: {hint}")
    if len(np.unique(np.nan_to_num(sample.adoption, nan=np.inf))) < 2:
        hint = "comparisons need a second cohort, or units that never adopt"
        yield Problem("all units adopt at the same time", "panel", hint)
