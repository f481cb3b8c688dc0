"""De Chaisemartin and D'Haultfoeuille: doses that go up and down, and adoption."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from analysis.effects.cell_averages import CellAverages, average_cells
from analysis.effects.checks import refuse
from analysis.effects.design import Design
from analysis.effects.estimators.degrees_left import degrees_left
from analysis.effects.evidence import Effects, Influence, target_frame
from analysis.effects.group_time.wide import widen
from analysis.effects.sample import Sample, draw_sample
from analysis.effects.switching import DosePanel, Switching, estimate_switching
from analysis.errors import Problem

__all__ = ["NAME", "estimate_chaisemartin_dhaultfoeuille"]

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

NAME = "chaisemartin_dhaultfoeuille"
LIBRARY = "analysis.effects.switching"
ESTIMANDS = {
    "adoption": "average effect on the treated over all treated units and periods",
    "dose": "average effect of one more unit of the dose in one period, on that and later periods",
}


def estimate_chaisemartin_dhaultfoeuille(panel: pd.DataFrame, design: Design) -> Effects:
    r"""Compare units whose dose changes with units that still have the same dose.

    Effects by event time are those of a unit's path of doses from its first change on, compared
    with the constant dose it had; they are in the unit of the outcome, and those before are
    placebos. The overall effect is per unit of the dose. It assumes neither that effects are alike
    nor that they end with the dose; trends without a change must be parallel among units that
    start with the same dose. See `analysis.effects.switching.estimate_switching` for the formulas
    (de Chaisemartin and D'Haultfoeuille 2024).

    Counts enter in logarithms, rates as they are; weights may vary over time. The dose is compared
    with the one in the first row of a unit, and must be the very same for units to be alike, so
    that a dose with many values in the first period should be grouped first. Rows from which on a
    dose has been both above and below its first value are left out, and so are rows after a change
    that happened while the unit was not observed.

    Parameters
    ----------
    panel
        One row for each unit and period.
    design
        What is estimated.

    Raises
    ------
    DesignError
        If the design cannot be estimated on the panel, has controls, or no unit that switches has
        one to be compared with.

    Examples
    --------
    >>> rows = [("a", 1, 0, 1.0), ("a", 2, 1, 5.0), ("a", 3, 0, 3.0)]
    >>> rows += [("b", 1, 0, 2.0), ("b", 2, 0, 3.0), ("b", 3, 0, 4.0)]
    >>> panel = pd.DataFrame(rows, columns=["unit", "period", "campaign", "y"])
    >>> design = Design("y", "share", "dose", "campaign", cluster="unit")
    >>> found = estimate_chaisemartin_dhaultfoeuille(panel, design)
    >>> found.targets.loc[found.targets["kind"] == "event_time", "value"].tolist()
    [0.0, 3.0, 0.0]
    """
    refuse(design, _unsupported(design))
    sample = draw_sample(panel, design, design.linear_form)
    sample = _usable_rows(sample, design)
    doses = _dose_panel(sample, design)
    found = estimate_switching(doses, design.comparison)
    refuse(design, _nothing_found(found, design))
    first, last = design.event_window or (-np.inf, np.inf)
    inside = (found.event_time >= first) & (found.event_time <= last)
    targets = [
        target_frame("overall", [found.total], averaging="cells"),
        target_frame("event_time", found.effect[inside], event_time=found.event_time[inside]),
    ]
    contributions = [found.total_contributions[:, None], found.contributions[:, inside]]
    return Effects(
        pd.concat(targets, ignore_index=True),
        headline="cells",
        estimand=ESTIMANDS[design.treatment],
        evidence=Influence(
            np.concatenate(contributions, axis=1), doses.clusters, _degrees_left(sample, doses)
        ),
        sample=sample,
        library=LIBRARY,
        cohort_weights=_cohort_weights(found, doses, design),
        # How much doses differ is part of what an effect per unit of the dose is about.
        cells=(lambda: _cells(found, inside)) if design.treatment == "adoption" else None,
        notes=tuple(_notes(found, design)),
    )


def _unsupported(design: Design) -> Iterator[Problem]:
    if design.controls:
        hint = "leave them out, or take an estimator that has them, such as callaway_santanna"
        yield Problem("this estimator takes no controls", ", ".join(design.controls), hint)


def _usable_rows(sample: Sample, design: Design) -> Sample:
    """Leave out rows of doses of which it cannot be said since when, or whether, they are up."""
    if design.treatment == "adoption":
        return sample
    order = np.lexsort((sample.period, sample.units))
    _, places = np.unique(sample.period, return_inverse=True)
    rows = pd.DataFrame({"unit": sample.units, "place": places, "dose": sample.treatment}).iloc[
        order
    ]
    units = rows.groupby("unit")
    rows["gone"] = rows["dose"] - units["dose"].transform("first")
    rows["up"] = (rows["gone"] > 0).groupby(rows["unit"]).cummax()
    rows["down"] = (rows["gone"] < 0).groupby(rows["unit"]).cummax()
    moved = rows["up"] | rows["down"]
    first_moved = moved & ~moved.groupby(rows["unit"]).shift(fill_value=False)
    unseen = first_moved & (units["place"].diff() > 1)
    rows["unseen"] = unseen.groupby(rows["unit"]).cummax()
    if design.comparison == "never":
        # Before such a change the unit is no control either: it does not stay as it is for ever.
        rows["unseen"] = rows["unseen"].groupby(rows["unit"]).transform("any")
    rows = rows.sort_index()
    unseen_change = rows["unseen"].to_numpy()
    both = (rows["up"] & rows["down"]).to_numpy()
    sample = sample.take(~unseen_change, "dose changed while the unit was not observed")
    return sample.take(~both[~unseen_change], "dose has been both above and below its first value")


def _dose_panel(sample: Sample, design: Design) -> DosePanel:
    wide = widen(sample)
    _, places = np.unique(sample.period, return_inverse=True)
    dose, weights = np.full(wide.outcome.shape, np.nan), np.zeros(wide.outcome.shape)
    dose[sample.units, places] = sample.treatment
    weights[sample.units, places] = sample.weights
    if design.treatment == "adoption":
        first_dose, step = np.zeros(len(dose)), (~np.isnan(wide.adoption)).astype("float64")
        acts = wide.adoption - design.anticipation
        switch = np.where(np.isnan(acts), len(wide.periods), np.searchsorted(wide.periods, acts))
        began = np.where(switch < len(wide.periods), wide.adoption, np.nan)
    else:
        first_dose, step, switch, began = _first_changes(dose, wide.periods)
    return DosePanel(
        periods=wide.periods,
        outcome=wide.outcome,
        dose=dose,
        weights=weights,
        first_dose=first_dose,
        switch=switch.astype(np.int64),
        step=step,
        began=began,
        clusters=wide.clusters,
    )


def _first_changes(
    dose: FloatArray, periods: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Give each unit's first dose, its first step, and the place and number of its period."""
    units = np.arange(len(dose))
    first_dose = dose[units, (~np.isnan(dose)).argmax(axis=1)]
    gone = np.nan_to_num(dose - first_dose[:, None])
    changes = (gone != 0).any(axis=1)
    place = (gone != 0).argmax(axis=1)
    switch = np.where(changes, place, len(periods))
    return first_dose, gone[units, place], switch, np.where(changes, periods[place], np.nan)


def _nothing_found(found: Switching, design: Design) -> Iterator[Problem]:
    where = design.treatment_column
    if found.switchers == 0:
        yield Problem("no unit's dose changes", where, "there is no change to learn from")
    elif found.compared == 0:
        what = f"none of {found.switchers} units that switch has one with the same first dose"
        hint = "units that keep their dose are needed; group a dose with many values"
        yield Problem(f"{what} that has not, observed in the same periods", where, hint)
    elif not np.isfinite(found.total):
        hint = "look at the dose: effects have nothing to be divided by"
        yield Problem("the changes of the dose add up to zero", where, hint)


def _degrees_left(sample: Sample, doses: DosePanel) -> int:
    # Those who switch alone are measured from the mean of their controls, too, so that they have
    # no path of their own.
    _, first_dose = np.unique(doses.first_dose, return_inverse=True)
    nobody = np.zeros(sample.observations, dtype=np.bool_)
    return degrees_left(sample, nobody, together=first_dose[sample.units])


def _cohort_weights(found: Switching, doses: DosePanel, design: Design) -> pd.Series | None:
    if design.treatment == "dose":
        return None
    counted = found.total_weights > 0
    sums = pd.Series(found.total_weights[counted]).groupby(doses.began[counted]).sum()
    return sums.rename_axis("cohort").rename("weight")


def _cells(found: Switching, inside: BoolArray) -> CellAverages:
    """Say how the targets are made of the effects on those who adopt together."""
    began, times, effects, weight = found.cells.T
    members = np.vstack([times >= 0, times == found.event_time[inside][:, None]])
    weights = members * weight
    return average_cells(
        began,
        began + times,
        effects,
        sparse.csr_array(weights / weights.sum(axis=1, keepdims=True)),
        sparse.eye_array(len(weights)),
    )


def _notes(found: Switching, design: Design) -> Iterator[str]:
    if found.compared < found.switchers:
        left = found.switchers - found.compared
        yield (
            f"{left} of {found.switchers} units that switch have no effect of their own: no unit "
            "with the same first dose is left to compare with, or periods are missing"
        )
    if design.absorb:
        names = "; ".join(" x ".join(one) for one in design.absorb)
        yield f"fixed effects besides unit and period play no part here: {names}"
