"""The verb tells what it made and what is wanting, in words or as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from analysis.archive import deposit
from analysis.cli_archive import archive


def test_it_tells_what_was_made(
    compendium: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deposit, "check_up_to_date", lambda root: [])
    monkeypatch.chdir(compendium)
    (compendium / "site").mkdir()
    app = typer.Typer()
    app.command()(archive)
    output = tmp_path / "deposit"
    plain = CliRunner().invoke(app, ["--output", str(output)])
    assert plain.exit_code == 0
    assert f"MB: {output.resolve()}" in plain.stdout
    assert "Left out: site" in plain.stdout
    assert "Note: CODECHECK asks for the ORCID of The toy makers" in plain.stdout
    told = json.loads(CliRunner().invoke(app, ["--output", str(output), "--json"]).stdout)
    assert told["folder"] == str(output.resolve())
    assert told["left_out"] == ["site"]
    assert told["files"] == sum(path.is_file() for path in output.rglob("*"))
