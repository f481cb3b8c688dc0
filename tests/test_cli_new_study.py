"""The verb that writes a study file from samples."""

from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner

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
    assert result.output.endswith("compendium ingest town\n")
    study = read_study(tmp_path / "notebooks" / "studies" / "town.toml")
    assert (study.title_en, study.title_zh, study.place_en) == ("Our Town", "我镇", "Our Town")


def test_it_copies_if_asked(run, tmp_path):
    """Would catch --copy that only says so."""
    assert "Copied: 1 files" in run("--zone", "UTC", "--copy").output
    assert (tmp_path / "data" / "raw" / "town" / "sample.csv").is_file()


def test_it_speaks_json(run):
    """Would catch text between the braces."""
    told = json.loads(run("--zone", "UTC", "--json").output)
    assert told["sources"][0]["columns"][0] == {"column": "id", "headers": ["id"], "sure": "sure"}


def test_a_mistyped_zone_is_refused(run):
    """Would catch a zone that only the study file's reader would refuse."""
    with pytest.raises(ParameterError, match="did you mean 'America/Chicago'"):
        run("--zone", "America/Chicaco")
