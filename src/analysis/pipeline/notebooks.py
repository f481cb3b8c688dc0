"""Run one notebook: check it, execute it with papermill, and finish what came out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jupytext
import papermill
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from analysis.errors import Problem, RunError
from analysis.pipeline.code import joint_hash
from analysis.pipeline.finish import finish_notebook, to_text
from analysis.pipeline.html import to_html
from analysis.pipeline.kernels import ReticentKernelManager
from analysis.pipeline.parameters import check_parameters_cell
from analysis.workspace import STAGING_VARIABLE, file_hash, write_atomically

if TYPE_CHECKING:
    from analysis.pipeline.step import Step

__all__ = ["failed_copy", "run_notebook"]

_STARTS = 4


def run_notebook(step: Step, root: Path, folder: Path) -> None:
    """Run a notebook and write its executed copy, as ``.ipynb`` and as HTML.

    Parameters
    ----------
    step
        The step of the plan.
    root
        The top folder of the compendium, in which the notebook runs.
    folder
        The staging folder that the notebook and this function write to.

    Raises
    ------
    RunError
        If a cell fails; the copy up to the failing cell is at `failed_copy`.
    ParameterError
        If the notebook declares other parameters than its dataclass.
    """
    source = root / "notebooks" / f"{step.notebook}.py"
    notebook = _read_source(source, step.notebook)
    partial = failed_copy(step, root)
    executed = _execute(notebook, step, root, folder, partial, source)
    finished = finish_notebook(
        executed, root=root, subtitle=step.subtitle, made_from=_made_from(step, root)
    )
    copy = folder / "notebooks" / "executed" / step.study / step.file
    write_atomically(copy.with_name(f"{step.file}.ipynb"), to_text(finished))
    title = f"{step.notebook} · {step.subtitle}"
    write_atomically(copy.with_name(f"{step.file}.html"), to_html(finished, title))
    partial.unlink()
    _messages(partial).unlink()


def failed_copy(step: Step, root: Path) -> Path:
    """Return where the copy of a running or failed notebook is."""
    return root / ".cache" / "failed" / step.study / f"{step.file}.ipynb"


def _messages(partial: Path) -> Path:
    return partial.with_suffix(".kernel.txt")


def _read_source(source: Path, name: str) -> NotebookNode:
    notebook: NotebookNode = jupytext.read(source, fmt="py:percent")
    tagged = [c for c in notebook.cells if "parameters" in c.metadata.get("tags", [])]
    if len(tagged) != 1:
        problem = Problem(
            f"{len(tagged)} cells are tagged 'parameters', not one",
            f"notebooks/{name}.py",
            'begin the cell with: # %% tags=["parameters"]',
        )
        raise RunError(f"notebook {name} cannot be run", [problem])
    check_parameters_cell(tagged[0].source, name)
    return notebook


def _execute(
    notebook: NotebookNode, step: Step, root: Path, folder: Path, partial: Path, source: Path
) -> NotebookNode:
    partial.parent.mkdir(parents=True, exist_ok=True)
    title = f"notebook {step.notebook} failed for {' '.join(v for _, v in step.parameters)}"
    hint = f"the notebook up to the failure is {partial.relative_to(root).as_posix()}"
    try:
        with _writing_to(folder):
            return _start_again(lambda: _papermill(notebook, step, root, partial))
    except PapermillExecutionError as failure:
        where = _place(source, failure.source)
        raise RunError(title, [Problem(_message(failure), where, hint)]) from None
    except DeadKernelError:
        what = "the kernel died, perhaps for want of memory"
        raise RunError(title, [Problem(what, source.name, hint + _last_words(partial))]) from None
    except RuntimeError as failure:
        if not _never_started(failure):
            raise
        what = f"no kernel could be started in {_STARTS} attempts"
        hint = f"run again{_last_words(partial)}"
        raise RunError(title, [Problem(what, source.name, hint)]) from None


def _last_words(partial: Path) -> str:
    messages = _messages(partial)
    if not (messages.exists() and messages.stat().st_size):
        return ""
    return f"; what its kernel said last is in {messages.name} beside it"


def _start_again(execute: Callable[[], NotebookNode]) -> NotebookNode:
    """Run a notebook, and once more if its kernel did not start.

    A kernel is told which ports to use before it opens them. Kernels that start at the same moment
    may be told the same, and then one of them ends at once.
    """
    for _ in range(_STARTS - 1):
        try:
            return execute()
        except RuntimeError as failure:
            if not _never_started(failure):
                raise
    return execute()


def _never_started(failure: RuntimeError) -> bool:
    return "before replying to kernel_info" in str(failure)


def _papermill(notebook: NotebookNode, step: Step, root: Path, partial: Path) -> NotebookNode:
    executed: NotebookNode = papermill.execute_notebook(
        notebook,
        partial,
        parameters=dict(step.parameters),
        kernel_name="python3",
        progress_bar=False,
        cwd=root,
        kernel_manager_class=ReticentKernelManager,
        config=Config({"ReticentKernelManager": {"messages": str(_messages(partial))}}),
    )
    return executed


@contextmanager
def _writing_to(folder: Path) -> Iterator[None]:
    # A worker process runs one step at a time, so its environment belongs to the step.
    os.environ[STAGING_VARIABLE] = str(folder)
    try:
        yield
    finally:
        del os.environ[STAGING_VARIABLE]


def _message(failure: PapermillExecutionError) -> str:
    return f"{failure.ename}: {failure.evalue}".rstrip(": ")


def _place(source: Path, cell: str) -> str:
    """Name the cell by the line on which it begins in the source."""
    first = next((line for line in cell.splitlines() if line.strip()), "")
    lines = source.read_text(encoding="utf-8").splitlines()
    numbers = [number for number, line in enumerate(lines, start=1) if line == first]
    line = f", line {numbers[0]}" if numbers else ""
    return f"notebooks/{source.name}{line}, the cell that begins '{first.strip()}'"


def _made_from(step: Step, root: Path) -> Mapping[str, Any]:
    """Say what the executed copy was made from, by hashes."""
    source, study_file, lock = step.inputs[:3]
    return {
        "notebook": step.notebook,
        "parameters": dict(step.parameters),
        "source": file_hash(root / source),
        "study": file_hash(root / study_file),
        "inputs": {path.as_posix(): file_hash(root / path) for path in step.inputs[3:]},
        "code": joint_hash(root / path for path in step.code),
        "lock": file_hash(root / lock),
        "records": [path.as_posix() for path in step.records],
    }
