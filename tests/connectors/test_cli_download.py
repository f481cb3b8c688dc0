"""`compendium download`, as typed."""

import json

import pytest
import typer
from typer.testing import CliRunner

from analysis import cli_download
from analysis.cli_download import download
from analysis.errors import DataError, ParameterError, RunError

RUN = CliRunner()
APP = typer.Typer(pretty_exceptions_enable=False)
APP.command()(download)


@pytest.fixture
def run(portal, tmp_path, monkeypatch):
    """Type the command in a compendium whose study has two tables."""
    (tmp_path / "notebooks" / "studies").mkdir(parents=True)
    (tmp_path / "pyproject.toml").touch()
    tables = (
        portal.download("ckan", folder="legacy", page_size=10),
        portal.download("socrata", folder="current", page_size=10),
    )
    monkeypatch.setattr(cli_download, "_tables", lambda study, folder: tables)
    monkeypatch.chdir(tmp_path)
    return lambda *words: RUN.invoke(APP, ["invented", *words])


def test_every_table_is_downloaded_and_told(run, tmp_path):
    done = run()
    assert done.exit_code == 0
    assert "data/raw/invented/legacy: 23 rows in 3 files." in done.stdout
    assert "data/raw/invented/current: 23 rows in 3 files." in done.stdout
    assert "compendium checksums" in done.stdout
    assert (tmp_path / "data/raw/invented/current/provenance.json").is_file()


def test_one_table_alone(run, tmp_path):
    run("--only", "current")
    assert [path.name for path in (tmp_path / "data/raw/invented").iterdir()] == ["current"]
    assert isinstance(run("--only", "curent").exception, ParameterError)


def test_json_is_nothing_else(run):
    told = json.loads(run("--json").stdout)
    assert {folder: record["rows"] for folder, record in told.items()} == {
        "legacy": 23,
        "current": 23,
    }


def test_check_needs_no_portal(run, portal, tmp_path):
    run()
    asked = len(portal.requests)
    assert "2 tables are as they were downloaded." in run("--check").stdout
    (tmp_path / "data/raw/invented/legacy/part-00002.jsonl.gz").unlink()
    failed = run("--check")
    assert isinstance(failed.exception, DataError)
    assert "legacy/part-00002.jsonl.gz: the file is missing" in str(failed.exception)
    assert len(portal.requests) == asked


def test_fresh_starts_over(run, portal, server):
    run()
    portal.rows = server.make_rows(4)
    assert "legacy: 23 rows" in run().stdout
    assert "legacy: 4 rows" in run("--fresh").stdout


def test_fresh_and_check_exclude_each_other(run):
    assert "leave one of them out" in str(run("--fresh", "--check").exception)


def test_a_portal_that_fails_is_an_error(run, portal, server):
    portal.faults = [server.Fault("stated", at=1)]
    failed = run()
    assert isinstance(failed.exception, RunError)
    assert "Search index is corrupt" in str(failed.exception)


def test_a_study_without_downloads_says_what_to_add(run, monkeypatch):
    monkeypatch.setattr(cli_download, "_tables", lambda study, folder: ())
    assert "[[tickets.download]]" in str(run().exception)
