"""Which files git keeps, and what is said where there is no git."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from analysis.git import list_files


def test_tracked_and_new_files_are_told_apart_and_names_are_not_quoted(tmp_path: Path) -> None:
    """Catches names that git writes in quotes and octal digits, as it does with Chinese ones."""
    subprocess.run(["git", "init", "-q", "."], cwd=tmp_path, check=True)
    for name in ("诉求.csv", "new.csv", "ignored.csv"):
        (tmp_path / name).touch()
    (tmp_path / ".gitignore").write_text("ignored.csv\n", encoding="utf-8")
    subprocess.run(["git", "add", "诉求.csv", ".gitignore"], cwd=tmp_path, check=True)
    assert sorted(list_files(tmp_path)) == [".gitignore", "诉求.csv"]
    assert list_files(tmp_path, "--others", "--exclude-standard") == ["new.csv"]


def test_without_a_repository_or_without_git_there_are_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert list_files(tmp_path) == []
    monkeypatch.setenv("PATH", "")
    assert list_files(tmp_path) == []
