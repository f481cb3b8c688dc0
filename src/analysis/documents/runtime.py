"""What each step costs on one machine: recorded once, on demand, and written as a table."""

from __future__ import annotations

import json
import os
import platform
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from analysis.errors import Problem, RunError
from analysis.markdown import markdown_table
from analysis.pipeline.measure import COSTS
from analysis.pipeline.step import Step
from analysis.reading import read_object
from analysis.workspace import write_atomically

__all__ = ["RUNTIME", "record_runtime", "runtime_by_step"]

# Committed: costs differ from run to run, so they are copied from the cache only when asked for.
RUNTIME = Path("paper/runtime.json")

_COMMAND = "compendium document --record-runtime"


def record_runtime(root: Path, steps: Sequence[Step]) -> Path:
    """Copy what each step cost when it last ran here to ``paper/runtime.json``.

    Parameters
    ----------
    root
        The top folder of the compendium.
    steps
        The whole plan.

    Returns
    -------
    pathlib.Path
        The record: ``machine`` (processor, processors, memory, system and Python), ``recorded`` (a
        day) and ``steps``, name -> seconds and peak memory in megabytes.

    Raises
    ------
    RunError
        If a step was never run here.
    """
    costs, problems = {}, []
    for step in steps:
        path = root / COSTS / f"{step.name}.json"
        if path.is_file():
            cost = read_object(root, path.relative_to(root).as_posix())
            peak = round(cost["peak_bytes"] / 1e6)
            costs[step.name] = {"seconds": cost["seconds"], "peak_megabytes": peak}
        else:
            hint = "python3 reproduce.py clean, then python3 reproduce.py"
            problems.append(Problem("it was not measured here", f"step {step.name}", hint))
    if problems:
        raise RunError("the runtime cannot be recorded", problems)
    content = {"machine": _machine(), "recorded": f"{datetime.now(UTC):%Y-%m-%d}", "steps": costs}
    write_atomically(root / RUNTIME, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
    return root / RUNTIME


def runtime_by_step(root: Path) -> str:
    """Write one row for each notebook, the ledgers and the paper, from the record.

    Raises
    ------
    RunError
        If there is no record, or it is broken.
    """
    path = root / RUNTIME
    if not path.is_file():
        hint = f"run everything, then {_COMMAND}"
        problem = Problem("the record is missing", RUNTIME.as_posix(), hint)
        raise RunError("the runtime cannot be stated", [problem])
    try:
        return _table_of(read_object(root, RUNTIME.as_posix()))
    except (KeyError, TypeError, ValueError, AttributeError) as failure:
        what = f"it is no record of runtime: {type(failure).__name__} {failure}"
        problem = Problem(what, RUNTIME.as_posix(), f"record it anew: {_COMMAND}")
        raise RunError("the runtime cannot be stated", [problem]) from None


def _table_of(record: Mapping[str, Any]) -> str:
    groups: dict[str, list[Mapping[str, float]]] = {}
    for name, cost in record["steps"].items():
        groups.setdefault(_group(name), []).append(cost)
    rows = [
        [
            f"`{group}`",
            len(costs),
            f"{sum(cost['seconds'] for cost in costs):,.0f}",
            f"{max(cost['seconds'] for cost in costs):,.1f}",
            f"{max(cost['peak_megabytes'] for cost in costs):,.0f}",
        ]
        for group, costs in sorted(groups.items())
    ]
    every = [cost for costs in groups.values() for cost in costs]
    seconds = sum(cost["seconds"] for cost in every)
    rows.append(["all", len(every), f"{seconds:,.0f}", "", ""])
    heads = ["step", "runs", "seconds, all runs", "longest run", "peak memory, MB"]
    return f"{markdown_table(heads, rows, 'lrrrr')}\n\n{_stated(record)}"


def _group(step: str) -> str:
    """Name the notebook of a step: ``beijing/03_effect-street-complaints`` to ``03_effect``."""
    return step.rpartition("/")[2].partition("-")[0]


def _stated(record: Mapping[str, Any]) -> str:
    machine = record["machine"]
    return (
        f"Recorded on {record['recorded']} on {machine['processor']}, {machine['processors']} "
        f"processors, {machine['memory_gigabytes']} GB of memory, {machine['system']}, Python "
        f"{machine['python']}. Several steps run at the same time, so the seconds add up to more "
        f"than a run takes. Memory is that of a step's processes together."
    )


def _machine() -> dict[str, object]:
    return {
        "processor": _processor(),
        "processors": os.cpu_count() or 1,
        "memory_gigabytes": round(psutil.virtual_memory().total / 1e9),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def _processor() -> str:
    # Python knows the processor's name on every system but Linux.
    listed = Path("/proc/cpuinfo")
    found = None
    if listed.is_file():
        found = re.search(r"^model name\s*:\s*(.+)$", listed.read_text(), flags=re.MULTILINE)
    return found[1].strip() if found else platform.processor() or "an unknown processor"
