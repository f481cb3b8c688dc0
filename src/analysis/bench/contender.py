"""One contender of the benchmark of estimators, timed in a process of its own."""

from __future__ import annotations

import json
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from analysis.bench.panels import DESIGNS, simulate_panel
from analysis.bench.peers import DRAWS, PEERS
from analysis.effects.estimate import estimate
from analysis.effects.inference.uncertainty import Choices
from analysis.effects.registry import get_estimator

__all__ = ["Measurement", "measure"]

# The panel of the first run, which is not timed: imports and compilation happen there.
WARM_UP = (60, 16)
MOST_RUNS = 5
# No further run is begun after this many seconds.
ENOUGH_SECONDS = 20.0

# Of virtual memory; a contender that wants more fails, and the machine stays usable.
MOST_MEMORY = 10 * 2**30

Answers = Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Measurement:
    """What a contender took, and what it answered.

    Attributes
    ----------
    seconds
        Median of the timed runs.
    megabytes
        Peak memory of the process; None where that cannot be told.
    answers
        Estimate and standard error by what they are of: ``overall`` and ``event time 0``.
    failure
        What it said when it failed, else empty.
    """

    seconds: float = float("nan")
    megabytes: float | None = None
    answers: dict[str, tuple[float, float]] | None = None
    failure: str = ""


def measure(
    estimator: str, inference: str, peer: str | None, units: int, periods: int
) -> Measurement:
    """Time one contender: after a run on a tiny panel, the median of a few.

    Parameters
    ----------
    estimator, inference
        Names of our registries.
    peer
        The label of one of its peers; None for ours.
    units, periods
        Size of the panel.
    """
    run = _ours(estimator, inference) if peer is None else _theirs(estimator, inference, peer)
    with warnings.catch_warnings():
        # What a library warns of is not what is measured.
        warnings.simplefilter("ignore")
        try:
            run(simulate_panel(*WARM_UP))
            panel = simulate_panel(units, periods)
            seconds: list[float] = []
            while len(seconds) < MOST_RUNS and sum(seconds) < ENOUGH_SECONDS:
                # A library may leave columns behind in the frame that it was given.
                given = panel.copy()
                start = time.perf_counter()
                answers = run(given)
                seconds.append(time.perf_counter() - start)
        except Exception as error:
            said = str(error).strip().splitlines() or [""]
            return Measurement(failure=f"{type(error).__name__}: {said[0]}")
    return Measurement(statistics.median(seconds), _peak_memory(), dict(answers))


def _ours(estimator: str, inference: str) -> Callable[[pd.DataFrame], Answers]:
    chosen = get_estimator(estimator)
    design = next(design for design in DESIGNS if chosen.fits(design))
    choices = Choices(inference, draws=DRAWS)

    def run(panel: pd.DataFrame) -> Answers:
        result = estimate(panel, design, estimator, choices)
        overall = result.overall
        answers = {"overall": (overall.value, overall.standard_error)}
        times = result.event_time
        if times is not None and 0 in times.index:
            value, error = times.loc[[0], ["value", "standard_error"]].to_numpy(dtype="float64")[0]
            answers["event time 0"] = (float(value), float(error))
        return answers

    return run


def _theirs(estimator: str, inference: str, label: str) -> Callable[[pd.DataFrame], Answers]:
    known: dict[str, Any] = {peer.label: peer for peer in PEERS[estimator, inference]}
    peer = known[label]
    return lambda panel: {peer.of: peer.run(panel)}


def _limit_memory() -> None:
    if sys.platform != "win32":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, hard))


def _peak_memory() -> float | None:
    if sys.platform == "win32":
        return None
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Kilobytes, but bytes on a Mac.
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


if __name__ == "__main__":
    _limit_memory()
    print(json.dumps(asdict(measure(**json.loads(sys.argv[1])))))  # noqa: T201
