"""Run many replications, in parallel and resumably."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import joblib
import pandas as pd

from analysis.effects.inference.registry import get_method
from analysis.effects.registry import estimators_for, get_estimator
from analysis.errors import CompendiumError, ParameterError, Problem, did_you_mean, listing
from analysis.recover.batches import Batch, load_batch, store_batch
from analysis.recover.effect import PATTERNS, Pattern
from analysis.recover.replicate import ROW_COLUMNS, Setting, replicate
from analysis.recover.shape import Shape

__all__ = ["BATCH_SIZE", "Experiment", "run_experiment"]

BATCH_SIZE = 20

# Told after each batch: replications there are in all, taken from the cache, and done now.
Report = Callable[[int, int, int], None]


@dataclass(frozen=True, slots=True, eq=False)
class Experiment:
    """Which estimators and methods of inference are tried on panels of a shape.

    Attributes
    ----------
    shape
        Of the panels.
    draws
        How many panels.
    effects
        How planted effects run, one after the other; see `analysis.recover.effect`.
    estimators
        Names in `analysis.effects.registry`; () for all that can take the shape's design.
    inferences
        Names in `analysis.effects.inference.registry`, or ``auto`` for the default of each.
    size
        The full effect, on the scale of the index; None for the shape's own.
    event_times
        Event times whose effects are recorded besides the overall effects.
    seed
        Of all random numbers.

    Raises
    ------
    ParameterError
        With all problems together: a name that does not exist, or an estimator that cannot take
        the design.
    """

    shape: Shape
    draws: int
    effects: tuple[Pattern, ...] = ("none", "heterogeneous")
    estimators: tuple[str, ...] = ()
    inferences: tuple[str, ...] = ("auto",)
    size: float | None = None
    event_times: tuple[int, ...] = (-12, -6, 0, 6, 12, 24)
    seed: int = 0

    def __post_init__(self) -> None:
        if problems := list(_problems(self)):
            raise ParameterError("the experiment cannot be run", problems)

    def settings(self) -> list[Setting]:
        """List what is replicated: each effect with each estimator."""
        able = tuple(one.name for one in estimators_for(self.shape.design))
        return [
            Setting(
                self.shape,
                effect,
                self.size,
                estimator,
                self.inferences,
                self.event_times,
                self.seed,
            )
            for effect in self.effects
            for estimator in self.estimators or able
        ]


def run_experiment(
    experiment: Experiment,
    *,
    cache: Path | None = None,
    workers: int | None = None,
    report: Report | None = None,
) -> pd.DataFrame:
    """Run an experiment.

    Parameters
    ----------
    experiment
        What is tried.
    cache
        A folder that keeps finished batches; what is there is not computed again, so that a run
        that was stopped loses no more than the batches that were being computed. None to keep
        nothing.
    workers
        Processes at the same time. None for what `joblib.parallel_config` says, which is how a
        Dask or Ray cluster is used, and for one process otherwise.
    report
        Told how far the run is; see `analysis.recover.progress`.

    Returns
    -------
    pandas.DataFrame
        Rows with the columns of `analysis.recover.replicate.ROW_COLUMNS`, in the order of effects,
        estimators, replications and methods, whatever the number of workers.

    Examples
    --------
    >>> from analysis.recover.built_in import districts
    >>> experiment = Experiment(districts(), 2, ("none",), ("twfe",), ("CR1",))
    >>> run_experiment(experiment)[["replication", "method", "truth"]].to_dict("list")
    {'replication': [0, 1], 'method': ['CR1', 'CR1'], 'truth': [0.0, 0.0]}
    """
    # Batch by batch through all estimators, so that slow and fast ones are mixed from the start
    # and the time that is left can be foretold.
    starts = range(0, experiment.draws, BATCH_SIZE)
    batches = [
        Batch(setting, start, min(start + BATCH_SIZE, experiment.draws))
        for start in starts
        for setting in experiment.settings()
    ]
    found = {place: load_batch(batch, cache) for place, batch in enumerate(batches) if cache}
    kept = {place: rows for place, rows in found.items() if rows is not None}
    left = [place for place in range(len(batches)) if place not in kept]
    total = sum(batch.last - batch.first for batch in batches)
    before = sum(batches[place].last - batches[place].first for place in kept)
    done = 0
    if report:
        report(total, before, done)
    for place, rows in _compute([(place, batches[place]) for place in left], workers):
        kept[place] = rows
        done += batches[place].last - batches[place].first
        if cache:
            store_batch(batches[place], rows, cache)
        if report:
            report(total, before, done)
    settings = len(experiment.settings())
    order = sorted(range(len(batches)), key=lambda place: (place % settings, place))
    return pd.concat([kept[place] for place in order], ignore_index=True)


def _compute(
    batches: Sequence[tuple[int, Batch]], workers: int | None
) -> Iterator[tuple[int, pd.DataFrame]]:
    """Compute batches, each handed back as soon as it is done."""
    tasks = (joblib.delayed(_run_batch)(place, batch) for place, batch in batches)
    try:
        parallel = joblib.Parallel(n_jobs=workers, return_as="generator_unordered")
    except ValueError:
        # Some backends, Ray's among them, hand back whole lists: one round of tasks at a time.
        parallel = joblib.Parallel(n_jobs=workers)
        while tasks_of_round := list(itertools.islice(tasks, joblib.effective_n_jobs(workers))):
            yield from parallel(tasks_of_round)
        return
    yield from parallel(tasks)


def _run_batch(place: int, batch: Batch) -> tuple[int, pd.DataFrame]:
    numbers = range(batch.first, batch.last)
    rows = [row for number in numbers for row in replicate(batch.setting, number)]
    return place, pd.DataFrame(rows, columns=list(ROW_COLUMNS)).astype(ROW_COLUMNS)


def _problems(experiment: Experiment) -> Iterator[Problem]:
    if experiment.draws < 2:
        yield Problem(f"draws are {experiment.draws}", "draws", "a spread needs two or more")
    for effect in experiment.effects:
        if effect not in PATTERNS:
            yield Problem(f"no effect is called {effect!r}", "", did_you_mean(effect, PATTERNS))
    design = experiment.shape.design
    for name in experiment.estimators:
        try:
            able = get_estimator(name).fits(design)
        except CompendiumError as unknown:
            yield from unknown.problems
            continue
        if not able:
            hint = f"those that can: {listing(one.name for one in estimators_for(design))}"
            yield Problem(f"it cannot take an outcome of scale {design.scale!r}", name, hint)
    for name in experiment.inferences:
        try:
            _ = name == "auto" or get_method(name)
        except CompendiumError as unknown:
            yield from unknown.problems
