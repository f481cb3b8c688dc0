"""Run a command in a process of its own: how long it takes, how much memory and disk."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Measurement", "measure_command"]

# Seconds between two looks at a process; a peak that is shorter may be missed by them.
PAUSE = 0.05


@dataclass(frozen=True, slots=True)
class Measurement:
    """What a command took.

    Attributes
    ----------
    seconds
        From its start to its end, with the start of the interpreter.
    processor
        Seconds of processor time of all its threads, which other work on the machine disturbs
        less; 0 where that cannot be told.
    memory
        The most resident memory of the process and its children together, in MiB.
    spill
        The most that stood in the folder for spilling, in MiB.
    failure
        The last line that it said if it failed, else empty.
    """

    seconds: float = float("nan")
    processor: float = float("nan")
    memory: float = float("nan")
    spill: float = 0.0
    failure: str = ""


def measure_command(
    command: Sequence[str],
    *,
    spill: Path,
    environment: Mapping[str, str],
    patience: float,
) -> Measurement:
    """Run a command and measure it.

    Parameters
    ----------
    command
        Program and arguments.
    spill
        A folder in which it may put what does not fit into memory; need not be there.
    environment
        Variables besides those of this process.
    patience
        After so many seconds it is ended and counts as failed.

    Returns
    -------
    Measurement
        Memory is looked at many times a second; that of pages shared by several processes counts
        for each.
    """
    with tempfile.TemporaryFile() as said:
        start, before = time.perf_counter(), _processor()
        process = subprocess.Popen(
            command,
            env={**os.environ, **environment},
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        memory = spilled = 0
        while process.poll() is None:
            memory = max(memory, _memory(process.pid))
            spilled = max(spilled, _size(spill))
            if time.perf_counter() - start > patience:
                process.kill()
                process.wait()
                return Measurement(failure=f"no answer within {patience:.0f} s")
            time.sleep(PAUSE)
        seconds = time.perf_counter() - start
        if process.returncode:
            said.seek(0)
            lines = said.read().decode("utf-8", errors="replace").strip().splitlines()
            return Measurement(failure=lines[-1] if lines else f"code {process.returncode}")
    return Measurement(seconds, _processor() - before, memory / 2**20, spilled / 2**20)


def _processor() -> float:
    """Return the processor time of all children that have ended."""
    times = os.times()
    return times.children_user + times.children_system


def _memory(pid: int) -> int:
    # psutil comes with the pipeline's extra, which not everyone who reads panels has.
    import psutil

    total = 0
    with suppress(psutil.Error):
        process = psutil.Process(pid)
        for one in [process, *process.children(recursive=True)]:
            with suppress(psutil.Error):
                total += one.memory_info().rss
    return total


def _size(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        # Files come and go while they are counted.
        with suppress(OSError):
            total += path.stat().st_size
    return total
