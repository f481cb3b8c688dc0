"""A copy of the compendium without any study or data, and its command."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
COPIED = (
    *("src", "paper/fonts", "paper/report", "paper/report.typ", "paper/template.typ"),
    *("paper/references.bib", "pyproject.toml", "requirements.txt", ".gitignore"),
)


@dataclass(frozen=True)
class Compendium:
    root: Path

    def run(self, *words: str, code: int = 0) -> str:
        finished = subprocess.run(
            [sys.executable, "-m", "analysis.cli", *words],
            cwd=self.root,
            env=os.environ | {"PYTHONPATH": str(self.root / "src"), "PYTHONUTF8": "1"},
            capture_output=True,
            timeout=240,
        )
        said = (finished.stdout + finished.stderr).decode()
        assert finished.returncode == code, said
        assert "Traceback" not in said
        return said


@pytest.fixture(scope="module")
def compendium(tmp_path_factory: pytest.TempPathFactory) -> Compendium:
    root = tmp_path_factory.mktemp("scholar") / "compendium"
    (root / "notebooks" / "studies").mkdir(parents=True)
    for path in (REPOSITORY / "notebooks").glob("*.py"):
        shutil.copyfile(path, root / "notebooks" / path.name)
    for name in COPIED:
        source, target = REPOSITORY / name, root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, target)
    # Of this compendium no raw file is deposited yet.
    (root / "data" / "raw").mkdir(parents=True)
    (root / "data" / "raw" / "SHA256SUMS").touch()
    return Compendium(root)
