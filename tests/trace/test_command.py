"""`compendium trace`, as typed: plain in 80 columns, complete JSON, exit codes, and quick."""

import json
import subprocess
import sys
import unicodedata

import pytest
import typer
from typer.testing import CliRunner

from analysis.cli_trace import TRACE_SETTINGS, trace
from analysis.errors import CompendiumError

QUERIES = ("toy.street.complaints.att", "toy-effects:1:2", "-0.130", "toy-map", "paper/paper.pdf")


@pytest.fixture
def run(toy, monkeypatch):
    monkeypatch.chdir(toy.root)
    app = typer.Typer()
    app.command(context_settings=TRACE_SETTINGS)(trace)

    def invoke(*words):
        return CliRunner().invoke(app, list(words))

    return invoke


def width(line):
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line)


@pytest.mark.parametrize("query", QUERIES)
def test_text_fits_a_terminal(run, query):
    done = run(query)
    assert done.exit_code == 0
    assert "notebooks/0" in done.stdout
    assert max(map(width, done.stdout.splitlines())) <= 80


@pytest.mark.parametrize("query", QUERIES)
def test_json_is_complete(run, query):
    found = json.loads(run(query, "--json").stdout)
    assert found["query"] == query
    for exhibit in found["exhibits"]:
        assert exhibit["entry"]["line"] == 5
        assert all(len(part["sha256"]) == 64 for part in exhibit["run"]["parts"])


def test_a_file_that_differs_has_an_exit_code_of_its_own(run, toy):
    svg = toy.path("paper", "figures", "toy-map.svg").read_bytes() + b" "
    done = run(toy.astray("a.svg", svg))
    assert done.exit_code == 3
    assert "DIFFERS" in done.stdout


def test_what_is_not_known_is_an_error(run):
    done = run("no-such-thing")
    assert isinstance(done.exception, CompendiumError)


def test_help_shows_an_example_of_each_kind(run):
    shown = run("--help").stdout
    for word in ("att", "0.130", "effects-street:3:Estimate", ".png", "Exit codes"):
        assert word in shown


def test_no_heavy_library_is_loaded(toy):
    """Catches an import that would make every answer slow."""
    code = (
        "import sys; from pathlib import Path; from analysis.trace.trace import trace;"
        "from analysis.trace.report import trace_as_text;"
        "trace_as_text(trace(Path('.'), 'toy.street.complaints.att'));"
        "print([m for m in ('pandas', 'numpy', 'matplotlib', 'pydantic') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=toy.root, check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]"
