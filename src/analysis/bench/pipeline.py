"""Where the time goes: a first and a second run in a copy of the compendium, part by part."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console

from analysis.pipeline.environment import enter_environment
from analysis.pipeline.progress import StepReport
from analysis.pipeline.run import RunReport, run
from analysis.pipeline.sources import copy_sources

__all__ = ["run_bench", "timing_table"]

# The parts of a run, by the notebooks that belong to them.
_PARTS: dict[str, Callable[[str], bool]] = {
    "cleaning (01)": lambda name: "/01_" in name,
    "description and its figures (02)": lambda name: "/02_" in name,
    "estimation (03)": lambda name: "/03_" in name,
    "robustness, recovery (04, 05)": lambda name: "/04_" in name or "/05_" in name,
    "summary, numbers, paper": lambda name: "/06_" in name or "/" not in name,
}

_EMPTY_KERNEL = """
import nbformat, papermill, sys, time
from traitlets.config import Config
cell = nbformat.v4.new_code_cell("pass")
kernelspec = {"display_name": "Python 3", "language": "python", "name": "python3"}
empty = nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": kernelspec})
encryption = Config({"KernelManager": {"transport_encryption": "auto"}})
times = []
for _ in range(4):
    start = time.perf_counter()
    papermill.execute_notebook(empty, None, progress_bar=False, config=encryption)
    times.append(time.perf_counter() - start)
print(min(times))
"""


def run_bench(root: Path, *, environment: bool = False, workers: int | None = None) -> str:
    """Measure a first and a second run.

    Parameters
    ----------
    root
        The top folder of the compendium; it is copied and left alone.
    environment
        Whether to time the making of a new environment too.
    workers
        How many steps run at the same time.

    Returns
    -------
    str
        A table: for each part its steps, their seconds added up, and how many times the floor
        that is. The floor of a notebook is an empty kernel: a notebook with one empty cell,
        started, run and ended, the fastest of four.

    Raises
    ------
    CompendiumError
        If a step fails.
    """
    enter_environment(root)
    cache = root / ".cache" / "bench"
    shutil.rmtree(cache, ignore_errors=True)
    cache.mkdir(parents=True)
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        copy = Path(folder) / "compendium"
        copy_sources(root, copy)
        floor = float(_python("-c", _EMPTY_KERNEL, cwd=root))
        imports = _seconds(lambda: _python("-c", "import papermill, jupytext, nbconvert", cwd=root))
        quiet = Console(file=io.StringIO())
        first = run(copy, workers=workers, console=quiet)
        second = _seconds(lambda: _python("-m", "analysis.cli", cwd=copy))
        made = None
        if environment:
            made = _seconds(lambda: _python("reproduce.py", "--help", cwd=copy))
        # The variables of this process point into the copy, which is about to go.
        enter_environment(root)
    return timing_table(floor, imports=imports, environment=made, first=first, second=second)


def _python(*words: str, cwd: Path) -> str:
    command = [sys.executable, *words]
    done = subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True)
    return done.stdout


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def timing_table(
    floor: float,
    *,
    imports: float,
    environment: float | None,
    first: RunReport,
    second: float,
) -> str:
    """Write the table of a benchmark.

    Parameters
    ----------
    floor
        Seconds that an empty kernel takes.
    imports
        Seconds that a worker takes to import what runs notebooks.
    environment
        Seconds that the environment takes; None if that was not measured.
    first
        The first run.
    second
        Seconds that the whole command takes when nothing changed.

    Returns
    -------
    str
        Lines of text.
    """
    notebooks = sum("/" in step.name for step in first.steps)
    lines = [f"{'':<36}{'steps':>6}{'seconds':>9}{'each':>8}{'floors':>8}"]
    for part, belongs in _PARTS.items():
        lines.append(_row(part, [step for step in first.steps if belongs(step.name)], floor))
    starts = notebooks * floor
    shown = "not made" if environment is None else f"{environment:.1f} s"
    lines += [
        "",
        f"floor: an empty kernel             {floor:6.2f} s",
        f"of the above, kernel starts        {starts:6.1f} s  ({notebooks} x the floor)",
        f"imports, once a worker             {imports:6.1f} s",
        f"environment                        {shown:>8}",
        f"first run, from raw data to paper  {first.seconds:6.1f} s",
        f"second run, nothing changed        {second:6.1f} s  "
        f"({second / first.seconds:.1%} of the first)",
    ]
    return "\n".join(lines)


def _row(part: str, steps: Sequence[StepReport], floor: float) -> str:
    if not steps:
        return f"{part:<36}{0:>6}"
    seconds = sum(step.seconds for step in steps)
    each = seconds / len(steps)
    return f"{part:<36}{len(steps):>6}{seconds:>9.1f}{each:>8.2f}{each / floor:>8.1f}"
