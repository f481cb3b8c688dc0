"""A panel as a table of units by periods."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.effects.sample import Sample

__all__ = ["WidePanel", "widen"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class WidePanel:
    """A panel of m units over T periods.

    Attributes
    ----------
    periods
        The periods in which any unit is observed, ascending, shape (T,).
    outcome
        Shape (m, T), NaN where a unit is not observed.
    adoption
        First treated period of each unit, NaN for never, shape (m,).
    weights
        One positive weight for each unit, shape (m,).
    controls
        Covariates, shape (m, T, k), used only where the outcome is observed.
    clusters
        Cluster codes 0 to G - 1 of the units, shape (m,).
    """

    periods: FloatArray
    outcome: FloatArray
    adoption: FloatArray
    weights: FloatArray
    controls: FloatArray
    clusters: IntArray


def widen(sample: Sample) -> WidePanel:
    """Write the rows of a sample as a table of units by periods.

    A unit has one weight for all periods, that of the first in which it is observed: were it to
    change, a change of the outcome would be one of the weights, too. This is what R's did calls
    ``fix_weights = "first_period"``. For other weights, give a column that is constant within
    units, such as the mean over time.
    """
    periods, places = np.unique(sample.period, return_inverse=True)
    count = int(sample.units.max()) + 1
    outcome = np.full((count, len(periods)), np.nan)
    outcome[sample.units, places] = sample.outcome
    controls = np.zeros((count, len(periods), sample.controls.shape[1]))
    controls[sample.units, places] = sample.controls
    rows = np.full((count, len(periods)), -1)
    rows[sample.units, places] = np.arange(sample.observations)
    first = rows[np.arange(count), np.argmax(rows >= 0, axis=1)]
    return WidePanel(
        periods=periods,
        outcome=outcome,
        adoption=sample.adoption[first],
        weights=sample.weights[first],
        controls=controls,
        clusters=sample.clusters[first],
    )
