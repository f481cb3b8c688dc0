"""How fast each estimator is beside other Python software that gives the same answer."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec

from rich.console import Console

from analysis.bench.contender import Measurement
from analysis.bench.peers import DRAWS, PEERS, Peer
from analysis.effects.registry import ESTIMATORS, get_estimator

__all__ = ["PANELS", "Race", "run_effects_bench", "timing_table"]

# Units and periods: a city's streets by month, and a country's.
PANELS = ((340, 96), (5_000, 120))

# A contender gives up after this many seconds.
PATIENCE = 600

# Estimates further apart than this are different answers.
SAME = 1e-6

# Not slower than the fastest peer with the same answer by more than this, and this much faster
# where bootstrap draws are ours.
SLOWEST, FASTER_BY = 1.2, 5.0

# One thread each, so that contenders are compared and not the machine's other work.
_THREADS = ("OMP", "OPENBLAS", "MKL", "NUMBA", "RAYON")
_ENVIRONMENT = {f"{name}_NUM_THREADS": "1" for name in _THREADS} | {"POLARS_MAX_THREADS": "1"}


@dataclass(frozen=True, slots=True)
class Race:
    """Ours beside its peers, on one panel.

    Attributes
    ----------
    estimator, inference
        What was run.
    panel
        Units and periods.
    ours
        What ours took.
    theirs
        Each peer and what it took.
    """

    estimator: str
    inference: str
    panel: tuple[int, int]
    ours: Measurement
    theirs: tuple[tuple[Peer, Measurement], ...]


def run_effects_bench(
    *,
    panels: Sequence[tuple[int, int]] = PANELS,
    estimators: Sequence[str] = (),
    console: Console | None = None,
) -> str:
    """Time estimators beside their peers, one after the other, each in a process of its own.

    Parameters
    ----------
    panels
        Units and periods of the panels that are simulated.
    estimators
        Only these; by default all.
    console
        Where progress is shown; by default on the error stream.

    Returns
    -------
    str
        A table, and which targets are missed.

    Raises
    ------
    DesignError
        If there is no such estimator.
    """
    console = console or Console(stderr=True)
    names = [get_estimator(name).name for name in estimators] or [one.name for one in ESTIMATORS]
    rows = [
        (*key, panel)
        for panel in panels
        for name in names
        for key in [key for key in PEERS if key[0] == name] or [(name, "auto")]
    ]
    races = []
    for place, (name, inference, panel) in enumerate(rows, start=1):
        peers = PEERS.get((name, inference), ())
        size = f"{panel[0]:,} x {panel[1]}"
        console.print(f"{place} of {len(rows)}: {name}, {inference}, on {size}", highlight=False)
        ours = _measure(name, inference, None, panel)
        theirs = tuple((peer, _measure(name, inference, peer, panel)) for peer in peers)
        races.append(Race(name, inference, panel, ours, theirs))
    return timing_table(races)


def _measure(name: str, inference: str, peer: Peer | None, panel: tuple[int, int]) -> Measurement:
    if peer is not None and find_spec(peer.module) is None:
        return Measurement(failure="not installed")
    request = {
        "estimator": name,
        "inference": inference,
        "peer": peer.label if peer else None,
        "units": panel[0],
        "periods": panel[1],
    }
    command = [sys.executable, "-m", "analysis.bench.contender", json.dumps(request)]
    try:
        done = subprocess.run(
            command,
            env=os.environ | _ENVIRONMENT,
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Measurement(failure=f"no answer within {PATIENCE} s")
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line and not line.startswith("note:")]
        return Measurement(failure=said[-1] if said else f"ended with code {done.returncode}")
    return Measurement(**json.loads(done.stdout.splitlines()[-1]))


def timing_table(races: Sequence[Race]) -> str:
    """Write the table of a benchmark.

    Parameters
    ----------
    races
        In the order of the rows.

    Returns
    -------
    str
        One line for each peer, and for an estimator without one: seconds and peak memory of ours
        and of the peer, the ratio of seconds, and the relative differences of the estimates and of
        their standard errors. Below, the targets that are missed.
    """
    lines = [
        f"one thread each, median after a warm-up; draws: {DRAWS} where the errors are drawn",
        "",
        f"{'estimator, errors':<41}{'panel':>12}  {'peer':<42}{'ours s':>9}{'peer s':>9}"
        f"{'ratio':>7}{'estimate':>10}{'error':>9}{'ours MB':>9}{'peer MB':>9}",
    ]
    for race in races:
        lines += _lines(race)
    missed = [line for race in races for line in _missed(race)]
    lines += ["", *(missed or ["All targets are reached."])]
    return "\n".join(lines)


def _lines(race: Race) -> Iterator[str]:
    units, periods = race.panel
    start = f"{race.estimator + ', ' + race.inference:<41}{f'{units:,} x {periods}':>12}  "
    ours = race.ours
    if ours.failure:
        yield f"{start}{'-':<42}{'-':>9}  ours failed: {ours.failure[:60]}"
    if not race.theirs and not ours.failure:
        yield f"{start}{'-':<42}{ours.seconds:>9.3f}{'':>35}{_memory(ours):>9}"
    for peer, measured in race.theirs:
        if measured.failure:
            yield f"{start}{_name(peer):<42}{_seconds(ours)}  {measured.failure[:60]}"
            continue
        estimate, error = _differences(race, peer, measured)
        yield (
            f"{start}{_name(peer):<42}{_seconds(ours)}{measured.seconds:>9.3f}"
            f"{_number(ours.seconds / measured.seconds, 7, '.2f')}{_number(estimate, 10, '.0e')}"
            f"{_number(error, 9, '.0e')}{_memory(ours):>9}{_memory(measured):>9}"
        )


def _differences(race: Race, peer: Peer, measured: Measurement) -> tuple[float, float]:
    """Give the relative differences of estimate and standard error; NaN where one has none."""
    missing = (float("nan"), float("nan"))
    mine = (race.ours.answers or {}).get(peer.of, missing)
    other = (measured.answers or {}).get(peer.of, missing)
    return mine[0] / other[0] - 1, mine[1] / other[1] - 1


def _missed(race: Race) -> Iterator[str]:
    """Hold ours against the fastest peer that gives the same answer."""
    seconds = [
        measured.seconds
        for peer, measured in race.theirs
        if not measured.failure and abs(_differences(race, peer, measured)[0]) <= SAME
    ]
    if not seconds or race.ours.failure:
        return
    drawn = race.inference in {"multiplier", "wild", "CR3"}
    target = 1 / FASTER_BY if drawn else SLOWEST
    ratio = race.ours.seconds / min(seconds)
    if ratio > target:
        units, periods = race.panel
        yield (
            f"missed: {race.estimator}, {race.inference} on {units:,} x {periods} takes "
            f"{ratio:.2f} times the fastest peer with the same answer; at most {target:g} is wanted"
        )


def _name(peer: Peer) -> str:
    number = version(peer.package) if find_spec(peer.module) else ""
    return " ".join(word for word in (peer.package, number, peer.call) if word)


def _seconds(ours: Measurement) -> str:
    return _number(ours.seconds, 9, ".3f")


def _number(value: float, width: int, form: str) -> str:
    return f"{'-' if math.isnan(value) else format(value, form):>{width}}"


def _memory(measured: Measurement) -> str:
    return "" if measured.megabytes is None else f"{measured.megabytes:.0f}"
