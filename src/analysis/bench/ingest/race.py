"""The race: every contestant on the same generated tickets, in turn, each in its own process."""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from analysis.bench.ingest.contestants import Contestant, choose
from analysis.bench.ingest.generate import BYTES_A_ROW, generate_tickets
from analysis.bench.ingest.measure import Measurement, measure_command
from analysis.bench.ingest.panels import differences
from analysis.bench.ingest.rules import THREADS
from analysis.errors import ParameterError, Problem

__all__ = ["Result", "run_ingest_bench"]

# Everyone computes with as many threads; libraries that ask for a number are told.
_ENVIRONMENT = {
    f"{name}_NUM_THREADS": str(THREADS) for name in ("OMP", "OPENBLAS", "MKL", "ARROW")
} | {"POLARS_MAX_THREADS": str(THREADS)}

# A contestant is ended after a minute, and this many seconds more for each million rows.
PATIENCE, PATIENCE_A_MILLION = 60.0, 120.0

# Tickets on which everyone runs once before anything is measured.
WARM_UP_ROWS = 2_000

# Disk that a contestant needs besides the raw files: what it lands, spills and writes.
WORK_BYTES_A_ROW = 250


@dataclass(frozen=True, slots=True)
class Result:
    """One contestant on one number of rows.

    Attributes
    ----------
    contestant
        Who.
    rows
        On how many tickets.
    measured
        Medians of the rounds.
    answers
        ``same`` as the first contestant's panels, ``first``, none if it makes no panels, or what
        is different.
    """

    contestant: Contestant
    rows: int
    measured: Measurement
    answers: str = ""


def run_ingest_bench(
    rows: Sequence[int],
    *,
    only: Sequence[str] = (),
    memory: str = "2GB",
    repeat: int = 3,
    keep: Path | None = None,
    console: Console | None = None,
) -> list[Result]:
    """Generate tickets and let every contestant make panels of them.

    Parameters
    ----------
    rows
        Numbers of tickets.
    only
        Names of contestants; by default all.
    memory
        The limit that engines are given.
    repeat
        How many rounds; each begins with another contestant.
    keep
        A folder in which generated tickets stay and are used again; else they are thrown away.
    console
        Where progress is shown; by default on the error stream.

    Returns
    -------
    list of Result
        By rows, and in the order of the registry.

    Raises
    ------
    ParameterError
        If there is no such contestant, or the disk has no room.
    """
    console = console or Console(stderr=True)
    chosen = choose(only)
    results: list[Result] = []
    with tempfile.TemporaryDirectory(prefix="bench_ingest_", dir=keep and _made(keep)) as scratch:
        work = Path(scratch)
        for count in rows:
            raw = _generated(keep or work, count, work, console)
            if not results:
                _warm_up(chosen, work, memory, console)
            results += _rounds(chosen, raw, count, work, memory, repeat, console)
            if keep is None:
                shutil.rmtree(raw)
    return results


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _warm_up(chosen: Sequence[Contestant], work: Path, memory: str, console: Console) -> None:
    """Let Python compile the modules that each imports, which it does once and not at every run."""
    raw = work / "warm_up"
    generate_tickets(raw, WARM_UP_ROWS, tell=lambda _: None)
    for one in chosen:
        console.print(f"{one.label}: a run that is not measured", highlight=False)
        _measure(one, raw, WARM_UP_ROWS, work / one.name, memory)


def _generated(folder: Path, rows: int, work: Path, console: Console) -> Path:
    raw = folder / f"tickets_{rows}"
    needed = rows * (WORK_BYTES_A_ROW + (0 if raw.exists() else BYTES_A_ROW))
    free = shutil.disk_usage(folder).free
    console.print(f"{rows:,} rows need {needed / 1e9:.1f} GB of disk; {free / 1e9:.0f} GB are free")
    if needed > free:
        what = f"the disk has no room for {rows:,} rows"
        hint = "ask for fewer --rows, or name a folder on a larger disk with --keep"
        raise ParameterError("the benchmark cannot be run", [Problem(what, str(folder), hint)])
    if not raw.exists():
        # Under another name until all is written, so that a kept folder is always whole.
        made = work / "generated"
        generate_tickets(made, rows, tell=lambda line: console.print(f"  {line}", highlight=False))
        made.rename(raw)
    return raw


def _rounds(
    chosen: Sequence[Contestant],
    raw: Path,
    rows: int,
    work: Path,
    memory: str,
    repeat: int,
    console: Console,
) -> list[Result]:
    measured: dict[str, list[Measurement]] = {one.name: [] for one in chosen}
    for number in range(repeat):
        shift = number % len(chosen)
        for one in (*chosen[shift:], *chosen[:shift]):
            _read_all(raw)
            found = _measure(one, raw, rows, work / one.name, memory)
            measured[one.name].append(found)
            said = found.failure or f"{found.seconds:.1f} s, {found.memory:.0f} MB"
            console.print(
                f"{rows:,} rows, round {number + 1} of {repeat}: {one.label}: {said}",
                highlight=False,
            )
    answers = _compare([one for one in chosen if not _failures(measured[one.name])], work)
    return [
        Result(one, rows, _medians(measured[one.name]), answers.get(one.name, "")) for one in chosen
    ]


def _read_all(raw: Path) -> None:
    """Read the files once, so that nobody is the one who waits for the disk."""
    for path in sorted(raw.iterdir()):
        with path.open("rb") as stream:
            while stream.read(1 << 22):
                pass


def _measure(one: Contestant, raw: Path, rows: int, to: Path, memory: str) -> Measurement:
    if not one.is_installed:
        return Measurement(failure=f"{one.needs} is not installed")
    if one.bytes_a_row is not None:
        import psutil

        available = psutil.virtual_memory().available
        if rows * one.bytes_a_row > available:
            return Measurement(
                failure=f"left out: would hold about {rows * one.bytes_a_row / 1e9:.0f} GB in "
                f"memory, {available / 1e9:.0f} GB are free"
            )
    shutil.rmtree(to, ignore_errors=True)
    to.mkdir()
    words = [one.name, str(raw), str(to), memory]
    return measure_command(
        [sys.executable, "-m", "analysis.bench.ingest.run_one", *words],
        spill=to / "spill",
        environment=_ENVIRONMENT | _bytecode(to.parent),
        patience=PATIENCE + PATIENCE_A_MILLION * rows / 1e6,
    )


def _bytecode(work: Path) -> dict[str, str]:
    """Keep compiled modules, also where the environment of this process says not to."""
    return {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(work / "bytecode")}


def _failures(rounds: Sequence[Measurement]) -> list[str]:
    return [one.failure for one in rounds if one.failure]


def _medians(rounds: Sequence[Measurement]) -> Measurement:
    if failures := _failures(rounds):
        return Measurement(failure=failures[0])
    return Measurement(
        *(
            statistics.median(getattr(one, name) for one in rounds)
            for name in ("seconds", "processor", "memory", "spill")
        )
    )


def _compare(finished: Sequence[Contestant], work: Path) -> dict[str, str]:
    """Hold all panels against those of the first; the floor makes none."""
    makers = [one for one in finished if one.role != "floor"]
    if not makers:
        return {}
    first, *others = makers
    answers = {first.name: "first"}
    for one in others:
        found = differences(work / first.name, work / one.name)
        answers[one.name] = "; ".join(found) or "same"
    return answers
