"""A small compendium with one executed notebook and its record."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import nbformat
import pytest

from analysis.ledger.tolerance import EXACT

SOURCE = """\
# %% [markdown]
# # Toy

# %% tags=["parameters"]
study = "toy"

# %%
total = 100

# %%
print(total)
"""


WriteRun = Callable[..., Path]

ORIGIN = {"restricted": False, "simulated": True, "line": 11, "tolerance": asdict(EXACT)}
TOTAL = ORIGIN | {"value": 100, "text": "100", "unit": "cases"}
MAP = ORIGIN | {"caption": "A map.", "alt": "A map.", "files": ["paper/map.svg"]}


@pytest.fixture
def total() -> dict[str, Any]:
    """Give the entry of a number."""
    return dict(TOTAL)


@pytest.fixture
def write_run() -> WriteRun:
    return _write_run


@pytest.fixture
def compendium(tmp_path: Path) -> Path:
    """Make the compendium; its record lists a number and a figure."""
    _write_run(tmp_path, "02_describe", numbers={"toy.total": TOTAL}, figures={"toy-map": MAP})
    (tmp_path / "paper").mkdir()
    (tmp_path / "paper" / "map.svg").write_text("<svg/>", encoding="utf-8")
    return tmp_path


def _write_run(root: Path, run: str, **kinds: dict[str, Any]) -> Path:
    """Write source, executed copy and record of a run; return the record's path below `root`."""
    notebook = run.partition("-")[0]
    cells: Any = nbformat.v4
    code = [
        cells.new_code_cell(source, id=f"cell-{place:02d}")
        for place, source in enumerate(['study = "toy"', "total = 100", "print(total)"], start=2)
    ]
    made_from = {
        "notebook": notebook,
        "parameters": {"study": "toy"},
        **dict.fromkeys(("source", "study", "code", "lock"), "0" * 64),
        "inputs": {},
    }
    executed = cells.new_notebook(cells=code, metadata={"compendium": made_from})
    record = {"figures": {}, "numbers": {}, "tables": {}} | kinds
    path = Path("data/processed/toy/exhibits", f"{run}.json")
    write: Any = nbformat.writes
    for name, text in {
        f"notebooks/{notebook}.py": SOURCE,
        f"notebooks/executed/toy/{run}.ipynb": write(executed, version=4),
        path.as_posix(): json.dumps(record),
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return path
