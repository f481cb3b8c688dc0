"""The regressors that every regression adds for a design's controls and anticipation."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.effects.design import Design
from analysis.effects.sample import Sample

__all__ = ["control_columns", "with_controls"]

FloatArray = NDArray[np.float64]


def with_controls(
    sample: Sample, design: Design, regressors: FloatArray, names: list[str]
) -> tuple[FloatArray, list[str]]:
    """Put the design's controls behind the regressors, and give the names of all of them.

    Parameters
    ----------
    sample, design
        The rows and the design.
    regressors, names
        Those of the treatment, shape (n, k), and what they are called.
    """
    if not design.controls:
        return regressors, names
    more, more_names = control_columns(sample, design)
    return np.hstack([regressors, more]), [*names, *more_names]


def control_columns(sample: Sample, design: Design) -> tuple[FloatArray, list[str]]:
    """Make the columns of the controls, shape (n, c), and their names.

    A control that varies within units enters as it is. One that does not would be absorbed by the
    unit effects; it enters once for each period but the first, so that units on different levels
    of it may be on different paths.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis.effects.sample import draw_sample
    >>> rows = [(u, t, 2 if u == "a" else None, t + len(u), size)
    ...         for u, size in (("a", 1.0), ("b", 2.0)) for t in (1, 2, 3)]
    >>> panel = pd.DataFrame(rows, columns=["unit", "period", "adoption", "y", "size"])
    >>> design = Design("y", "share", "adoption", "adoption", cluster="unit", controls=("size",))
    >>> control_columns(draw_sample(panel, design, "level"), design)[1]
    ['size in period 2', 'size in period 3']
    """
    columns: list[FloatArray] = []
    names: list[str] = []
    periods = np.unique(sample.period)[1:]
    for name, values in zip(design.controls, sample.controls.T, strict=True):
        if _varies_within_units(values, sample):
            columns.append(values)
            names.append(name)
            continue
        for period in periods:
            columns.append(np.where(sample.period == period, values, 0.0))
            names.append(f"{name} in period {period:g}")
    empty = np.empty((sample.observations, 0))
    return (np.stack(columns, axis=1) if columns else empty), names


def _varies_within_units(values: FloatArray, sample: Sample) -> bool:
    first = np.zeros(sample.units.max() + 1)
    first[sample.units] = values
    return bool((values != first[sample.units]).any())
