"""The sources: what a fresh clone has is copied, and nothing that a run makes."""

from __future__ import annotations

import subprocess
from pathlib import Path

from analysis.pipeline.sources import copy_sources, source_files


def test_the_copy_has_sources_and_nothing_that_was_made(tmp_path: Path) -> None:
    names = ["data/raw/toy/a.csv", "notebooks/01_clean.py", "paper/paper.typ", "pyproject.toml"]
    made = ["paper/figures/a.svg", "paper/paper.pdf", "notebooks/executed/toy/a.ipynb"]
    made += ["data/processed/toy/a.csv", ".cache/x", "src/analysis/__pycache__/a.pyc"]
    for name in (*names, *made):
        (tmp_path / "root" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "root" / name).touch()
    copy_sources(tmp_path / "root", tmp_path / "copy")
    found = {p.relative_to(tmp_path / "copy").as_posix() for p in (tmp_path / "copy").rglob("*.*")}
    assert found == set(names)


def test_of_a_repository_only_what_it_tracks(tmp_path: Path) -> None:
    """Would catch a verification that passes here by a file that nobody else will have."""
    for name in ("kept.py", "forgotten.py", "deleted.py"):
        (tmp_path / name).touch()
    git = ["git", "-c", "core.autocrlf=false"]
    subprocess.run([*git, "init", "--quiet"], cwd=tmp_path, check=True)
    subprocess.run([*git, "add", "kept.py", "deleted.py"], cwd=tmp_path, check=True)
    (tmp_path / "deleted.py").unlink()
    assert source_files(tmp_path) == (Path("kept.py"),)
