"""The verb `preflight`: its options, output and exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from analysis.cli_preflight import preflight

app = typer.Typer()
app.command()(preflight)


@pytest.fixture(autouse=True)
def compendium(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "notebooks" / "studies").mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'a'\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_exits_0_without_and_1_with_findings(compendium: Path) -> None:
    runner = CliRunner()
    assert runner.invoke(app, ["--only", "archives"]).exit_code == 0
    (compendium / "a.zip").write_text("x", encoding="utf-8")
    result = runner.invoke(app, ["--only", "archives"])
    assert result.exit_code == 1
    assert "error: a.zip: it is an archive (.zip)" in result.stdout
    assert "1 error and 0 warnings in 1 check" in result.stdout.splitlines()[-1]


def test_warnings_pass_only_if_allowed(compendium: Path) -> None:
    (compendium / "a.txt").write_text("x", encoding="utf-8")
    (compendium / "b.txt").write_text("x", encoding="utf-8")
    runner = CliRunner()
    assert runner.invoke(app, ["--only", "duplicates"]).exit_code == 1
    assert runner.invoke(app, ["--only", "duplicates", "--allow-warnings"]).exit_code == 0


def test_json_says_the_same(compendium: Path) -> None:
    (compendium / "a.zip").write_text("x", encoding="utf-8")
    content = json.loads(CliRunner().invoke(app, ["--only", "archives", "--json"]).stdout)
    (finding,) = content["checks"][0]["findings"]
    assert (content["passed"], finding["file"]) == (False, "a.zip")


def test_the_list_runs_nothing(compendium: Path) -> None:
    (compendium / "a.zip").write_text("x", encoding="utf-8")
    result = CliRunner().invoke(app, ["--list"])
    assert result.exit_code == 0
    assert "Asked by" in result.stdout
