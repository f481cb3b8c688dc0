"""The verb that writes a study file from samples."""

from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner

from analysis.clean.raw_files import check_raw_files
from analysis.cli_new_study import new_study
from analysis.errors import ParameterError
from analysis.study.load import read_study

ROWS = [f"K{n},2024-0{n % 6 + 1}-11 08:00:00,{'ab'[n % 2]},Phone" for n in range(60)]


@pytest.fixture
def run(tmp_path, monkeypatch):
    (tmp_path / "notebooks" / "studies").mkdir(parents=True)
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "sample.csv").write_text("\n".join(["id,opened,ward,source", *ROWS, ""]))
    monkeypatch.chdir(tmp_path)
    app = typer.Typer()
    app.command()(new_study)

    def invoke(*words):
        return CliRunner().invoke(app, ["town", "sample.csv", *words], catch_exceptions=False)

    return invoke


def test_it_tells_what_to_do_next(run, tmp_path):
    """Would catch a user who does not know where files go, or what to run."""
    result = run("--zone", "America/Chicago", "--title", "Our Town", "--title-zh", "我镇")
    assert result.exit_code == 0
    assert "sure      ward" in result.output
    assert "Put the files of tickets into data/raw/town/" in result.output
    assert "then compendium checksums, compendium ingest town, compendium run" in result.output
    assert result.output.endswith("what is found will be in paper/reports/town.pdf\n")
    study = read_study(tmp_path / "notebooks" / "studies" / "town.toml")
    assert study.report
    assert (study.title_en, study.title_zh, study.place_en) == ("Our Town", "我镇", "Our Town")


def test_it_copies_if_asked(run, tmp_path):
    """Would catch --copy that only says so."""
    output = run("--zone", "UTC", "--copy").output
    assert "Copied: 1 files" in output
    raw = tmp_path / "data" / "raw"
    assert (raw / "town" / "sample.csv").is_file()
    check_raw_files(raw, ["town"])


@pytest.mark.parametrize(("channel", "listed"), [("Phone", False), ("Employee Generated", True)])
def test_what_is_still_to_be_listed_is_said(run, tmp_path, channel, listed):
    """Would catch a user whose run stops at files that nobody told them to list."""
    sample = tmp_path / "sample.csv"
    text = sample.read_text()
    sample.write_text(text.replace(",b,Phone", f",b,{channel}"))
    # Without cases of staff, adoption.csv is to be written before anything runs.
    assert ("compendium checksums" not in run("--zone", "UTC", "--copy").output) == listed


def test_restricted_tickets_stay_in_their_folder(run, tmp_path):
    """Would catch a study file or tickets of restricted data where git keeps them."""
    before = sorted(path for path in tmp_path.rglob("*") if path.is_file())
    output = run("--zone", "UTC", "--copy", "--data", "restricted").output
    folder = tmp_path / "data" / "restricted" / "town"
    added = {path for path in tmp_path.rglob("*") if path.is_file()}.difference(before)
    assert added == {folder / "town.toml", folder / "sample.csv"}
    assert "Written: data/restricted/town/town.toml" in output
    assert "Copied: 1 files into data/restricted/town/\n" in output
    assert output.endswith(
        "compendium ingest town --data restricted, compendium run --study town --data restricted; "
        "what is found will be in data/restricted/town/publishable/report.pdf\n"
    )
    study = read_study(folder / "town.toml")
    assert (study.access, study.threshold, study.report) == ("restricted", 10, False)


def test_files_that_are_in_place_need_not_be_put_there(run, tmp_path, monkeypatch):
    """Would catch an author who looks for a second place to put the export."""
    folder = tmp_path / "data" / "restricted" / "town"
    folder.mkdir(parents=True)
    (tmp_path / "sample.csv").rename(folder / "sample.csv")
    monkeypatch.chdir(folder)
    assert "Put the files" not in run("--zone", "UTC", "--data", "restricted").output


def test_it_says_that_git_ignores_raw_tickets(run, tmp_path):
    """Would catch a user who does not know whether files with callers are published."""
    assert (
        "git ignores data/raw/town/ until you name it in .gitignore" in run("--zone", "UTC").output
    )
    sample = tmp_path / "sample.csv"
    lines = sample.read_text().splitlines()
    named = [f"{line},{'phone' if n == 0 else '617-555-0123'}" for n, line in enumerate(lines)]
    sample.write_text("\n".join(named))
    output = run("--zone", "UTC", "--force").output
    assert "The raw files tell who people are: git ignores data/raw/town/" in output


def test_it_speaks_json(run):
    """Would catch text between the braces."""
    told = json.loads(run("--zone", "UTC", "--json").output)
    assert told["sources"][0]["columns"][0] == {"column": "id", "headers": ["id"], "sure": "sure"}


def test_a_mistyped_zone_is_refused(run):
    """Would catch a zone that only the study file's reader would refuse."""
    with pytest.raises(ParameterError, match="did you mean 'America/Chicago'"):
        run("--zone", "America/Chicaco")
