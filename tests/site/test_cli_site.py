"""The verb: where the site goes, what is printed, and how a failure ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from analysis.cli_site import site
from analysis.errors import RunError

APP = typer.Typer()
APP.command()(site)


def test_it_builds_into_the_cache_and_says_what_to_open(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tree)
    result = CliRunner().invoke(APP, [], catch_exceptions=False)
    assert result.exit_code == 0
    assert (tree / ".cache" / "site" / "index.html").is_file()
    assert "in a browser" in result.output


def test_as_json_it_tells_place_and_size(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tree)
    words = ["--output", str(tmp_path / "review"), "--json"]
    told = json.loads(CliRunner().invoke(APP, words, catch_exceptions=False).output)
    assert Path(told["index"]) == tmp_path / "review" / "index.html"
    assert told["bytes"] > told["bytes_apart_from_notebooks_and_paper"] > 0


def test_without_results_it_says_to_run_first(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tree / "paper" / "ledger" / "toy.json").unlink()
    monkeypatch.chdir(tree)
    with pytest.raises(RunError, match="run first"):
        CliRunner().invoke(APP, [], catch_exceptions=False)
