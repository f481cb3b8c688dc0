"""The verb: exit codes, JSON, and where reports are written."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
import typer
from typer.testing import CliRunner

from analysis import cli_verify
from analysis.errors import ParameterError
from analysis.verify import run as module
from analysis.verify import state
from analysis.verify.run import Options, Verification
from analysis.verify.verdict import Verdict

TOY = Path(__file__).parents[1] / "toy_compendium"

app = typer.Typer()
app.command()(cli_verify.verify)


@pytest.fixture
def found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Verification:
    """What the verb is told was found in the toy compendium."""
    monkeypatch.chdir(shutil.copytree(TOY, tmp_path / "toy"))
    verification = Verification(Options(), [Verdict("PASS", "rerun", "number", "toy.n")], [1.0])
    monkeypatch.setattr(module, "verify", lambda *_: verification)
    return verification


def test_a_pass_ends_with_0_and_writes_both_reports(found: Verification) -> None:
    result = CliRunner().invoke(app, [])
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == "1 PASS, 0 EXPLAINED, 0 FAIL."
    assert {path.name for path in Path(".cache/verify").iterdir()} == {
        "report.html",
        "report.json",
    }


def test_a_failure_ends_with_1_and_json_is_all_of_the_output(found: Verification) -> None:
    found.verdicts.append(Verdict("FAIL", "rerun", "number", "toy.m", "", "1", "2"))
    result = CliRunner().invoke(app, ["--json", "--report", "review"])
    assert result.exit_code == 1
    assert json.loads(result.stdout)["result"] == "FAIL"
    assert json.loads(Path("review/report.json").read_text(encoding="utf-8"))["result"] == "FAIL"


def test_a_failed_rerun_ends_with_2(found: Verification) -> None:
    found.failure = "the rerun failed"
    assert CliRunner().invoke(app, []).exit_code == 2


def test_an_unknown_exhibit_or_study_ends_with_2_and_runs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shutil.copytree(TOY, tmp_path / "toy"))
    result = CliRunner().invoke(app, ["--study", "toi"])
    assert result.exit_code == 2
    assert "did you mean 'toy'?" in result.stderr
    result = CliRunner().invoke(app, ["--only", "toy.total"])
    assert result.exit_code == 2
    assert "there is no exhibit 'toy.total'" in result.stderr
    assert not Path(".cache/verify").exists()


def test_a_report_that_cannot_be_written_is_told_before_anything_runs(
    found: Verification, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Catches a traceback after a run of many minutes."""
    monkeypatch.setattr(module, "verify", lambda *_: pytest.fail("it ran"))
    for folder in ("pyproject.toml", "pyproject.toml/report"):
        result = CliRunner().invoke(app, ["--report", folder])
        assert result.exit_code == 2
        assert "pyproject.toml: it is no folder" in result.stderr


def test_an_exhibit_of_another_study_is_called_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Catches a list of all that the named study has, as if the id were mistyped."""
    entries = {"toy": {"toy.n": None}, "other": {}}
    ledgers = {study: SimpleNamespace(entries=own) for study, own in entries.items()}
    monkeypatch.setattr(state, "read_ledgers", lambda _: ledgers)
    with pytest.raises(ParameterError, match=r"toy\.n: this exhibit is of a study that --study"):
        state.read_state(tmp_path, ["other"], ["toy.n"])
