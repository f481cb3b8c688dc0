"""Local projections with clean controls (Dube, Girardi, Jorda and Taylor 2025)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from analysis.effects.cell_averages import CellAverages, average_cells
from analysis.effects.columns import recode
from analysis.effects.design import Design
from analysis.effects.estimators.degrees_left import degrees_left
from analysis.effects.estimators.identification import refuse_absorbed
from analysis.effects.estimators.linear import OWN_LIBRARY
from analysis.effects.estimators.sub_experiments import clean_controls, cohorts_of
from analysis.effects.evidence import Effects, Influence, target_frame
from analysis.effects.fixed_effects import is_nested
from analysis.effects.sample import Sample, draw_sample
from analysis.effects.untreated_outcome import indicators
from analysis.errors import DesignError, Problem

__all__ = ["NAME", "estimate_local_projections"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

NAME = "local_projections"


@dataclass(frozen=True, slots=True, eq=False)
class _Differences:
    """The long differences of one horizon.

    Attributes
    ----------
    horizon
        Event time of the later row.
    now, base
        Places in the sample of the rows that are compared, shape (n,).
    adopter
        Whether the row is of a unit that adopts then, or of a clean control, shape (n,).
    group
        Codes of the adoption periods, and of what else is absorbed, shape (n,).
    """

    horizon: float
    now: IntArray
    base: IntArray
    adopter: BoolArray
    group: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class _Projection:
    """The estimate of one horizon.

    Attributes
    ----------
    value
        The effect.
    contributions
        Of the sample's units to its error, shape (m,).
    cohorts
        By cohort, in order: the `weight` of its adopters and the `effect` on them, of which the
        value is the mean.
    """

    value: float
    contributions: FloatArray
    cohorts: pd.DataFrame


def estimate_local_projections(panel: pd.DataFrame, design: Design) -> Effects:
    r"""Compare long differences of those who adopt with those of clean controls, by horizon.

    .. math:: y_{i,t+h} - y_{i,t+r} = \beta_h \Delta D_{it} + \delta_{ht} + x_{i,t+r}'\gamma_h
              + e_{iht}

    for units that adopt in t, and controls that do not adopt (nor anticipate) until t + h, or
    until t where h lies before adoption; r is the reference. Least squares would weigh the
    adoption periods t also by how equally they divide into adopters and controls. Here rows count
    by :math:`(n_1 + n_0) / n_0`, from the weights of adopters and controls at t, so that
    :math:`\beta_h` averages over adopters, each counting alike (the reweighted version of the
    paper). Weights and controls x are those of the reference period; fixed effects that the design
    absorbs confine comparisons to units within the same ones.

    The overall effect is the mean of :math:`\beta_h` from adoption to the end of the event window.
    There is none over all treated units and periods, since those beyond the window have no
    horizon. What a unit contributes to the error of each horizon is kept, so that the covariance
    between horizons is known.

    Parameters
    ----------
    panel
        One row for each unit and period.
    design
        What is estimated; its treatment is an adoption period.

    Raises
    ------
    DesignError
        If the design cannot be estimated on the panel, or no adopters are observed after adoption
        together with clean controls.

    Examples
    --------
    >>> rows = [(u, t, 3 if u == "a" else None, len(u) + t) for u in ("a", "bb") for t in range(6)]
    >>> panel = pd.DataFrame(rows, columns=["unit", "period", "adoption", "y"])
    >>> panel.loc[panel["period"] >= panel["adoption"], "y"] += 2
    >>> design = Design("y", "share", "adoption", "adoption", cluster="unit")
    >>> float(estimate_local_projections(panel, design).targets["value"].iloc[0].round(9))
    2.0
    """
    whole = draw_sample(panel, design, design.linear_form)
    used = np.zeros(whole.observations, dtype=np.bool_)
    latest = -np.inf
    for differences in _horizons(whole, design):
        used[differences.now] = used[differences.base] = True
        latest = differences.horizon
    if latest < 0:
        what = "no adopters are observed after adoption together with clean controls"
        hint = "units must be observed in the reference period; look at the event window"
        problem = Problem(what, design.treatment_column, hint)
        raise DesignError(f"the effect on {design.outcome!r} cannot be estimated", [problem])
    sample = whole.take(used, "no comparison of adopters with clean controls")
    found = {one.horizon: _project(one, sample, design) for one in _horizons(sample, design)}
    times = np.array(list(found))
    after = np.where(times >= 0, 1.0, 0.0)
    mix = np.column_stack([after / after.sum(), 0 * after, np.eye(len(times))])
    values = np.array([one.value for one in found.values()]) @ mix
    contributions = np.stack([one.contributions for one in found.values()], axis=1)
    clusters = np.zeros(len(contributions), dtype=np.int64)
    clusters[sample.units] = sample.clusters
    return Effects(
        pd.concat(
            [
                target_frame("overall", values[:1], averaging="event_time"),
                target_frame("event_time", values[1:], event_time=[design.reference, *times]),
            ],
            ignore_index=True,
        ),
        headline="event_time",
        estimand=f"mean of the effects on the treated 0 to {times.max():g} periods after adoption",
        evidence=Influence(
            contributions @ mix,
            clusters,
            degrees_left(
                sample,
                sample.event_time >= -design.anticipation,
                together=_absorbed(sample),
                controls=len(design.controls),
            ),
        ),
        sample=sample,
        library=OWN_LIBRARY,
        cohort_weights=_cohort_weights(found),
        cells=lambda: _cells(found, mix),
        notes=_notes(whole, found, design),
    )


def _horizons(sample: Sample, design: Design) -> Iterator[_Differences]:
    """Form the long differences of each horizon that has adopters and clean controls."""
    periods, column = np.unique(sample.period, return_inverse=True)
    row_at = np.full((int(sample.units.max()) + 1, len(periods)), -1, dtype=np.int64)
    row_at[sample.units, column] = np.arange(sample.observations)
    place = {float(period): index for index, period in enumerate(periods)}
    absorbed = _absorbed(sample)
    cohorts = cohorts_of(sample)
    first, last = design.event_window or (-np.inf, np.inf)
    times = np.unique(periods[:, None] - cohorts)
    for horizon in times[(times >= first) & (times <= last) & (times != design.reference)]:
        parts: list[tuple[IntArray, IntArray]] = []
        marks: list[BoolArray] = []
        groups: list[IntArray] = []
        for order, cohort in enumerate(cohorts):
            base, now = place.get(cohort + design.reference), place.get(cohort + horizon)
            if base is None or now is None:
                continue
            pairs = row_at[:, [base, now]]
            pairs = pairs[(pairs >= 0).all(axis=1)]
            adopter = sample.adoption[pairs[:, 1]] == cohort
            clean = clean_controls(sample, design, cohort, cohort + horizon)[pairs[:, 1]]
            group = absorbed[pairs[:, 1]]
            both = np.isin(group, group[adopter]) & np.isin(group, group[clean])
            keep = both & (adopter | clean)
            parts.append((pairs[keep, 1], pairs[keep, 0]))
            marks.append(adopter[keep])
            groups.append(group[keep] * len(cohorts) + order)
        if sum(mark.sum() for mark in marks):
            yield _Differences(
                float(horizon),
                np.concatenate([part[0] for part in parts]),
                np.concatenate([part[1] for part in parts]),
                np.concatenate(marks),
                recode(np.concatenate(groups)),
            )


def _absorbed(sample: Sample) -> IntArray:
    """Code what is absorbed besides the effects of units, together; adoption implies the period."""
    crossed = np.zeros(sample.observations, dtype=np.int64)
    for codes in sample.effects:
        if not is_nested(sample.units, codes):
            crossed = recode(crossed * (int(codes.max()) + 1) + codes)
    return crossed


def _project(differences: _Differences, sample: Sample, design: Design) -> _Projection:
    now, base = differences.now, differences.base
    change = sample.outcome[now] - sample.outcome[base]
    own = sample.weights[base]
    members = indicators(differences.group)
    adopters = members.T @ (own * differences.adopter)
    controls = members.T @ (own * ~differences.adopter)
    weights = own * (members @ ((adopters + controls) / controls))
    columns = np.column_stack([differences.adopter.astype("float64"), sample.controls[base]])
    totals = members.T @ weights

    def centred(values: FloatArray) -> FloatArray:
        return np.asarray(
            values - members @ ((members.T @ (weights[:, None] * values)) / totals[:, None])
        )

    left = centred(columns)
    names = [f"adoption, at horizon {differences.horizon:g}", *design.controls]
    refuse_absorbed(columns, left, weights, names)
    bread = np.linalg.inv((weights[:, None] * left).T @ left)
    outcome = centred(change[:, None])[:, 0]
    coefficients = bread @ (left.T @ (weights * outcome))
    scores = weights * (outcome - left @ coefficients) * (left @ bread[0])
    units = sample.units[now]
    return _Projection(
        float(coefficients[0]),
        np.bincount(units, scores, minlength=int(sample.units.max()) + 1).astype("float64"),
        _by_cohort(differences, sample, change - columns[:, 1:] @ coefficients[1:]),
    )


def _by_cohort(differences: _Differences, sample: Sample, change: FloatArray) -> pd.DataFrame:
    """Take the effect apart; changes are given without what controls explain of them."""
    own, adopter = sample.weights[differences.base], differences.adopter
    members = indicators(differences.group)
    adopters, controls = (members.T @ (own * side) for side in (adopter, ~adopter))
    gaps = (members.T @ (own * adopter * change)) / adopters
    gaps -= (members.T @ (own * ~adopter * change)) / controls
    cohort = np.empty(len(gaps))
    cohort[differences.group[adopter]] = sample.adoption[differences.now[adopter]]
    sums = pd.DataFrame({"weight": adopters, "effect": adopters * gaps}).groupby(cohort).sum()
    return sums.assign(effect=sums["effect"] / sums["weight"])


def _cohort_weights(found: dict[float, _Projection]) -> pd.Series:
    shares = [
        one.cohorts["weight"] / one.cohorts["weight"].sum()
        for time, one in found.items()
        if time >= 0
    ]
    total: pd.Series = pd.concat(shares).groupby(level=0).sum() / len(shares)
    return total.rename_axis("cohort").rename("weight")


def _cells(found: dict[float, _Projection], mix: FloatArray) -> CellAverages:
    """Say how the targets are made of the effects on cohorts at each horizon."""
    parts = [one.cohorts for one in found.values()]
    horizon = np.repeat(list(found), [len(part) for part in parts])
    cohort = np.concatenate([part.index.to_numpy(dtype="float64") for part in parts])
    shares = [part[["weight"]].to_numpy().T / part["weight"].sum() for part in parts]
    return average_cells(
        cohort,
        cohort + horizon,
        np.concatenate([part["effect"].to_numpy() for part in parts]),
        sparse.block_diag(shares, format="csr"),
        sparse.csr_array(mix),
    )


def _notes(sample: Sample, found: dict[float, _Projection], design: Design) -> tuple[str, ...]:
    cohorts = cohorts_of(sample)
    seen = {cohort for time, one in found.items() if time >= 0 for cohort in one.cohorts.index}
    if lost := len(cohorts) - len(seen):
        what = "are not observed in the reference period, or have no clean controls"
        return (f"{lost} of {len(cohorts)} cohorts {what}",)
    return ()
