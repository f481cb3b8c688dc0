"""Staging: all products or none, and nothing of a killed run survives."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from analysis.errors import RunError
from analysis.pipeline.staging import clean_folder, only_run, publish, staging_folder


def make(folder: Path, name: str, content: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(content, encoding="utf-8")


def test_declared_products_move_into_place(tmp_path: Path) -> None:
    with only_run(tmp_path) as run_folder, staging_folder(run_folder, "study/step") as folder:
        make(folder, "paper/a.txt", "new")
        publish(folder, tmp_path, run_folder, declared=[Path("paper/a.txt")], former=[])
    assert (tmp_path / "paper/a.txt").read_text(encoding="utf-8") == "new"
    assert not (tmp_path / ".cache" / "staging").exists()


@pytest.mark.parametrize(
    ("made", "message"),
    [(["a", "b"], "b: nobody declared this file"), ([], "a: the step did not make it")],
)
def test_other_files_than_declared_move_nothing(
    tmp_path: Path, made: list[str], message: str
) -> None:
    make(tmp_path, "a", "old")
    with only_run(tmp_path) as run_folder, staging_folder(run_folder, "step") as folder:
        for name in made:
            make(folder, name, "new")
        with pytest.raises(RunError, match=message):
            publish(folder, tmp_path, run_folder, declared=[Path("a")], former=[])
    assert (tmp_path / "a").read_text(encoding="utf-8") == "old"


def test_what_a_step_no_longer_makes_is_removed(tmp_path: Path) -> None:
    make(tmp_path, "old.svg", "old")
    with only_run(tmp_path) as run_folder, staging_folder(run_folder, "step") as folder:
        make(folder, "new.svg", "new")
        declared, former = [Path("new.svg")], [Path("old.svg"), Path("gone.svg")]
        publish(folder, tmp_path, run_folder, declared=declared, former=former)
    assert not (tmp_path / "old.svg").exists()
    assert (tmp_path / "new.svg").exists()


def test_an_unchanged_product_keeps_its_time_stamp(tmp_path: Path) -> None:
    make(tmp_path, "a", "same")
    os.utime(tmp_path / "a", (1, 1))
    with only_run(tmp_path) as run_folder, staging_folder(run_folder, "step") as folder:
        make(folder, "a", "same")
        publish(folder, tmp_path, run_folder, declared=[Path("a")], former=[])
    assert (tmp_path / "a").stat().st_mtime == 1


def test_leftovers_of_a_killed_run_are_swept(tmp_path: Path) -> None:
    left = tmp_path / ".cache" / "staging" / "killed" / "step"
    make(left, "half.svg", "half")
    with only_run(tmp_path):
        assert not left.exists()


def test_a_worker_of_a_killed_run_publishes_nothing(tmp_path: Path) -> None:
    """Catches a worker that outlives its run and overwrites what the next run makes."""
    with only_run(tmp_path) as run_folder:
        shutil.rmtree(run_folder)  # what the sweep of a later run does
        folder = run_folder / "step"
        make(folder, "a", "late")
        with pytest.raises(RunError, match="given up"):
            publish(folder, tmp_path, run_folder, declared=[Path("a")], former=[])
    assert not (tmp_path / "a").exists()


def test_two_runs_at_once_are_refused(tmp_path: Path) -> None:
    with only_run(tmp_path), pytest.raises(RunError, match="another run"), only_run(tmp_path):
        pass
    with only_run(tmp_path):
        pass


def test_clean_folder_keeps_what_it_is_told_to(tmp_path: Path) -> None:
    make(tmp_path, "README.md", "")
    make(tmp_path, "study/panel.csv", "")
    assert clean_folder(tmp_path, keep=["README.md"]) == [tmp_path / "study"]
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]
