"""Run one notebook with given parameters, and what it depends on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from analysis.errors import ParameterError, Problem
from analysis.pipeline.parameters import read_parameters
from analysis.pipeline.run import RunReport, run, whole_plan

__all__ = ["run_single"]


def run_single(
    root: Path,
    notebook: str,
    given: Mapping[str, str],
    *,
    workers: int | None = None,
    console: Console | None = None,
) -> RunReport:
    """Bring one notebook run up to date.

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

    Raises
    ------
    ParameterError
        If a parameter is unknown, missing or names what does not exist; or if the study does not
        ask for this run.
    CompendiumError
        If the run fails.
    """
    parameters = read_parameters(notebook, given, root / "notebooks" / "studies")
    wanted = tuple(asdict(parameters).items())
    if not any((s.notebook, s.parameters) == (notebook, wanted) for s in whole_plan(root)):
        hint = f"add it to the level's lists in notebooks/studies/{parameters.study}.toml"
        problem = Problem("the study does not ask for this run", notebook, hint)
        raise ParameterError(f"notebook {notebook} cannot be run", [problem])
    return run(
        root,
        only=lambda step: (step.notebook, step.parameters) == (notebook, wanted),
        workers=workers,
        console=console,
    )
