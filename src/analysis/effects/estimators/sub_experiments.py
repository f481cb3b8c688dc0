"""Sub-experiments: each cohort with its clean controls, in a window around its adoption."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.effects.design import Design
from analysis.effects.sample import Sample
from analysis.errors import DesignError, Problem

__all__ = ["Window", "clean_controls", "cohorts_of", "window_of"]

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

Window = tuple[int, int]


def cohorts_of(sample: Sample) -> FloatArray:
    """Return the cohorts that are observed under treatment, in order."""
    return np.unique(sample.adoption[sample.event_time >= 0])


def window_of(sample: Sample, design: Design) -> Window:
    """Return the design's event window, or else the widest in which every cohort is observed.

    Raises
    ------
    DesignError
        If some cohort is not observed in the period of reference, so that there is no such window.
    """
    if design.event_window is not None:
        return design.event_window
    cohorts = cohorts_of(sample)
    first = int(sample.period.min() - cohorts.min())
    last = int(sample.period.max() - cohorts.max())
    if first > design.reference:
        what = f"the cohort of {cohorts.min():g} is not observed at its reference"
        hint = "give an event window; cohorts that it does not fit are left out"
        problem = Problem(what, design.treatment_column, hint)
        raise DesignError("no event window fits every cohort", [problem])
    return first, last


def clean_controls(sample: Sample, design: Design, cohort: float, until: float) -> BoolArray:
    """Say which rows are of units that can be controls of a cohort until a period.

    These never adopt, or do so only after the sample ends; with ``notyet`` as comparison, also
    those of later cohorts whose adoption (and its anticipation) comes after that period.
    """
    end = sample.period.max() if design.comparison == "never" else until
    later = sample.adoption - design.anticipation > max(end, cohort)
    return np.asarray(np.isnan(sample.adoption) | later)
