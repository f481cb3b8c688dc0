"""Run the pipeline in a copy, in a process of its own that sees only the copy's code."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

from analysis.errors import Problem, RunError
from analysis.ledger.assemble import write_ledger
from analysis.ledger.read import Ledger, MadeFrom
from analysis.pipeline.environment import HASH_SEED_VARIABLE

__all__ = ["rerun", "rerun_only"]

# What a failed run said at its end.
_LAST_LINES = 12

_Say = Callable[[str], None]


def rerun(
    copy: Path,
    say: _Say,
    *,
    studies: Sequence[str] = (),
    workers: int | None = None,
    hash_seed: int = 0,
) -> float:
    """Run everything in a copy, from raw data to the paper.

    Parameters
    ----------
    copy
        Its top folder.
    say
        Is given each line that the run says.
    studies
        Only the notebooks and ledgers of these, and not the paper.
    workers
        How many steps run at the same time; as many as there are processors if not given.
    hash_seed
        The seed of Python's hashes, which decides the order of sets.

    Returns
    -------
    float
        Seconds that it took.

    Raises
    ------
    RunError
        If it failed; the problem is the last of what it said.
    """
    words = [word for study in studies for word in ("--study", study)]
    return _call(copy, ["run", *words, *_workers(workers)], say, hash_seed)


def rerun_only(
    copy: Path,
    say: _Say,
    ledgers: Sequence[Ledger],
    *,
    workers: int | None = None,
    hash_seed: int = 0,
) -> float:
    """Run only some notebooks in a copy, with what they need, and write ledgers of these runs.

    Parameters
    ----------
    copy, say, workers, hash_seed
        See `rerun`.
    ledgers
        The ledgers, cut to the runs that are wanted.

    Raises
    ------
    RunError
        If a run failed.
    """
    seconds = 0.0
    for ledger in ledgers:
        for made_from in ledger.runs.values():
            words = [*_notebook(made_from), *_workers(workers)]
            seconds += _call(copy, words, say, hash_seed)
        exhibits = Path("data", "processed", ledger.study, "exhibits")
        records = [exhibits / f"{run}.json" for run in ledger.runs]
        made = [path for path in records if (copy / path).is_file()]
        write_ledger(copy, ledger.study, made, copy / "paper" / "ledger" / f"{ledger.study}.json")
    return seconds


def _notebook(made_from: MadeFrom) -> list[str]:
    given = (f"{name}={value}" for name, value in made_from.parameters.items())
    return ["notebook", made_from.notebook, *(word for text in given for word in ("-p", text))]


def _workers(workers: int | None) -> list[str]:
    return [] if workers is None else ["--workers", str(workers)]


def _call(copy: Path, words: Sequence[str], say: _Say, hash_seed: int) -> float:
    start = time.monotonic()
    ending: deque[str] = deque(maxlen=_LAST_LINES)
    process = subprocess.Popen(
        [sys.executable, "-m", "analysis.cli", *words],
        cwd=copy,
        env=_environment(copy, hash_seed),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    with process:
        try:
            assert process.stdout is not None
            for line in process.stdout:
                ending.append(line.rstrip())
                say(line.rstrip())
        except BaseException:
            process.terminate()
            raise
    if process.returncode != 0:
        what = "\n".join(line for line in ending if line.strip())
        hint = "mend what it says, and see that `compendium run` succeeds"
        raise RunError("the rerun failed", [Problem(what, f"compendium {words[0]}", hint)])
    return time.monotonic() - start


def _environment(copy: Path, hash_seed: int) -> dict[str, str]:
    # The copy's library is found before the installed one, and nothing else of this process's.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONHOME"}
    return inherited | {
        "PYTHONPATH": str(copy / "src"),
        "PYTHONHASHSEED": str(hash_seed),
        "PYTHONUTF8": "1",
        HASH_SEED_VARIABLE: str(hash_seed),
    }
