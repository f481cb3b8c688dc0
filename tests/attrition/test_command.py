"""`compendium attrition`, as typed."""

import json

import pytest
import typer
from typer.testing import CliRunner

from analysis.cli_attrition import attrition
from analysis.errors import ParameterError

TWFE, STACKED = "toy.street.complaints.twfe", "toy.street.complaints.stacked"


@pytest.fixture
def run(root, monkeypatch):
    monkeypatch.chdir(root)
    app = typer.Typer()
    app.command()(attrition)

    def invoke(*words):
        return CliRunner().invoke(app, list(words))

    return invoke


@pytest.mark.parametrize("words", [(), ("--study", "toy"), (TWFE,), (TWFE, STACKED)])
def test_text_fits_a_terminal(run, words):
    done = run(*words)
    assert done.exit_code == 0
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "zero outcome" in done.stdout


def test_totals_stand_below_cleaning_and_comparison(run):
    lines = [line.split() for line in run("--study", "toy").stdout.splitlines()]
    assert ["together", "1,011", "·", "3", "·", "·", "1,008"] in lines
    compared = run(TWFE, STACKED).stdout.splitlines()
    assert compared[-1].split() == ["together", "10"]
    assert ["observations", "of", "the", "second", "9"] in [line.split() for line in compared]


def test_json_has_every_row(run):
    [account] = json.loads(run("--json").stdout)
    assert [step["rows_in"] for step in account["cleaning"]] == [1_011, 1_008]
    assert len(account["results"]) == 3
    compared = json.loads(run(TWFE, STACKED, "--json").stdout)
    assert compared["only_first"][1]["rows"] == "9-11"
    [flow] = json.loads(run(TWFE, "--json").stdout)
    assert flow["flow"]["observations"] == 7


@pytest.mark.parametrize(
    "words", [(TWFE, TWFE, TWFE), (TWFE, "--study", "toy"), ("--study", "tot"), ("toy.x",)]
)
def test_what_cannot_be_told_is_an_error(run, words):
    assert isinstance(run(*words).exception, ParameterError)
