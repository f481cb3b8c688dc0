"""Choose steps of a plan, and check that what they read is there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from analysis.errors import Problem, RunError, did_you_mean, listing
from analysis.pipeline.step import Step

__all__ = ["check_inputs", "select_steps"]


def select_steps(steps: Sequence[Step], wanted: Callable[[Step], bool]) -> tuple[Step, ...]:
    """Keep the steps that are wanted and every step that they depend on.

    Parameters
    ----------
    steps
        A whole plan.
    wanted
        Says of a step whether it is wanted.
    """
    maker = {path: step for step in steps for path in (*step.products, step.record)}
    kept: dict[str, Step] = {}
    waiting = [step for step in steps if wanted(step)]
    while waiting:
        step = waiting.pop()
        kept[step.name] = step
        needed = (maker.get(path) for path in (*step.inputs, *step.records))
        waiting += [other for other in needed if other is not None and other.name not in kept]
    return tuple(step for step in steps if step.name in kept)


def check_inputs(root: Path, steps: Sequence[Step]) -> None:
    """Check that every file that no step makes is there.

    Raises
    ------
    RunError
        Naming each missing file, the steps that need it and the file that it may be meant for.
    """
    made = {path for step in steps for path in step.products}
    needed: dict[Path, list[str]] = {}
    for step in steps:
        for path in step.inputs:
            if path not in made and not (root / path).is_file():
                needed.setdefault(path, []).append(step.name)
    problems = []
    for path, names in needed.items():
        folder = (root / path).parent
        present = [file.name for file in folder.glob("*")] if folder.is_dir() else []
        what = f"the file is missing; {listing(names[:3])} need it"
        problems.append(Problem(what, path.as_posix(), did_you_mean(path.name, present)))
    if problems:
        raise RunError("the run cannot start", problems)
