"""The columns that a design names, as arrays of numbers and codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.effects.design import Design
from analysis.effects.fixed_effects import is_nested

__all__ = [
    "Columns",
    "count_different",
    "period_labels",
    "period_numbers",
    "read_columns",
    "recode",
]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """The design's columns of the whole panel, each of shape (n,), missing values as NaN.

    Attributes
    ----------
    outcome, weights
        As they are; weights are ones if the design has none.
    log_exposure
        Logarithm of the exposure, NaN where that is not above zero; zeros if there is none.
    treatment
        1 from a unit's adoption on and 0 before, or the dose.
    period, adoption
        Numbers of the period and of the unit's first treated period.
    controls
        Shape (n, k).
    effects
        Integer codes of each fixed effect; an effect that another implies is left out.
    units, clusters
        Integer codes.
    """

    outcome: FloatArray
    weights: FloatArray
    log_exposure: FloatArray
    treatment: FloatArray
    period: FloatArray
    adoption: FloatArray
    controls: FloatArray
    effects: tuple[IntArray, ...]
    units: IntArray
    clusters: IntArray


def read_columns(panel: pd.DataFrame, design: Design) -> Columns:
    """Read the columns of a panel that `analysis.effects.checks.check_panel` has accepted."""
    rows = len(panel)
    period = period_numbers(panel[design.period])
    adoption = np.full(rows, np.nan)
    if design.treatment == "adoption":
        adoption = period_numbers(panel[design.treatment_column])
        treatment = (period >= adoption).astype("float64")
    else:
        treatment = _numbers(panel[design.treatment_column])
    log_exposure = np.zeros(rows)
    if design.exposure:
        exposure = _numbers(panel[design.exposure])
        log_exposure = np.log(np.where(exposure > 0, exposure, np.nan))
    controls = [_numbers(panel[name]) for name in design.controls]
    effects, cluster = _effect_names(design), (design.cluster,)
    codes = {names: _codes(panel, names) for names in {**effects, design.unit: None, cluster: None}}
    return Columns(
        outcome=_numbers(panel[design.outcome]),
        weights=_numbers(panel[design.weights]) if design.weights else np.ones(rows),
        log_exposure=log_exposure,
        treatment=treatment,
        period=period,
        adoption=adoption,
        controls=np.stack(controls, axis=1) if controls else np.empty((rows, 0)),
        effects=_without_implied([codes[names] for names in effects]),
        units=codes[design.unit],
        clusters=codes[cluster],
    )


def period_numbers(periods: pd.Series) -> FloatArray:
    """Give consecutive periods consecutive numbers; missing stays missing.

    Timestamps count as calendar months. Infinity, a way to say never, becomes missing.

    Examples
    --------
    >>> months = pd.Series(pd.PeriodIndex(["2024-12", "2025-01", None], freq="M"))
    >>> numbers = period_numbers(months)
    >>> float(numbers[1] - numbers[0]), bool(np.isnan(numbers[2]))
    (1.0, True)
    """
    if isinstance(periods.dtype, pd.DatetimeTZDtype) or periods.dtype.kind == "M":
        periods = periods.dt.to_period("M")
    if isinstance(periods.dtype, pd.PeriodDtype):
        missing = periods.isna().to_numpy()
        return np.where(missing, np.nan, pd.PeriodIndex(periods).asi8.astype("float64"))
    numbers = _numbers(periods)
    return np.where(np.isinf(numbers), np.nan, numbers)


def period_labels(numbers: FloatArray | Sequence[float], like: pd.Series) -> list[object]:
    """Turn period numbers back into what the panel calls its periods.

    Parameters
    ----------
    numbers
        From `period_numbers`; NaN becomes None.
    like
        The panel's column of periods.

    Examples
    --------
    >>> months = pd.Series(pd.PeriodIndex(["2024-12"], freq="M"))
    >>> period_labels(period_numbers(months), months)
    [Period('2024-12', 'M')]
    """
    frequency: object = None
    if isinstance(like.dtype, pd.PeriodDtype):
        frequency = like.dtype.freq
    elif isinstance(like.dtype, pd.DatetimeTZDtype) or like.dtype.kind == "M":
        frequency = "M"
    return [_label(float(number), frequency) for number in numbers]


def recode(codes: IntArray | FloatArray) -> IntArray:
    """Give the codes that occur the numbers 0, 1, ..., in the same order; NaN becomes -1."""
    return np.asarray(pd.factorize(codes, sort=True)[0], dtype=np.int64)


def count_different(codes: IntArray) -> int:
    """Count the codes, none negative, that occur: faster than listing them."""
    return int(np.count_nonzero(np.bincount(codes)))


def _effect_names(design: Design) -> dict[tuple[str, ...], None]:
    """Name the columns of each fixed effect, each set of them once and in order."""
    usual = (design.unit, (design.period,))
    return dict.fromkeys([*(design.fixed_effects or usual), *design.absorb])


def _without_implied(codes: Sequence[IntArray]) -> tuple[IntArray, ...]:
    """Leave out the fixed effects that others imply."""
    return tuple(
        given
        for place, given in enumerate(codes)
        if not any(
            is_nested(other, given) and (place > rival or not is_nested(given, other))
            for rival, other in enumerate(codes)
            if rival != place
        )
    )


def _numbers(values: pd.Series) -> FloatArray:
    return values.to_numpy(dtype="float64", na_value=np.nan)


def _codes(panel: pd.DataFrame, names: tuple[str, ...]) -> IntArray:
    # Sorted, so that the codes do not depend on the order of the rows.
    groups = panel.groupby(list(names), observed=True, sort=True).ngroup()
    return np.asarray(groups, dtype=np.int64)


def _label(number: float, frequency: object) -> object:
    if np.isnan(number):
        return None
    if frequency is not None:
        return pd.Period(ordinal=int(number), freq=frequency)  # type: ignore[arg-type]
    return int(number) if number.is_integer() else number
