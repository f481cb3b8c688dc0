"""Averages of effects by cohort and period in a balanced panel, in which units count alike."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from analysis.effects.cell_averages import CellAverages, average_cells
from analysis.effects.design import Design
from analysis.effects.evidence import Averaging, target_frame
from analysis.effects.group_time.wide import WidePanel

__all__ = ["CohortAverages"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class CohortAverages:
    """Averages of effects by cohort and period, by the number of units in each cohort.

    In this order: the overall effects, then those by event time, by cohort, by calendar period,
    and by cohort and period. There are C cohorts, K cells of a cohort in a period from its first
    treated one on, and R averages.

    Parameters
    ----------
    wide
        The panel, a row for each unit.
    start
        The place of the first period in which each unit may be treated; the number of periods for
        those that never are.
    design
        What is estimated; its event window says which event times are averaged.

    Attributes
    ----------
    sizes
        Units in each cohort, shape (C,).
    """

    def __init__(self, wide: WidePanel, start: IntArray, design: Design) -> None:
        places = np.unique(start[start < len(wide.periods)])
        self.sizes = np.array([(start == place).sum() for place in places], dtype="float64")
        self._cohorts = np.array([wide.adoption[start == place].min() for place in places])
        self._of_cell = np.repeat(np.arange(len(places)), len(wide.periods) - places)
        self._period = np.concatenate([wide.periods[place:] for place in places])
        self._event_time = self._period - self._cohorts[self._of_cell]
        after = self._event_time >= 0
        first, last = design.event_window or (-np.inf, np.inf)
        inside = (self._event_time >= first) & (self._event_time <= last)
        self._event_times = np.unique(self._event_time[inside])
        self._periods = np.unique(self._period[after])
        # Which cells each average is over, in the order of the targets.
        self._members = np.concatenate(
            [
                after[None, :],
                self._event_times[:, None] == self._event_time,
                (np.arange(len(places))[:, None] == self._of_cell) & after,
                (self._periods[:, None] == self._period) & after,
                np.eye(len(after), dtype=np.bool_),
            ]
        ).astype("float64")

    def of(self, effects: FloatArray, sizes: FloatArray) -> FloatArray:
        """Average effects, shape (draws, K), with the cohorts' sizes, (draws, C), to (draws, R)."""
        weights = sizes[:, self._of_cell]
        means = (weights * effects) @ self._members.T / (weights @ self._members.T)
        return self._mix(means, sizes)

    def cells(self, effects: FloatArray) -> CellAverages:
        """Say how the targets are made of the effects by cohort and period, shape (K,)."""
        weights = self._members * self.sizes[self._of_cell]
        return average_cells(
            self._cohorts[self._of_cell],
            self._period,
            effects,
            sparse.csr_array(weights / weights.sum(axis=1, keepdims=True)),
            sparse.csr_array(self._mix(np.eye(len(weights)), self.sizes[None, :])),
        )

    def targets(self, values: FloatArray) -> pd.DataFrame:
        """Write averages of shape (R,) as targets."""
        names: list[Averaging] = ["cells", "cohort", "calendar"]
        if (self._event_times >= 0).any():
            names.append("event_time")
        sizes = [len(names), len(self._event_times), len(self._cohorts), len(self._periods)]
        overall, times, cohorts, periods, cells = np.split(values, np.cumsum(sizes))
        frames = [
            target_frame("overall", [value], averaging=name)
            for name, value in zip(names, overall, strict=True)
        ]
        frames += [
            target_frame("event_time", times, event_time=self._event_times),
            target_frame("cohort", cohorts, cohort=self._cohorts),
            target_frame("calendar", periods, period=self._periods),
            target_frame(
                "group_time",
                cells,
                cohort=self._cohorts[self._of_cell],
                period=self._period,
                event_time=self._event_time,
            ),
        ]
        return pd.concat(frames, ignore_index=True)

    def cohort_weights(self) -> pd.Series:
        """Give the share of each cohort in the average over all cells."""
        weights = self._members[0] * self.sizes[self._of_cell]
        sums = np.bincount(self._of_cell, weights) / weights.sum()
        return pd.Series(sums, index=pd.Index(self._cohorts, name="cohort"), name="weight")

    def _mix(self, means: FloatArray, sizes: FloatArray) -> FloatArray:
        """Put the overall effects, which are means of some of them, before all but the first."""
        ends = np.cumsum([1, len(self._event_times), len(self._cohorts), len(self._periods)])
        cells, times, cohorts, periods, _ = np.split(means, ends, axis=1)
        overall = [cells[:, 0], (sizes * cohorts).sum(axis=1) / sizes.sum(axis=1)]
        overall.append(periods.mean(axis=1))
        if (after := self._event_times >= 0).any():
            overall.append(times[:, after].mean(axis=1))
        return np.column_stack([*overall, means[:, 1:]])
