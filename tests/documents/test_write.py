"""All documents are filled together, and a check names the first line that differs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from analysis.cli_document import document
from analysis.documents.write import check_documents, write_documents
from analysis.errors import CompendiumError


@pytest.fixture
def filled(compendium: Path) -> Path:
    assert write_documents(compendium) == [
        Path("README.md"),
        Path("data/files.md"),
        Path("paper/exhibits.md"),
    ]
    return compendium


def test_filled_again_nothing_changes(filled: Path) -> None:
    assert write_documents(filled) == []
    assert check_documents(filled) == []


def test_line_ends_outside_the_regions_stay(filled: Path) -> None:
    """Catches a file that is read or written as text on Windows."""
    path = filled / "README.md"
    path.write_bytes(path.read_bytes().replace(b"# Toy\n", b"# Toy\r\n"))
    (filled / "paper/runtime.json").write_text(
        (filled / "paper/runtime.json").read_text("utf-8").replace("Abacus", "Soroban"), "utf-8"
    )
    assert write_documents(filled) == [Path("README.md")]
    assert path.read_bytes().startswith(b"# Toy\r\n")


def test_the_first_line_that_differs_is_named(filled: Path) -> None:
    path = filled / "README.md"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    line = next(number for number, text in enumerate(lines) if "`bootstrap_seed`" in text)
    lines[line] = lines[line].replace("| 1 |", "| 2 |", 1)
    path.write_text("".join(lines), encoding="utf-8")
    [problem] = check_documents(filled)
    assert problem.where == f"README.md, line {line + 1}"
    assert problem.what.startswith("region 'seeds' says '| `bootstrap_seed` | 2 |")
    assert path.read_text("utf-8") == "".join(lines)


def test_a_line_too_few_is_named(filled: Path) -> None:
    path = filled / "data/files.md"
    text = path.read_text("utf-8")
    row = next(line for line in text.splitlines() if "truth.csv" in line)
    path.write_text(text.replace(f"{row}\n", ""), encoding="utf-8")
    [problem] = check_documents(filled)
    assert "region 'data-files' says ''" in problem.what


@pytest.fixture
def command() -> typer.Typer:
    app = typer.Typer()
    app.command()(document)
    return app


def test_the_command_checks_and_writes(
    compendium: Path, command: typer.Typer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(compendium)
    runner = CliRunner()
    before = runner.invoke(command, ["--check", "--json"])
    found = json.loads(before.stdout)["problems"]
    assert before.exit_code == 1
    assert [problem["where"] for problem in found][-1] == "paper/exhibits.md, line 3"
    assert len(found) == 7
    assert runner.invoke(command, []).stdout.startswith("written: README.md, data/files.md")
    after = runner.invoke(command, ["--check"])
    assert (after.exit_code, after.stdout) == (0, "All are up to date.\n")


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("README.md", b"caf\xe9", "README.md: it is not UTF-8 at byte 4"),
        ("paper/runtime.json", b"{", "paper/runtime.json: it cannot be read"),
        ("paper/runtime.json", b"{}", "it is no record of runtime"),
        ("paper/uses.json", b"{", "paper/uses.json: it cannot be read"),
        ("requirements.txt", b"==1\n", "this pins no package: '==1'"),
        ("pyproject.toml", b"[project", "pyproject.toml: it cannot be read"),
    ],
)
def test_a_broken_file_is_named_and_nothing_is_written(
    filled: Path, name: str, content: bytes, found: str
) -> None:
    """Catches tracebacks, and documents of which some are filled and some are not."""
    (filled / "data" / "files.md").write_text(
        "<!-- begin generated: data-files -->\n<!-- end generated: data-files -->\n"
    )
    (filled / name).write_bytes(content)
    with pytest.raises(CompendiumError, match=found):
        write_documents(filled)
    assert len((filled / "data" / "files.md").read_text("utf-8").splitlines()) == 2
