"""Warn of an outcome's own lag among the controls: with unit effects it is biased."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.effects.design import Design
from analysis.effects.evidence import Regression
from analysis.effects.sample import Sample

__all__ = ["nickell_notes"]

FloatArray = NDArray[np.float64]


def nickell_notes(
    sample: Sample, design: Design, regression: Regression, names: Sequence[str]
) -> tuple[str, ...]:
    r"""Say which controls are the outcome of the period before, and how biased they are.

    With unit effects, a lagged outcome is correlated with the mean of the errors, which the unit
    effects take out. Its coefficient :math:`\rho` is biased by about
    :math:`-(1 + \rho) / (T - 1)` with T periods (Nickell 1981), and the other coefficients as far
    as they depend on it.

    Parameters
    ----------
    sample, design
        The rows and the design.
    regression, names
        The fit, and what its coefficients are called.
    """
    before = _row_before(sample)
    seen = before >= 0
    periods = sample.observations / sample.unit_count
    notes = []
    for name, values in zip(design.controls, sample.controls.T, strict=True):
        lag = sample.outcome[before[seen]]
        if name not in names or not seen.any() or not np.allclose(values[seen], lag, rtol=1e-6):
            continue
        found = float(regression.fit.coefficients[list(names).index(name)])
        bias = -(1 + found) / (periods - 1)
        notes.append(
            f"{name} is the outcome's own lag: with unit effects and {periods:.3g} periods its "
            f"coefficient, {found:.3g}, is biased by about {bias:.2g} (Nickell 1981), and the "
            "effect with it"
        )
    return tuple(notes)


def _row_before(sample: Sample) -> NDArray[np.int64]:
    """Find the row of the same unit one period earlier, -1 if there is none."""
    periods = np.unique(sample.period)
    step = np.diff(periods).min(initial=np.inf)
    order = np.lexsort((sample.period, sample.units))
    follows = (np.diff(sample.units[order]) == 0) & np.isclose(np.diff(sample.period[order]), step)
    before = np.full(sample.observations, -1, dtype=np.int64)
    before[order[1:][follows]] = order[:-1][follows]
    return before
