"""Effects by cohort and period, each from one comparison of two periods."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.effects.design import Adjustment, Base, Comparison
from analysis.effects.group_time.two_by_two import NotComparableError, compare_changes
from analysis.effects.group_time.wide import WidePanel

__all__ = ["GroupTime", "LeftOut", "estimate_group_time"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

NO_CLEAN_PERIOD = "no period lies before its adoption and its anticipation"
ONLY_COMPARED_WITH = "no unit never adopts, so this last cohort serves only for comparison"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Cells that could not be estimated: a cohort in some periods, and why."""

    cohort: float
    periods: tuple[float, ...]
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class GroupTime:
    """Average effects on each cohort g in each period t, ATT(g, t), for K cells.

    Attributes
    ----------
    cohort, period, base
        Of each cell: the cohort's first treated period, the period, and the period that its
        outcome is compared with, shape (K,); sorted by cohort and period. A universal base has a
        cell of its own, whose effect is zero by normalisation.
    att
        Shape (K,).
    contributions
        Of each unit to the error of each effect, shape (m, K), stored by column.
    adoption
        Cohort of each unit; NaN for units that never adopt, shape (m,).
    weights
        Of each unit, shape (m,).
    left_out
        The cells that could not be estimated.
    """

    cohort: FloatArray
    period: FloatArray
    base: FloatArray
    att: FloatArray
    contributions: FloatArray
    adoption: FloatArray
    weights: FloatArray
    left_out: tuple[LeftOut, ...] = ()

    @property
    def treated(self) -> BoolArray:
        """Whether the cohort is treated in the cell's period, shape (K,)."""
        return self.period >= self.cohort


def estimate_group_time(
    panel: WidePanel,
    *,
    comparison: Comparison = "notyet",
    base: Base = "universal",
    anticipation: int = 0,
    adjustment: Adjustment = "doubly_robust",
) -> GroupTime:
    """Estimate the average effect on each cohort in each period (Callaway and Sant'Anna 2021).

    The effect on cohort g in period t compares how its outcome and that of other units changed
    since a base period. From adoption on this is the last period before g - anticipation. Before
    adoption it is the same period (``universal``), or the period before t (``varying``). Compared
    with are units that never adopt, or those that do so only after the later of the two periods
    and their anticipation. Covariates are those of the earlier of the two periods.

    A comparison uses the units observed in both of its periods, and no others. In a panel with
    gaps this uses all that is there, unit by unit in changes; R's did either drops each unit with
    a gap (``allow_unbalanced_panel = FALSE``: the same as dropping them from the panel
    beforehand), or compares levels as if the periods were separate surveys.

    Who adopts only after the last period and its anticipation counts as never adopting. If nobody
    is left who never adopts, the last cohort takes their place until it adopts or anticipates, and
    has no effects of its own.

    Parameters
    ----------
    panel
        The units and periods.
    comparison, base, anticipation, adjustment
        As in `analysis.effects.design.Design`.

    Returns
    -------
    GroupTime
        With the cells that can be estimated; the others are named in `left_out`.

    Examples
    --------
    >>> panel = WidePanel(
    ...     periods=np.array([1.0, 2.0, 3.0]),
    ...     outcome=np.array([[1.0, 1, 5], [2, 2, 2], [3, 3, 4]]),
    ...     adoption=np.array([3.0, np.nan, np.nan]),
    ...     weights=np.ones(3),
    ...     controls=np.empty((3, 3, 0)),
    ...     clusters=np.arange(3),
    ... )
    >>> estimate_group_time(panel).att.tolist()
    [0.0, 0.0, 3.5]
    """
    adoption = np.where(panel.adoption > panel.periods[-1] + anticipation, np.nan, panel.adoption)
    cohorts = np.unique(adoption[~np.isnan(adoption)])
    never = np.isnan(adoption)
    left_out: list[LeftOut] = []
    if len(cohorts) and not never.any():
        never = adoption == cohorts[-1]
        left_out.append(LeftOut(float(cohorts[-1]), (), ONLY_COMPARED_WITH))
        cohorts = cohorts[:-1]
    free_until = np.where(np.isnan(adoption), np.inf, adoption)
    if comparison == "never":
        free_until = np.where(never, free_until, -np.inf)
    view = _View(panel, free_until, _labels_of_covariates(panel.controls), adjustment)
    tasks = [
        _task(panel.periods, float(cohort), adoption == cohort, base, anticipation)
        for cohort in cohorts
    ]
    starts = np.cumsum([0, *(len(task.period) for task in tasks)])
    att = np.full(starts[-1], np.nan)
    # Zeros that are not touched take no memory, and the columns of a cohort lie side by side.
    contributions = np.zeros((len(adoption), starts[-1]), order="F")
    for task, start, stop in zip(tasks, starts[:-1], starts[1:], strict=True):
        left_out += _fill(view, task, att[start:stop], contributions[:, start:stop])
    kept = ~np.isnan(att)
    nothing = np.empty(0, dtype=np.int64)
    return GroupTime(
        cohort=np.repeat(cohorts, np.diff(starts))[kept],
        period=panel.periods[np.concatenate([nothing, *(task.period for task in tasks)])[kept]],
        base=panel.periods[np.concatenate([nothing, *(task.base for task in tasks)])[kept]],
        att=att[kept],
        contributions=contributions if kept.all() else contributions[:, kept],
        adoption=adoption,
        weights=panel.weights,
        left_out=tuple(left_out),
    )


class _View:
    """What all comparisons have in common."""

    def __init__(
        self,
        panel: WidePanel,
        free_until: FloatArray,
        covariate_labels: IntArray,
        adjustment: Adjustment,
    ) -> None:
        self.panel = panel
        self.free_until = free_until
        self.covariate_labels = covariate_labels
        self.adjustment = adjustment
        # Of all units in one period at a time: then what is used together lies together.
        self.outcome_by_period = np.ascontiguousarray(panel.outcome.T)
        self._present = ~np.isnan(self.outcome_by_period)
        self.complete = bool(self._present.all())

    def observed(self, period: int, base: int) -> BoolArray:
        """Say which units are observed in both periods, shape (m,)."""
        return np.asarray(self._present[period] & self._present[base])


@dataclass(frozen=True, slots=True, eq=False)
class _Task:
    """The cells of a cohort: places of their periods, and after when units must adopt."""

    cohort: float
    members: BoolArray
    period: IntArray
    base: IntArray
    horizon: FloatArray


def _task(
    periods: FloatArray, cohort: float, members: BoolArray, base: Base, anticipation: int
) -> _Task:
    clean = np.flatnonzero(periods + anticipation < cohort)
    every = np.arange(len(periods))
    if not len(clean):
        every = bases = every[:0]
    elif base == "universal":
        bases = np.full(len(periods), clean[-1])
    else:
        every = every[1:]
        bases = np.where(periods[1:] >= cohort, clean[-1], every - 1)
    horizon = periods[np.maximum(every, bases)] + anticipation
    return _Task(cohort, members, every, bases, horizon)


def _fill(view: _View, task: _Task, att: FloatArray, contributions: FloatArray) -> list[LeftOut]:
    """Estimate a cohort's cells into the arrays given, and say which could not be."""
    if not len(task.period):
        return [LeftOut(task.cohort, (), NO_CLEAN_PERIOD)]
    panel = view.panel
    failed: dict[str, list[float]] = defaultdict(list)
    for cells in _alike(view, task):
        period, base = task.period[cells[0]], task.base[cells[0]]
        compared = (view.free_until > task.horizon[cells[0]]) & ~task.members
        units = np.flatnonzero((compared | task.members) & view.observed(period, base))
        changes = view.outcome_by_period[np.ix_(task.period[cells], units)]
        changes -= view.outcome_by_period[np.ix_(task.base[cells], units)]
        try:
            found = compare_changes(
                changes.T,
                task.members[units],
                panel.weights[units],
                panel.controls[units, min(period, base)],
                view.adjustment,
            )
        except NotComparableError as error:
            failed[str(error)] += panel.periods[task.period[cells]].tolist()
            continue
        att[cells] = found.att
        contributions.T[np.ix_(cells, units)] = found.contributions.T
    # What a cohort's effects are measured from is zero, provided that any could be measured.
    normalised = task.period == task.base
    if not np.isnan(att).all():
        att[normalised] = 0.0
    return [
        LeftOut(task.cohort, tuple(sorted(periods)), reason) for reason, periods in failed.items()
    ]


def _alike(view: _View, task: _Task) -> list[IntArray]:
    """Group a cohort's cells that compare the same units, with the same covariates."""
    reach = np.searchsorted(np.unique(view.free_until), task.horizon, side="right")
    labels = view.covariate_labels[np.minimum(task.period, task.base)]
    groups: dict[tuple[int, int, bytes], list[int]] = defaultdict(list)
    for cell, (period, base) in enumerate(zip(task.period, task.base, strict=True)):
        if period == base:
            continue
        gaps = b"" if view.complete else np.packbits(view.observed(period, base)).tobytes()
        groups[int(reach[cell]), int(labels[cell]), gaps].append(cell)
    return [np.array(cells, dtype=np.int64) for cells in groups.values()]


def _labels_of_covariates(controls: FloatArray) -> IntArray:
    """Give periods in which all units have the same covariates the same number."""
    known: dict[bytes, int] = {}
    every = range(controls.shape[1])
    labels = [known.setdefault(controls[:, place].tobytes(), place) for place in every]
    return np.array(labels, dtype=np.int64)
