"""Hand-made states, and the toy compendium, run once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.clean.raw_files import write_checksums
from analysis.ledger.read import Entry, Ledger, MadeFrom
from analysis.ledger.tolerance import EXACT
from analysis.pipeline import regenerate
from analysis.verify.state import State

REPOSITORY = Path(__file__).parents[2]

MakeEntry = Callable[..., Entry]
MakeState = Callable[..., State]

_NUMBER = Entry(
    id="toy.n",
    kind="number",
    study="toy",
    simulated=True,
    run="02_describe",
    notebook="02_describe",
    cell="cell-04",
    line=40,
    tolerance=EXACT,
    value=100,
    text="100",
    unit="",
    files={},
    caption="",
    note="",
    alt="",
)


@pytest.fixture
def make_entry() -> MakeEntry:
    """An entry of the study toy, a number unless something else is given."""
    return lambda **given: replace(_NUMBER, **given)


@pytest.fixture
def make_state(tmp_path: Path) -> MakeState:
    """A state of one study with these entries, in a folder of that name."""

    def state(
        name: str, *entries: Entry, code: dict[str, str] | None = None, **given: object
    ) -> State:
        root = tmp_path / name
        root.mkdir(exist_ok=True)
        made_from = MadeFrom(
            **{
                "notebook": "02_describe",
                "parameters": {"study": "toy"},
                "source": "s",
                "study": "t",
                "code": "c",
                "lock": "l",
                "inputs": {},
            }
            | given  # type: ignore[arg-type]
        )
        ledger = Ledger("toy", {"02_describe": made_from}, {e.id: e for e in entries}, code or {})
        return State(root, {"toy": ledger})

    return state


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy compendium with its own copy of the library, run from raw data to paper."""
    root = tmp_path_factory.mktemp("verify") / "compendium"
    shutil.copytree(REPOSITORY / "tests" / "toy_compendium", root)
    leave = shutil.ignore_patterns("__pycache__")
    shutil.copytree(REPOSITORY / "src", root / "src", ignore=leave)
    shutil.copytree(REPOSITORY / "paper" / "fonts", root / "paper" / "fonts")
    write_checksums(root / "data" / "raw")
    done = subprocess.run(
        [sys.executable, "-m", "analysis.cli", "run"],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root / "src"), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=240,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return root


@pytest.fixture
def tree(finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A finished compendium to tamper with; its simulator gives its own raw files."""
    raw = finished / "data" / "raw" / "toy"

    def write(study: object, folder: Path) -> None:
        for path in raw.iterdir():
            shutil.copyfile(path, folder / path.name)

    monkeypatch.setattr(regenerate, "write_twin", write)
    leave = shutil.ignore_patterns(".cache", "__pycache__")
    return Path(shutil.copytree(finished, tmp_path / "tree", ignore=leave))
