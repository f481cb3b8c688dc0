"""The environment of a run: every folder inside the project, nothing left to chance."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.pipeline import environment
from analysis.pipeline.environment import enter_environment, isolated_environment


def test_every_path_is_inside_the_project(tmp_path: Path) -> None:
    values = isolated_environment(tmp_path).values()
    paths = [Path(value) for value in values if Path(value).is_absolute()]
    assert len(paths) > 5
    assert all(path.is_relative_to(tmp_path / ".cache") for path in paths)


def test_threads_and_hash_seed_are_fixed(tmp_path: Path) -> None:
    values = isolated_environment(tmp_path)
    assert values["OMP_NUM_THREADS"] == values["OPENBLAS_NUM_THREADS"] == "1"
    assert values["PYTHONHASHSEED"] == "0"


def test_entering_sets_the_variables_and_makes_the_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    process: dict[str, str] = {}
    monkeypatch.setattr(environment.os, "environ", process)
    enter_environment(tmp_path)
    assert process == isolated_environment(tmp_path)
    assert Path(process["TMPDIR"]).is_dir()
