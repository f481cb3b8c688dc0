"""Run the pipeline: check the raw data, plan, and let the engine make what is stale."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from analysis.clean.raw_files import check_raw_files
from analysis.errors import CompendiumError, Problem, RunError, did_you_mean
from analysis.pipeline.code import read_library
from analysis.pipeline.engine import bring_up_to_date
from analysis.pipeline.environment import enter_environment
from analysis.pipeline.plan import plan_steps
from analysis.pipeline.progress import Progress, StepReport
from analysis.pipeline.select import check_inputs, select_steps
from analysis.pipeline.staging import only_run
from analysis.pipeline.step import Step
from analysis.pipeline.unclaimed import check_unclaimed, remove_orphans
from analysis.restricted.place import RESTRICTED_DATA, studies_of_exports
from analysis.study.load import list_studies, read_study
from analysis.study.schema import Study

__all__ = ["RunReport", "run", "whole_plan"]


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run did.

    Attributes
    ----------
    steps
        How each step ended.
    seconds
        How long the run took.
    """

    steps: tuple[StepReport, ...]
    seconds: float

    def count(self, outcome: str) -> int:
        """Count the steps that ended so."""
        return sum(step.outcome == outcome for step in self.steps)


def run(
    root: Path,
    *,
    studies: Sequence[str] = (),
    only: Callable[[Step], bool] | None = None,
    workers: int | None = None,
    console: Console | None = None,
) -> RunReport:
    """Bring everything up to date, from raw data to the paper.

    Parameters
    ----------
    root
        The top folder of the compendium.
    studies
        Names of studies; if any are given, only their notebooks are run and not the paper, which
        needs all studies.
    only
        Run only the steps of which this is true, and those that they depend on.
    workers
        How many steps run at the same time; as many as there are processors if not given.
    console
        Where progress is reported.

    Returns
    -------
    RunReport
        What was done.

    Raises
    ------
    CompendiumError
        If a raw file was altered, a study is not valid, an input is missing or a step fails.
        What succeeded before stays; what failed leaves its former products.
    """
    start = time.monotonic()
    enter_environment(root)
    console = console or Console()
    with only_run(root) as run_folder:
        plan, chosen = _prepare(root, studies, only)
        with Progress(len(chosen), console) as progress:
            bring_up_to_date(chosen, root, run_folder, plugin=progress, workers=workers)
        report = RunReport(tuple(progress.reports), time.monotonic() - start)
        _raise_failures(root, report, len(chosen))
        if len(chosen) == len(plan):
            remove_orphans(root, plan)
            check_unclaimed(root, plan)
    return report


def whole_plan(root: Path) -> tuple[Step, ...]:
    """Plan all steps of all studies."""
    return plan_steps(root, _read_studies(root), read_library())


def _prepare(
    root: Path, studies: Sequence[str], only: Callable[[Step], bool] | None
) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    plan = chosen = whole_plan(root)
    if studies:
        _check_names(root, studies)
        chosen = select_steps(plan, lambda step: step.study in studies)
    if only is not None:
        chosen = select_steps(chosen, only)
    raw = root / "data" / "raw"
    used = sorted({step.study for step in chosen if step.study})
    check_raw_files(raw, [*used, *(["published"] if (raw / "published").is_dir() else [])])
    check_inputs(root, chosen)
    return plan, chosen


def _read_studies(root: Path) -> list[Study]:
    folder = root / "notebooks" / "studies"
    return [read_study(folder / f"{name}.toml") for name in list_studies(folder)]


def _check_names(root: Path, studies: Sequence[str]) -> None:
    known = list_studies(root / "notebooks" / "studies")
    exports = studies_of_exports(root)
    problems = [
        Problem(
            f"there is no study {name!r}",
            "--study",
            f"its export is in {RESTRICTED_DATA.as_posix()}/{name}: add --data restricted"
            if name in exports
            else did_you_mean(name, known),
        )
        for name in studies
        if name not in known
    ]
    if problems:
        raise RunError("the run cannot start", problems)


def _raise_failures(root: Path, report: RunReport, total: int) -> None:
    failed = [step for step in report.steps if step.outcome == "failed"]
    if not failed:
        if len(report.steps) < total:
            left = f"{total - len(report.steps)} steps were not reached"
            problem = Problem(left, hint="run again: what was finished is kept")
            raise RunError("the run was interrupted", [problem])
        return
    problems: list[Problem] = []
    for step in failed:
        if isinstance(step.error, CompendiumError):
            problems += [Problem(step.error.title, step.name), *step.error.problems]
        else:
            problems.append(_unexpected(root, step))
    waiting = report.count("not reached")
    rest = f"; {waiting} that depend on it were not reached" if waiting else ""
    steps = "one step" if len(failed) == 1 else f"{len(failed)} steps"
    raise RunError(f"{steps} failed{rest}; all former products are untouched", problems)


def _unexpected(root: Path, step: StepReport) -> Problem:
    """Keep the traceback of an error that nobody foresaw where it can be read."""
    path = root / ".cache" / "failed" / f"{step.name}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(step.traceback or repr(step.error), encoding="utf-8")
    hint = f"the traceback is in {path.relative_to(root).as_posix()}"
    return Problem(f"{type(step.error).__name__}: {step.error}", step.name, hint)
