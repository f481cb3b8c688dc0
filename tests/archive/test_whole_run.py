"""A compendium that was run is deposited, its costs are recorded; after an edit it is refused."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

# In the worker process of the other tests that run the toy, which has two processors then.
pytestmark = [pytest.mark.slow, pytest.mark.end_to_end, pytest.mark.xdist_group("toy")]

REPOSITORY = Path(__file__).parents[2]

# The verbs as the command has them.
VERBS = """
import sys, typer
from analysis.cli import run
from analysis.cli_archive import archive
from analysis.cli_document import document
from analysis.errors import CompendiumError
app = typer.Typer()
for verb in (run, archive, document):
    app.command()(verb)
try:
    app()
except CompendiumError as error:
    sys.exit(f"{error}")
"""


def compendium(root: Path, *words: str, code: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-c", VERBS, *words],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root / "src"), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_from_run_to_deposit(compendium_files: Path) -> None:
    root = compendium_files
    assert "has not run here yet" in compendium(root, "archive", code=1)
    compendium(root, "run", "--workers", "2")

    compendium(root, "document", "--record-runtime")
    costs = json.loads((root / "paper/runtime.json").read_text("utf-8"))["steps"]
    assert costs["toy/02_describe"]["peak_megabytes"] > 100
    assert "| `03_effect` | 2 |" in (root / "README.md").read_text("utf-8")

    told = json.loads(compendium(root, "archive", "--json"))
    folder = Path(told["folder"])
    assert all("CODECHECK" in note or "Dataverse" in note for note in told["notes"])
    first = (folder / "SHA256SUMS").read_bytes()
    compendium(root, "archive")
    assert (folder / "SHA256SUMS").read_bytes() == first

    source = root / "notebooks/02_describe.py"
    source.write_text(source.read_text("utf-8").replace("# Volumes rise.", "# They rise."), "utf-8")
    said = compendium(root, "archive", code=1)
    assert "toy/02_describe" in said
    assert "notebooks/02_describe.py changed" in said


@pytest.fixture
def compendium_files(tmp_path: Path) -> Path:
    """The toy with its own copy of the library, and what a deposit and a README need."""
    root = Path(shutil.copytree(REPOSITORY / "tests" / "toy_compendium", tmp_path / "toy"))
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(REPOSITORY / "src", root / "src", ignore=ignored)
    shutil.copytree(REPOSITORY / "paper" / "fonts", root / "paper" / "fonts")
    shutil.copyfile(REPOSITORY / "CITATION.cff", root / "CITATION.cff")
    shutil.copyfile(REPOSITORY / "pyproject.toml", root / "pyproject.toml")
    (root / "reproduce.py").write_text("print()\n", encoding="utf-8")
    markers = "<!-- begin generated: runtime -->\n<!-- end generated: runtime -->\n"
    (root / "README.md").write_text(f"# Toy\n\n{markers}", encoding="utf-8")
    return root
