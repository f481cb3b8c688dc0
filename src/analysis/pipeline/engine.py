"""The engine: pytask compares every file with its state after the last run and does what is due."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytask
from pytask_parallel import ParallelBackend

from analysis.errors import Problem, RunError
from analysis.pipeline.step import Step
from analysis.pipeline.tasks import tasks_of
from analysis.workspace import write_atomically

__all__ = ["bring_up_to_date", "look_at_all"]


def bring_up_to_date(
    steps: Sequence[Step],
    root: Path,
    run_folder: Path,
    *,
    plugin: object,
    workers: int | None = None,
) -> pytask.Session:
    """Run every step that is stale, several at the same time.

    Parameters
    ----------
    steps
        Steps, with all that they depend on.
    root
        The top folder of the compendium.
    run_folder
        The folder of this run, see `analysis.pipeline.staging.only_run`.
    plugin
        Hooks of the engine that are told of each step.
    workers
        How many steps run at the same time; as many as there are processors if not given.

    Raises
    ------
    RunError
        If the engine could not even begin; failures of steps are in the session's reports.
    """
    return _build(
        steps,
        root,
        run_folder,
        plugin,
        n_workers=workers or os.cpu_count() or 1,
        parallel_backend=ParallelBackend.LOKY,
    )


def look_at_all(
    steps: Sequence[Step], root: Path, run_folder: Path, *, plugin: object
) -> pytask.Session:
    """Run nothing; the reasons to run are then in the tasks' ``attributes["explanation"]``."""
    return _build(steps, root, run_folder, plugin, explain=True)


def _build(
    steps: Sequence[Step], root: Path, run_folder: Path, plugin: object, **options: Any
) -> pytask.Session:
    # The engine keeps its states beside its settings; without any it would look for a repository
    # around the compendium and keep them there.
    home = root / ".cache" / "engine"
    settings = home / "pyproject.toml"
    write_atomically(settings, "[tool.pytask.ini_options]\n")
    plugins = pytask.get_plugin_manager()
    plugins.register(plugin)
    # The plugin reports progress; what the engine prints matters only if it cannot begin.
    printed, pytask.console.file = pytask.console.file, io.StringIO()
    try:
        session = pytask.build(
            tasks=tasks_of(steps, root, run_folder),
            paths=home,
            config=settings,
            pm=plugins,
            capture="no",
            verbose=0,
            disable_warnings=True,
            **options,
        )
        said = pytask.console.file.getvalue()
    finally:
        pytask.console.file = printed
    # An interrupted session ends well for the engine, even if no step was reached.
    if session.exit_code != pytask.ExitCode.OK and not session.execution_reports:
        hint = "remove .cache/engine and run again"
        raise RunError("the engine could not begin", [Problem(said.strip(), hint=hint)])
    return session
