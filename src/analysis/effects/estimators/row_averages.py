"""The averages over rows that imputation and two-stage estimation report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from analysis.effects.design import Design
from analysis.effects.evidence import Averaging, TargetKind, target_frame
from analysis.effects.sample import Sample
from analysis.effects.untreated_outcome import indicators

__all__ = ["RowAverages", "average_rows"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class RowAverages:
    """Which rows each target averages over.

    Attributes
    ----------
    loads
        Weights of the rows in T averages, shape (n, T); each column adds up to one.
    mix
        Weights of the averages in the targets, shape (T, R): a target is one of the averages, or
        the mean of some.
    targets
        The R targets as `analysis.effects.evidence.Effects` takes them, their values still
        missing.
    """

    loads: sparse.csr_array
    mix: sparse.csr_array
    targets: pd.DataFrame

    def cohort_weights(self, sample: Sample, averaging: Averaging) -> pd.Series:
        """Say how much each cohort counts in an overall effect."""
        wanted = (self.targets["averaging"] == averaging).to_numpy()
        rows = self.loads @ (self.mix @ wanted.astype("float64"))
        treated = sample.event_time >= 0
        sums = pd.Series(rows[treated]).groupby(sample.adoption[treated]).sum()
        return sums.rename_axis("cohort").rename("weight")


def average_rows(sample: Sample, design: Design, *, before: bool) -> RowAverages:
    """Set up the averages, in which rows count by their weights.

    Parameters
    ----------
    sample, design
        The rows and the design.
    before
        Whether event times before adoption and its anticipation are averaged too, all but the
        period of reference.

    Returns
    -------
    RowAverages
        Overall effects: of all rows after adoption (``cells``); of event times and of calendar
        periods, each time counting alike; of cohorts, counting by their weight per period. Effects
        by event time in the design's window, by cohort, by calendar period, and by cohort and
        period. Periods of anticipation enter effects by event time, and by cohort and period,
        only.
    """
    after = sample.event_time >= 0
    treated = sample.event_time >= -design.anticipation
    by_event_time, event_times = _groups(sample.event_time, _in_window(sample, design, before))
    by_cohort, cohorts = _groups(sample.adoption, after)
    by_period, periods = _groups(sample.period, after)
    by_pair, pairs = _groups(np.stack([sample.adoption, sample.period], axis=1), treated)
    kinds = [
        (np.where(after, 0, -1), _targets("overall", 1, averaging="cells")),
        (by_event_time, _targets("event_time", len(event_times), event_time=event_times)),
        (by_cohort, _targets("cohort", len(cohorts), cohort=cohorts)),
        (by_period, _targets("calendar", len(periods), period=periods)),
        (
            by_pair,
            _targets(
                "group_time",
                len(pairs),
                cohort=pairs[:, 0],
                period=pairs[:, 1],
                event_time=pairs[:, 1] - pairs[:, 0],
            ),
        ),
    ]
    weighted = sparse.hstack([indicators(codes) for codes, _ in kinds], format="csr")
    weighted = weighted.multiply(sample.weights[:, None]).tocsr()
    targets = pd.concat([frame for _, frame in kinds], ignore_index=True)
    means = _means(targets, sample)
    overall = [_targets("overall", 1, averaging=name) for name in means]
    shares = [sparse.csr_array(share[:, None]) for share in means.values()]
    return RowAverages(
        loads=weighted.multiply(1 / weighted.sum(axis=0)[None, :]).tocsr(),
        mix=sparse.hstack([sparse.eye_array(len(targets)), *shares], format="csr"),
        targets=pd.concat([targets, *overall], ignore_index=True),
    )


def _in_window(sample: Sample, design: Design, before: bool) -> BoolArray:
    time = sample.event_time
    chosen = ~np.isnan(time) if before else time >= -design.anticipation
    chosen &= time != design.reference
    if design.event_window is not None:
        first, last = design.event_window
        chosen &= (time >= first) & (time <= last)
    return np.asarray(chosen)


def _groups(labels: FloatArray, members: BoolArray) -> tuple[IntArray, FloatArray]:
    """Code the members' labels, (n,) or (n, 2), by their order; the other rows are coded -1."""
    known, places = np.unique(labels[members], axis=0, return_inverse=True)
    codes = np.full(len(labels), -1, dtype=np.int64)
    codes[members] = places.reshape(-1)
    return codes, known


def _targets(kind: TargetKind, count: int, **labels: Any) -> pd.DataFrame:
    return target_frame(kind, np.full(count, np.nan), **labels)


def _means(targets: pd.DataFrame, sample: Sample) -> dict[Averaging, FloatArray]:
    """Give the weights, (T,), of the averages in each overall effect that is a mean of them."""
    kind = targets["kind"].to_numpy()
    sizes = np.zeros(len(targets))
    sizes[kind == "cohort"] = _weight_per_period(sample)
    chosen: dict[Averaging, FloatArray] = {
        "event_time": ((kind == "event_time") & (targets["event_time"] >= 0)).to_numpy("float64"),
        "cohort": sizes,
        "calendar": (kind == "calendar").astype("float64"),
    }
    # A window that ends before adoption has no event times to average.
    return {name: share / share.sum() for name, share in chosen.items() if share.any()}


def _weight_per_period(sample: Sample) -> FloatArray:
    after = sample.event_time >= 0
    rows = pd.DataFrame(
        {
            "cohort": sample.adoption[after],
            "period": sample.period[after],
            "weight": sample.weights[after],
        }
    ).groupby("cohort")
    return (rows["weight"].sum() / rows["period"].nunique()).to_numpy(dtype="float64")
