r"""The twin's true effects, from what is expected with the programme and without it.

Both potential worlds share every difference, shock and month effect, and only the strength of the
programme differs; all sums are over cells (unit-months) under the programme.

- Counts, in log points: `att` is the log of the expected cases with the programme over those
  without it, both summed over the cells, so busy cells count more. `att_log` is the mean over the
  cells of their own log ratios, so every cell counts alike; this is what a regression of the
  logarithm is an estimate of. The two differ because busy streets adopt early, and early cohorts
  reach more.
- Shares, in the share's own unit: the expected share with the programme less that without it,
  averaged with the expected denominator with the programme as weight.
- Complaints also have two parts. `need` holds reporting at its value without the programme and
  changes need; `reporting` then changes reporting. With sums over the same cells,

  .. math::

      \underbrace{\log \frac{\sum N^1 R^1}{\sum N^0 R^0}}_{att} =
      \underbrace{\log \frac{\sum N^1 R^0}{\sum N^0 R^0}}_{need} +
      \underbrace{\log \frac{\sum N^1 R^1}{\sum N^1 R^0}}_{reporting}

  exactly.
- Districts: their cells are district-months with any street under the programme, and the effect
  of a cell (a log ratio or a difference of shares) is compared with the coverage of its population:
  the sum of effects over the sum of coverage, for shares both weighted with the expected
  denominator, for counts every cell counting alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.contract.measures import MEASURES, Measure
from analysis.simulate.adoption import event_times
from analysis.simulate.arrays import Booleans, Floats, Number
from analysis.simulate.constants import DISTRICTS, MONTHS
from analysis.simulate.model import World

__all__ = ["Targeting", "by_district", "population_share", "true_effects"]

DECIMALS = 6
COLUMNS = ("level", "outcome", "estimand", "cohort", "event_time", "value", "description")
# The parts of the effect on complaints: numerator and denominator, each as (need, reporting) in
# the world with the programme (1) or without it (0).
PARTS = {"att": ((1, 1), (0, 0)), "need": ((1, 0), (0, 0)), "reporting": ((1, 1), (1, 0))}

Row = dict[str, str | float | int]


@dataclass(frozen=True, slots=True)
class Targeting:
    """Expected `targeting` of districts with and without the programme; (districts, months)."""

    treated: Floats
    untreated: Floats


def true_effects(
    treated: World,
    untreated: World,
    targeting: Targeting,
    register: pd.DataFrame,
    adoption: pd.PeriodIndex,
) -> pd.DataFrame:
    """Tabulate every true effect.

    Parameters
    ----------
    treated, untreated
        What is expected with the programme and without it.
    targeting
        The same for the measure that only districts have.
    register
        One row per unit with `district` and `population`.
    adoption
        First month under the programme of each unit.

    Returns
    -------
    pandas.DataFrame
        `level` (``street`` or ``district``), `outcome`, `estimand` (``att``, ``att_event_time``,
        ``att_cohort``, ``need``, ``reporting``, ``per_unit_coverage``; for counts at street level
        also ``att_log`` and ``att_log_event_time``), `cohort` (``YYYY-MM`` or empty), `event_time`
        (months since adoption, or empty), `value` (rounded to six decimals) and `description`.
    """
    rows = [*_street_rows(treated, untreated, adoption)]
    rows += _district_rows(treated, untreated, targeting, register, adoption)
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.assign(value=table["value"].round(DECIMALS) + 0.0)


def _street_rows(treated: World, untreated: World, adoption: pd.PeriodIndex) -> Iterator[Row]:
    elapsed = event_times(adoption)
    under = np.nan_to_num(elapsed, nan=-1.0) >= 0
    times = np.unique(elapsed[under]).astype(int).tolist()
    cohorts = adoption.dropna().unique().sort_values()
    for measure in _measures(treated):
        for estimand in PARTS if measure.name == "complaints" else ("att",):
            value = _effect(measure, treated, untreated, under, estimand)
            yield _row("street", measure.name, estimand, value, _unit(measure))
        for time in times:
            value = _effect(measure, treated, untreated, elapsed == time)
            text = f"{_unit(measure)}, cells {time} months after adoption"
            yield _row("street", measure.name, "att_event_time", value, text, event_time=time)
        for cohort in cohorts:
            members = (adoption == cohort)[:, np.newaxis]
            value = _effect(measure, treated, untreated, under & members)
            text = f"{_unit(measure)}, cells of streets that adopted in {cohort}"
            yield _row("street", measure.name, "att_cohort", value, text, cohort=str(cohort))
        if measure.scale == "count":
            yield from _log_rows(measure, treated, untreated, elapsed)


def _log_rows(measure: Measure, treated: World, untreated: World, elapsed: Floats) -> Iterator[Row]:
    with_it, without = (_total(measure.numerator, world) for world in (treated, untreated))
    effect = np.log(with_it / without)
    text = "mean effect on the logarithm of a treated cell, log points"
    yield _row("street", measure.name, "att_log", float(effect[elapsed >= 0].mean()), text)
    for time in np.unique(elapsed[elapsed >= 0]).astype(int).tolist():
        value = float(effect[elapsed == time].mean())
        about = f"{text}, cells {time} months after adoption"
        yield _row("street", measure.name, "att_log_event_time", value, about, event_time=time)


def _measures(world: World) -> list[Measure]:
    return [m for m in MEASURES if m.name != "targeting" and set(m.needs) <= set(world.counts)]


def _unit(measure: Measure) -> str:
    unit = "log points" if measure.scale == "count" else "difference of shares"
    return f"average effect on the treated, {unit}"


def _effect(
    measure: Measure, treated: World, untreated: World, cells: Booleans, part: str = "att"
) -> float:
    if measure.name == "complaints":
        top, bottom = (_cases(treated, untreated, choice)[cells].sum() for choice in PARTS[part])
        return float(np.log(top / bottom))
    if measure.scale == "count":
        with_it, without = (_total(measure.numerator, w)[cells] for w in (treated, untreated))
        return float(np.log(with_it.sum() / without.sum()))
    weight = _total(measure.denominator, treated)[cells]
    difference = (_share(measure, treated) - _share(measure, untreated))[cells]
    return float((weight * difference).sum() / weight.sum())


def _cases(treated: World, untreated: World, choice: tuple[int, int]) -> Floats:
    worlds = (untreated, treated)
    return worlds[choice[0]].need * worlds[choice[1]].reporting


def _total(names: tuple[str, ...], world: World) -> Floats:
    total: Floats = np.sum([world.counts[name] for name in names], axis=0)
    return total


def _share(measure: Measure, world: World) -> Floats:
    return _total(measure.numerator, world) / _total(measure.denominator, world)


def _district_rows(
    treated: World,
    untreated: World,
    targeting: Targeting,
    register: pd.DataFrame,
    adoption: pd.PeriodIndex,
) -> Iterator[Row]:
    under = np.nan_to_num(event_times(adoption), nan=-1.0) >= 0
    coverage = population_share(under.astype(float), register)
    with_it, without = (_district_world(world, register) for world in (treated, untreated))

    def ratio(effect: Floats, weight: Floats) -> float:
        cells = (coverage > 0) & ~np.isnan(effect)
        return float((weight * effect)[cells].sum() / (weight * coverage)[cells].sum())

    for measure in _measures(treated):
        text = f"effect per unit of coverage, {_unit(measure).split(', ')[1]}"
        if measure.name == "complaints":
            for part, (top, bottom) in PARTS.items():
                effect = np.log(
                    by_district(_cases(treated, untreated, top), register)
                    / by_district(_cases(treated, untreated, bottom), register)
                )
                estimand = "per_unit_coverage" if part == "att" else part
                yield _row("district", measure.name, estimand, ratio(effect, np.ones(1)), text)
        elif measure.scale == "count":
            effect = np.log(_total(measure.numerator, with_it) / _total(measure.numerator, without))
            value = ratio(effect, np.ones(1))
            yield _row("district", measure.name, "per_unit_coverage", value, text)
        else:
            effect = _share(measure, with_it) - _share(measure, without)
            value = ratio(effect, _total(measure.denominator, with_it))
            yield _row("district", measure.name, "per_unit_coverage", value, text)
    value = ratio(targeting.treated - targeting.untreated, with_it.counts["proactive_cases"])
    text = "effect per unit of coverage, difference of shares"
    yield _row("district", "targeting", "per_unit_coverage", value, text)


def _district_world(world: World, register: pd.DataFrame) -> World:
    counts = {name: by_district(values, register) for name, values in world.counts.items()}
    need = by_district(world.need, register)
    return World(need, counts["complaints"] / need, counts)


def by_district(values: NDArray[Number], register: pd.DataFrame) -> NDArray[Number]:
    """Sum (units, months) within districts: (districts, months), in the order of `DISTRICTS`."""
    district = register["district"].to_numpy()
    summed = [values[district == known.name].sum(axis=0) for known in DISTRICTS]
    return np.stack(summed).reshape(len(DISTRICTS), len(MONTHS))


def population_share(values: Floats, register: pd.DataFrame) -> Floats:
    """Average (units, months) over each district's population: (districts, months)."""
    people = register["population"].to_numpy(dtype=float)[:, np.newaxis]
    everyone = by_district(np.broadcast_to(people, values.shape), register)
    share: Floats = by_district(values * people, register) / everyone
    return share


def _row(
    level: str,
    outcome: str,
    estimand: str,
    value: float,
    description: str,
    cohort: str = "",
    event_time: int | str = "",
) -> Row:
    return dict(
        zip(
            COLUMNS, (level, outcome, estimand, cohort, event_time, value, description), strict=True
        )
    )
