"""Measure what a step costs: how long it takes and how much memory it and its kernel hold."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from analysis.workspace import write_atomically

__all__ = ["COSTS", "measure_step"]

# What each step cost when it last ran here; it differs from run to run and is not committed.
COSTS = Path(".cache/costs")

# A look takes about ten milliseconds, and a kernel holds its memory for seconds.
_SECONDS_BETWEEN_LOOKS = 0.5


@contextmanager
def measure_step(name: str, root: Path) -> Iterator[None]:
    """Measure what is done inside, and keep it below ``.cache/costs`` if it succeeds.

    Parameters
    ----------
    name
        The step, such as ``boston/01_clean``.
    root
        The top folder of the compendium.

    Notes
    -----
    The file holds ``seconds`` by the clock and ``peak_bytes``, the most memory that this process
    and those that it started held together at one look, twice a second.
    """
    peak = [_held()]
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(_SECONDS_BETWEEN_LOOKS):
            peak.append(max(peak.pop(), _held()))

    watcher = threading.Thread(target=look, daemon=True)
    start = time.monotonic()
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()
    cost = {"seconds": round(time.monotonic() - start, 2), "peak_bytes": peak[0]}
    write_atomically(root / COSTS / f"{name}.json", json.dumps(cost) + "\n")


def _held() -> int:
    """Add up the resident memory of this process and all below it, in bytes."""
    mine = psutil.Process()
    held = 0
    for process in [mine, *mine.children(recursive=True)]:
        try:
            held += process.memory_info().rss
        except psutil.Error:  # it ended in the meantime
            continue
    return held
