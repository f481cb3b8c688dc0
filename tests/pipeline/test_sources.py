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


def test_raw_files_that_git_ignores_are_sources_if_their_hashes_are_listed(tmp_path: Path) -> None:
    """Would catch a city whose tickets are kept out of git, and which can then not be verified."""
    raw = tmp_path / "data" / "raw"
    (raw / "city").mkdir(parents=True)
    for name in ("tickets.csv", "notes.csv"):
        (raw / "city" / name).touch()
    listed = "".join(f"{'0' * 64}  city/{name}.csv\n" for name in ("tickets", "gone"))
    (raw / "SHA256SUMS").write_text(listed, encoding="utf-8")
    (tmp_path / ".gitignore").write_text("/data/raw/*/\n", encoding="utf-8")
    git = ["git", "-c", "core.autocrlf=false"]
    subprocess.run([*git, "init", "--quiet"], cwd=tmp_path, check=True)
    subprocess.run([*git, "add", "."], cwd=tmp_path, check=True)
    assert source_files(tmp_path) == (
        Path("data/raw/SHA256SUMS"),
        Path("data/raw/city/tickets.csv"),
    )
