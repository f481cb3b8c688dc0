"""Carry out one step in a worker process.

This module is small and rarely changes; what it calls is imported only when it is needed, since
each worker has to import it before its first step.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from functools import cache
from pathlib import Path

from analysis.pipeline.measure import measure_step
from analysis.pipeline.records import EMPTY_RECORD, files_of_record
from analysis.pipeline.staging import publish, staging_folder
from analysis.pipeline.step import Step
from analysis.workspace import write_atomically

__all__ = ["perform", "perform_in_worker"]


def perform(step: Step, root: Path, run_folder: Path) -> None:
    """Make the products of a step aside and move them into place.

    Parameters
    ----------
    step
        The step of the plan.
    root
        The top folder of the compendium.
    run_folder
        The folder of this run, see `analysis.pipeline.staging.only_run`.

    Raises
    ------
    CompendiumError
        If the step fails; the former products are untouched.
    """
    with measure_step(step.name, root), staging_folder(run_folder, step.name) as folder:
        match step.kind:
            case "ingest":
                from analysis.study.load import read_study
                from analysis.tickets.ingest import ingest

                ingest(read_study(root / step.inputs[0]), root, to=folder)
            case "notebook":
                from analysis.pipeline.notebooks import run_notebook

                run_notebook(step, root, folder)
            case "ledger":
                from analysis.ledger.assemble import write_ledger

                output = folder / step.products[0]
                write_ledger(root, step.study, step.records, output, code=step.code)
            case "numbers":
                from analysis.ledger.assemble import write_numbers
                from analysis.study.load import read_study

                ledgers = [root / path for path in step.inputs if path.suffix == ".json"]
                described = [path for path in step.inputs if path.suffix == ".toml"]
                studies = [read_study(root / path) for path in described]
                write_numbers(ledgers, folder / step.products[0], studies)
            case "paper":
                from analysis.pipeline.paper import build_paper

                build_paper(root, folder)
            case "report":
                from analysis.pipeline.report import build_report

                build_report(root, step, folder)
        declared, former = list(step.products), list(step.products)
        if step.record is not None:
            made = folder / step.record
            if not made.is_file():
                # Without exhibits there is a record all the same: it tells that the step ran.
                write_atomically(made, EMPTY_RECORD)
            declared += [step.record, *files_of_record(made)]
            former += _only_its_own(root, step.record)
        publish(folder, root, run_folder, declared=declared, former=former)


def _only_its_own(root: Path, record: Path) -> set[Path]:
    """Name the exhibits that a record lists and no other does: one may have moved elsewhere."""
    others = set((root / "data" / "processed").glob("*/exhibits/*.json")) - {root / record}
    elsewhere = {file for other in others for file in files_of_record(other)}
    return set(files_of_record(root / record)) - elsewhere


def perform_in_worker(
    step: Step, root: Path, run_folder: Path, run_process: int, **_tracked: object
) -> None:
    """Perform a step in a process that ends with the run.

    Parameters
    ----------
    step, root, run_folder
        See `perform`.
    run_process
        The process that started this one, by its number.
    _tracked
        What the engine watches besides; the step knows its files itself.
    """
    _end_with(run_process)
    # Interrupted, a notebook leaves a task behind, of which asyncio would tell by a traceback.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    perform(step, root, run_folder)


@cache
def _end_with(parent: int) -> None:
    """Watch, once a process, for the death of its parent, after which nobody wants the work.

    Windows does not tell of it; there a worker ends when it has been idle for a while.
    """
    if os.name != "posix":
        return

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
