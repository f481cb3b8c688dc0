"""Where an export is looked for, and when it may not be used."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from analysis.errors import DataError, Problem, RunError
from analysis.restricted import run
from analysis.restricted.place import find_export, studies_of_exports
from analysis.restricted.run import restricted_workspace, run_restricted

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    studies = Path("notebooks/studies")
    shutil.copytree(REPOSITORY / studies, tmp_path / studies)
    return tmp_path


def put(root: Path, *names: str) -> Path:
    folder = root / "data" / "restricted" / "beijing"
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("secret", encoding="utf-8")
    return folder


def git(root: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=root, check=True, capture_output=True)


def test_only_the_files_of_the_export_are_taken(root: Path) -> None:
    """Would catch what a former run made, or an editor left, being read as raw data."""
    made = ["workspace/paper/numbers.json", "publishable/report.pdf", ".DS_Store", "beijing.toml"]
    put(root, "streets.csv", *made)
    assert find_export(root, "beijing").exported == (Path("streets.csv"),)


def test_no_export_says_what_to_put_where(root: Path) -> None:
    with pytest.raises(RunError, match=r"data/restricted/beijing: there is no export") as caught:
        find_export(root, "beijing")
    assert "data/raw/beijing/" in str(caught.value)


def test_a_study_without_counterpart_is_named(root: Path) -> None:
    with pytest.raises(RunError, match=r"no study 'bejing'(.|\n)*did you mean 'beijing'"):
        find_export(root, "bejing")


def test_a_run_without_a_study_is_refused(root: Path) -> None:
    put(root, "streets.csv")
    with pytest.raises(RunError, match=r"--study beijing --data restricted"):
        run_restricted(root, [])


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_an_export_that_git_keeps_or_would_keep_is_refused(root: Path) -> None:
    put(root, "streets.csv")
    git(root, "init")
    with pytest.raises(RunError, match="git does not ignore this folder"):
        find_export(root, "beijing")
    shutil.copyfile(REPOSITORY / ".gitignore", root / ".gitignore")
    assert find_export(root, "beijing").exported
    git(root, "add", "--force", "data/restricted/beijing/streets.csv")
    with pytest.raises(RunError, match="git keeps 1 of its files"):
        find_export(root, "beijing")


def test_an_export_with_a_study_file_of_its_own_needs_no_public_study(root: Path) -> None:
    """Would catch an author who has to make the study public to run it."""
    folder = root / "data" / "restricted" / "capital"
    folder.mkdir(parents=True)
    (folder / "tickets.csv").touch()
    with pytest.raises(RunError, match=r"no capital\.toml in data/restricted/capital"):
        find_export(root, "capital")
    (folder / "capital.toml").touch()
    (folder / "notes.toml").touch()
    assert studies_of_exports(root) == ["capital"]
    assert find_export(root, "capital").own_study == folder / "capital.toml"
    (folder / "tickets.csv").unlink()
    (folder / "notes.toml").unlink()
    with pytest.raises(RunError, match="there is no export") as caught:
        find_export(root, "capital")
    assert "the files it describes" in str(caught.value)


def test_what_goes_wrong_in_a_workspace_says_where_that_is(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would catch an author sent to a file of that name in the public tree."""
    monkeypatch.setattr(run, "lay_out", lambda place: None)
    put(root, "streets.csv")
    place = find_export(root, "beijing")
    with pytest.raises(DataError) as caught, restricted_workspace(place):
        raise DataError("it is wrong", [Problem("no rows", "data/raw/beijing/streets.csv")])
    assert "named as they are in data/restricted/beijing/workspace/" in str(caught.value)
    assert caught.value.problems[0].where == "data/raw/beijing/streets.csv"
