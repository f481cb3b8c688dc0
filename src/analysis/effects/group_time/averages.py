"""Averages of effects by cohort and period, with the error of the estimated cohort shares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from analysis.effects.design import Estimand
from analysis.effects.group_time.attgt import GroupTime

__all__ = ["Average", "Averages", "average", "weights_of_cells"]

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

EVER = (-np.inf, np.inf)


@dataclass(frozen=True, slots=True, eq=False)
class Average:
    """Averages of one kind.

    Attributes
    ----------
    key
        What each is an average for: an event time, a cohort or a period, shape (A,).
    value
        Shape (A,).
    contributions
        Of each unit to the errors, shape (m, A), stored by column.
    weights
        Of what is averaged, shape (A, parts); each row adds up to one.
    """

    key: FloatArray
    value: FloatArray
    contributions: FloatArray
    weights: sparse.csr_array


@dataclass(frozen=True, slots=True, eq=False)
class Averages:
    """The usual averages of effects by cohort and period; R's names for them in brackets.

    Attributes
    ----------
    event_time
        At each event time over cohorts, by their sizes, before adoption too (``dynamic``).
    cohort
        Of each cohort over its treated periods (``group``).
    calendar
        In each period over the cohorts treated by then, by their sizes (``calendar``).
    overall
        Over all treated cells, by the sizes of the cohorts, so that each treated unit counts alike
        in each period (``cells``, R's ``simple``); over the cohorts' averages, by their sizes
        (``cohort``); over the event times from 0 on, and over the periods, each counting alike
        (``event_time``, ``calendar``). Each of them with one key, without meaning.
    """

    event_time: Average
    cohort: Average
    calendar: Average
    overall: dict[Estimand, Average]


def average(effects: GroupTime, window: tuple[float, float] = EVER) -> Averages:
    """Average effects by cohort and period (Callaway and Sant'Anna 2021, section 3).

    Parameters
    ----------
    effects
        With at least one treated cell.
    window
        First and last event time of the averages by event time.

    Examples
    --------
    >>> effects = GroupTime(
    ...     cohort=np.array([2.0, 2.0, 3.0]),
    ...     period=np.array([2.0, 3.0, 3.0]),
    ...     base=np.array([1.0, 1.0, 2.0]),
    ...     att=np.array([1.0, 2.0, 6.0]),
    ...     contributions=np.zeros((4, 3)),
    ...     adoption=np.array([2.0, 2.0, 3.0, np.nan]),
    ...     weights=np.ones(4),
    ... )
    >>> found = average(effects)
    >>> found.event_time.key.tolist(), found.event_time.value.round(3).tolist()
    ([0.0, 1.0], [2.667, 2.0])
    >>> {name: round(float(one.value[0]), 3) for name, one in found.overall.items()}
    {'cells': 2.4, 'event_time': 2.333, 'cohort': 3.0, 'calendar': 2.167}
    """
    cells = _Cells(effects, effects.cohort, effects.att, effects.contributions)
    event_time = effects.period - effects.cohort
    inside = (event_time >= window[0]) & (event_time <= window[1])
    by_event_time = cells.by(event_time, inside)
    by_cohort = cells.by(effects.cohort, effects.treated)
    by_period = cells.by(effects.period, effects.treated)
    of_cohorts = _Cells(effects, by_cohort.key, by_cohort.value, by_cohort.contributions)
    return Averages(
        event_time=by_event_time,
        cohort=by_cohort,
        calendar=by_period,
        overall={
            "cells": cells.by(np.zeros(len(event_time)), effects.treated),
            "event_time": _mean(by_event_time, by_event_time.key >= 0),
            "cohort": of_cohorts.by(np.zeros(len(by_cohort.key)), by_cohort.key > -np.inf),
            "calendar": _mean(by_period, by_period.key > -np.inf),
        },
    )


def weights_of_cells(
    effects: GroupTime, estimand: Estimand, window: tuple[float, float] = EVER
) -> FloatArray:
    """Give the weight of each cell in an overall average, shape (K,), adding up to one."""
    counted = effects.treated
    key = effects.period
    if estimand == "event_time":
        key = effects.period - effects.cohort
        counted = counted & (key >= window[0]) & (key <= window[1])
    weights = np.where(counted, _sizes(effects, effects.cohort), 0.0)
    if estimand == "cohort":
        _, places = np.unique(effects.cohort, return_inverse=True)
        weights /= np.maximum(np.bincount(places, counted), 1)[places]
    elif estimand != "cells":
        _, places = np.unique(key, return_inverse=True)
        totals = np.bincount(places, weights)[places]
        weights = np.divide(weights, totals, out=np.zeros_like(weights), where=counted)
    return np.asarray(weights / weights.sum())


class _Cells:
    """Effects, each on one cohort, that are averaged by the sizes of the cohorts."""

    def __init__(
        self, effects: GroupTime, cohort: FloatArray, att: FloatArray, contributions: FloatArray
    ) -> None:
        self._weights = effects.weights
        self._att = att
        self._contributions = contributions
        self._size = _sizes(effects, cohort)
        cohorts, self._cohort = np.unique(cohort, return_inverse=True)
        # Units of no cohort that is averaged over have the number after the last.
        self._others = len(cohorts)
        places = np.minimum(np.searchsorted(cohorts, effects.adoption), len(cohorts) - 1)
        self._cohort_of_unit = np.where(cohorts[places] == effects.adoption, places, self._others)

    def by(self, key: FloatArray, counted: BoolArray) -> Average:
        r"""Average the cells that count, apart for each value of the key.

        With :math:`W_g` the sum of the weights of cohort g, an average is :math:`\theta = \sum_k
        W_{g_k} ATT_k / \sum_k W_{g_k}`. Into which cohorts the units of a sample fall is part of
        its error, too: besides what it contributes to the effects, a unit of cohort g with weight w
        contributes :math:`w \sum_{k: g_k = g} (ATT_k - \theta) / \sum_k W_{g_k}`, from the
        derivative of the average with respect to cohort shares (Callaway and Sant'Anna 2021,
        corollary 2). For the mean of one cohort over time this is zero.
        """
        cells = np.flatnonzero(counted)
        keys, places = np.unique(key[cells], return_inverse=True)
        size, att = self._size[cells], self._att[cells]
        total = np.bincount(places, size)
        share = size / total[places]
        value = np.asarray(np.bincount(places, share * att), dtype="float64")
        shape = (len(keys), len(self._att))
        matrix = sparse.csr_array((share, (places, cells)), shape=shape)
        gains = np.zeros((len(keys), self._others + 1))
        np.add.at(gains, (places, self._cohort[cells]), (att - value[places]) / total[places])
        rows = matrix @ self._contributions.T
        rows += gains[:, self._cohort_of_unit] * self._weights
        return Average(keys, value, rows.T, matrix)


def _sizes(effects: GroupTime, cohort: FloatArray) -> FloatArray:
    """Give the sum of the weights of each cohort's units."""
    cohorts, places = np.unique(cohort, return_inverse=True)
    sizes = [effects.weights[effects.adoption == one].sum() for one in cohorts]
    return np.asarray(sizes, dtype="float64")[places]


def _mean(parts: Average, counted: BoolArray) -> Average:
    """Average averages, each counting alike."""
    value = parts.value[counted].mean(keepdims=True)
    contributions = parts.contributions[:, counted].mean(axis=1, keepdims=True)
    share = sparse.csr_array(counted[None, :] / counted.sum())
    return Average(np.zeros(1), value, contributions, share)
