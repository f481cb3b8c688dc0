"""The plan as the engine's tasks: what is compared to tell whether a step is stale."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pytask import Mark, NodeInfo, PathNode, PythonNode, TaskWithoutPath

from analysis.pipeline.perform import perform_in_worker
from analysis.pipeline.records import exhibit_files, read_record
from analysis.pipeline.step import Step
from analysis.workspace import file_hash

__all__ = ["RecordNode", "tasks_of"]


@dataclass(kw_only=True)
class RecordNode:
    """A record of exhibits together with every figure and table that it lists.

    Which figures a notebook makes is known only once it ran. As a product this node is stale if
    the record or any file it lists was altered or removed, and as a dependency it is changed if
    any of them is; so nothing that a notebook makes goes undeclared.

    Attributes
    ----------
    name
        The path of the record below the top folder.
    root
        The top folder.
    attributes
        For the engine's use.
    """

    name: str
    root: Path
    attributes: dict[Any, Any] = field(default_factory=dict)

    @property
    def signature(self) -> str:
        """What tells it from other nodes."""
        return hashlib.sha256(f"record {self.name}".encode()).hexdigest()

    def state(self) -> str | None:
        """Hash the record and its files; None if the record is not there."""
        record = self.root / self.name
        if not record.is_file():
            return None
        hashes = [file_hash(record)]
        for path in exhibit_files(read_record(record)):
            file = self.root / path
            hashes.append(file_hash(file) if file.is_file() else "missing")
        return hashlib.sha256("\n".join(hashes).encode()).hexdigest()

    def load(self, is_product: bool = False) -> Path:
        """Return the path of the record."""
        return self.root / self.name

    def save(self, value: object) -> None:
        """Refuse: steps write their products themselves."""
        raise NotImplementedError


def tasks_of(steps: Sequence[Step], root: Path, run_folder: Path) -> list[TaskWithoutPath]:
    """Turn steps into tasks.

    Parameters
    ----------
    steps
        The plan.
    root
        The top folder of the compendium.
    run_folder
        The folder of this run, see `analysis.pipeline.staging.only_run`.

    Returns
    -------
    list of pytask.TaskWithoutPath
        Tasks that carry their step in ``attributes["step"]``.
    """
    return [_task(step, root, run_folder) for step in steps]


def _task(step: Step, root: Path, run_folder: Path) -> TaskWithoutPath:
    produced: list[PathNode | RecordNode] = [_file(root, path) for path in step.products]
    if step.record is not None:
        produced.append(RecordNode(name=step.record.as_posix(), root=root))
    return TaskWithoutPath(
        name=step.name,
        function=perform_in_worker,
        depends_on={
            "step": _value("step", step, step.name, tracked=_specification),
            "root": _value("root", root, step.name, tracked=False),
            "run_folder": _value("run_folder", run_folder, step.name, tracked=False),
            "run_process": _value("run_process", os.getpid(), step.name, tracked=False),
            "files": [_file(root, path) for path in (*step.inputs, *step.code)],
            "records": [RecordNode(name=path.as_posix(), root=root) for path in step.records],
        },
        produces={"products": produced},
        attributes={"step": step},
        # Long and needed by no other notebook: begun last, it would keep one processor waiting.
        markers=[Mark("try_first", (), {})] if step.notebook == "05_recovery" else [],
    )


def _file(root: Path, path: Path) -> PathNode:
    return PathNode(name=path.as_posix(), path=root / path)


def _value(argument: str, value: object, task: str, *, tracked: Any) -> PythonNode:
    info = NodeInfo(arg_name=argument, path=(), task_path=None, task_name=task, value=value)
    return PythonNode(name=argument, value=value, hash=tracked, node_info=info)


def _specification(step: Step) -> str:
    """Hash what is said of a step besides its files, which have states of their own."""
    said = [step.kind, step.notebook, step.parameters, step.subtitle]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()
