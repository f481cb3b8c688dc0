"""Run one notebook with given parameters, and what it depends on.

A run that the plan has is brought up to date like any other. Another level, outcome or estimator
can be tried all the same: what such a trial makes goes to a folder of its own in the cache, so that
it never touches the results that are kept.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from analysis.pipeline.code import read_library
from analysis.pipeline.notebooks import run_notebook
from analysis.pipeline.parameters import LevelParameters, read_parameters
from analysis.pipeline.plan import plan_level_step
from analysis.pipeline.run import RunReport, run, whole_plan
from analysis.pipeline.select import check_inputs
from analysis.pipeline.staging import only_run
from analysis.study.load import load_study

__all__ = ["run_single"]


def run_single(
    root: Path,
    notebook: str,
    given: Mapping[str, str],
    *,
    workers: int | None = None,
    console: Console | None = None,
) -> tuple[RunReport, Path | None]:
    """Bring one notebook run up to date, or try one that the study does not ask for.

    Parameters
    ----------
    root
        The top folder of the compendium.
    notebook
        The name of the notebook.
    given
        Its parameters.
    workers, console
        See `analysis.pipeline.run.run`.

    Returns
    -------
    tuple
        What was done to steps of the plan; and for a trial, the page that it made, below
        ``.cache/trials``.

    Raises
    ------
    ParameterError
        If a parameter is unknown, missing or names what does not exist.
    CompendiumError
        If the run fails.
    """
    parameters = read_parameters(notebook, given, root / "notebooks" / "studies")
    wanted = (notebook, tuple(asdict(parameters).items()))
    planned = any((step.notebook, step.parameters) == wanted for step in whole_plan(root))
    # All other notebooks have one run a study, which is planned.
    if not planned and isinstance(parameters, LevelParameters):
        return _try(root, notebook, parameters, workers=workers, console=console)
    report = run(
        root,
        only=lambda step: (step.notebook, step.parameters) == wanted,
        workers=workers,
        console=console,
    )
    return report, None


def _try(
    root: Path,
    notebook: str,
    parameters: LevelParameters,
    *,
    workers: int | None,
    console: Console | None,
) -> tuple[RunReport, Path]:
    study = load_study(parameters.study, root / "notebooks" / "studies")
    step = plan_level_step(root, study, read_library(), notebook, parameters)
    report = run(
        root,
        only=lambda planned: not set(planned.products).isdisjoint(step.inputs),
        workers=workers,
        console=console,
    )
    check_inputs(root, [step])
    folder = root / ".cache" / "trials" / step.study / step.file
    with only_run(root):
        shutil.rmtree(folder, ignore_errors=True)
        run_notebook(step, root, folder)
    return report, folder / step.products[1]
