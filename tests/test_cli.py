"""The command: verbs, exit codes, and errors in a few lines."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from analysis import cli
from analysis.cli import app, main
from analysis.errors import ParameterError, Problem, RunError
from analysis.pipeline import tools

TOY = Path(__file__).parent / "toy_compendium"


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = Path(shutil.copytree(TOY, tmp_path / "toy"))
    monkeypatch.chdir(root)
    # Verbs set variables for the whole process; this puts them back.
    monkeypatch.setattr(os, "environ", os.environ.copy())
    return root


def test_help_names_every_verb_and_loads_nothing_heavy() -> None:
    """Catches an import at the top of the module that makes every call slow."""
    code = (
        "import sys; from typer.testing import CliRunner; from analysis.cli import app; "
        "print(CliRunner().invoke(app, ['--help']).output); "
        "print(sorted({'pandas', 'pytask', 'papermill'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True
    )
    for verb in [
        "run",
        "explain",
        "notebook",
        "test",
        "lab",
        "clean",
        "bench",
        "simulate",
        "checksums",
    ]:
        assert f" {verb} " in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"


def test_an_error_is_told_in_a_few_lines_and_ends_with_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(**_: object) -> None:
        raise RunError("it failed", [Problem("no file", "a.csv", "make it")])

    monkeypatch.setattr(cli, "app", fail)
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 1
    assert capsys.readouterr().err == "\nit failed\n  - a.csv: no file\n    Hint: make it\n"


def test_outside_a_compendium_nothing_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The top of the disk, because the tests' own folders may be inside the compendium.
    monkeypatch.chdir(tmp_path.anchor)
    result = CliRunner().invoke(app, [])
    assert isinstance(result.exception, RunError)
    assert "this is not a compendium" in str(result.exception)


def test_a_parameter_without_a_value_is_refused(toy: Path) -> None:
    result = CliRunner().invoke(app, ["notebook", "01_clean", "-p", "study"])
    assert "write it as -p study=beijing" in str(result.exception)


def test_the_graph_is_printed_before_anything_ran(toy: Path) -> None:
    result = CliRunner().invoke(app, ["explain", "--mermaid"])
    assert result.output.startswith("flowchart LR\n")
    assert "  class s0,s1," in result.output
    assert " stale\n" in result.output


def test_before_the_first_run_every_step_is_stale(toy: Path) -> None:
    lines = CliRunner().invoke(app, ["explain"]).output.splitlines()
    assert lines[:2] == ["toy/01_clean: stale", "  - it has not run here yet"]
    steps = sum(line.endswith(": stale") for line in lines)
    assert lines[-1] == f"{steps} steps: {steps} stale."


def test_words_after_test_go_to_pytest(toy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[list[str]] = []

    def call(command: list[str], cwd: Path) -> int:
        called.append(command)
        return 5

    monkeypatch.setattr(tools.subprocess, "call", call)
    result = CliRunner().invoke(app, ["test", "-k", "paper"])
    assert result.exit_code == 5
    assert called[0][-4:] == ["tests", "src", "-k", "paper"]
    CliRunner().invoke(app, ["test", "tests/test_cli.py"])
    assert called[1][-2:] == [f"cache_dir={toy / '.cache' / 'pytest'}", "tests/test_cli.py"]


def test_clean_says_what_it_removed(toy: Path) -> None:
    (toy / "data" / "processed" / "toy").mkdir(parents=True)
    result = CliRunner().invoke(app, ["clean"])
    assert "removed data/processed/toy" in result.output
    result = CliRunner().invoke(app, ["clean"])
    assert "data/processed" not in result.output


def test_an_option_before_a_verb_is_not_silently_ignored(toy: Path) -> None:
    result = CliRunner().invoke(app, ["--study", "toy", "explain"])
    assert isinstance(result.exception, ParameterError)
    assert "write it after the verb, if it has it: explain --help" in str(result.exception)


def test_a_parameter_given_twice_is_refused(toy: Path) -> None:
    """Catches the first of two values that is dropped without a word."""
    words = ["notebook", "01_clean", "-p", "study=toy", "-p", "study=other"]
    result = CliRunner().invoke(app, words)
    assert isinstance(result.exception, ParameterError)
    assert "'study' is given more than once" in str(result.exception)


def test_checksums_are_renewed_only_when_asked(toy: Path) -> None:
    raw = toy / "data" / "raw"
    added = next(path for path in raw.iterdir() if path.is_dir()) / "added.csv"
    added.write_text("a\n1\n", encoding="utf-8")
    name = added.relative_to(raw).as_posix()
    assert name not in (raw / "SHA256SUMS").read_text(encoding="utf-8")
    assert CliRunner().invoke(app, ["checksums"]).exit_code == 0
    assert name in (raw / "SHA256SUMS").read_text(encoding="utf-8")


@pytest.mark.parametrize("verb", [[], ["run"]])
def test_restricted_data_without_an_export_say_what_to_put_where(
    toy: Path, verb: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would catch a run on the public data in place of the restricted ones."""
    words = ["compendium", *verb, "--study", "toy", "--data", "restricted"]
    monkeypatch.setattr(sys, "argv", words)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    assert "data/restricted/toy: there is no export" in capsys.readouterr().err


def test_a_file_that_may_not_be_read_is_told_in_two_lines(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Catches a traceback for a folder without permission, or a disk that is full."""

    def fail(**_: object) -> None:
        raise PermissionError(13, "Permission denied", "paper/a b.json")

    monkeypatch.setattr(cli, "app", fail)
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 1
    told = capsys.readouterr().err
    assert told == "\na file cannot be read or written: Permission denied\n  - paper/a b.json\n"
