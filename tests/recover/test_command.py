"""`compendium recover` from its words to its output."""

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from analysis.cli import app
from analysis.cli_effects import spread_values
from analysis.errors import ParameterError


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    # The folder may lie inside the compendium, whose own cache must not be used.
    monkeypatch.setattr("analysis.cli_recover._cache", lambda: tmp_path / "cache")
    return tmp_path


def run(words: str) -> str:
    result = CliRunner().invoke(app, ["recover", "--workers", "1", *words.split()])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


SMALL = "--shape districts --estimator twfe --inference CR1 --draws 3"


def test_a_shape_gives_a_table_with_size_and_power(elsewhere: Path) -> None:
    text = run(SMALL)
    assert "16 units in 16 clusters" in text
    assert "No effect (log points" in text
    assert "twfe       CR1" in text
    assert list((elsewhere / "cache").rglob("*.csv"))


def test_json_has_every_target_at_full_precision() -> None:
    words = "--estimator twfe_event_study --inference CR1 --draws 3 --effect constant --json"
    found = json.loads(run(words))
    kinds = {row["kind"] for row in found["summary"]}
    assert kinds == {"overall", "event_time"}
    assert found["summary"][0]["truth"] == pytest.approx(-0.15)
    assert found["errors"]["persistence"] == 0.6
    assert found["refused"] == []


def test_a_summary_can_be_kept_as_a_file(elsewhere: Path) -> None:
    run(f"{SMALL} --write kept/summary.csv")
    kept = pd.read_csv(elsewhere / "kept" / "summary.csv")
    assert kept["effect"].tolist() == ["none", "heterogeneous"]


def test_the_size_of_the_effect_and_the_seed_are_used() -> None:
    words = f"{SMALL} --effect constant --json"
    first = json.loads(run(f"{words} --size 0.3"))["summary"][0]
    second = json.loads(run(f"{words} --size 0.3 --seed 1"))["summary"][0]
    assert first["truth"] == pytest.approx(0.3)
    assert first["bias"] != second["bias"]


def test_an_own_panel_is_read_from_a_file(elsewhere: Path) -> None:
    rows = [
        (town, year, 2004 if town < "d" else 0, 3 * ord(town) + (year * ord(town)) % 11)
        for town in "abcdefgh"
        for year in range(2000, 2010)
    ]
    frame = pd.DataFrame(rows, columns=["town", "year", "first", "y"])
    frame.to_csv(elsewhere / "own.csv", index=False)
    text = run(
        "--panel own.csv --unit town --period year --outcome y --adoption first "
        "--estimator twfe --inference CR1 --draws 3"
    )
    assert "own: 8 units in 8 clusters over 10 periods, 1 cohorts of 3 units" in text


def test_a_wrong_mixture_of_options_is_refused() -> None:
    with pytest.raises(ParameterError, match="give one of the two"):
        run("--shape districts --panel a.csv")
    with pytest.raises(ParameterError, match="--unit: there is no panel file"):
        run("--unit town")
    with pytest.raises(ParameterError, match="--period: it is not given"):
        run("--panel a.csv --unit town --outcome y --adoption g")
    with pytest.raises(ParameterError, match="unit or cluster"):
        run("--cluster district")


def test_an_option_of_recover_takes_several_values() -> None:
    words = ["recover", "--estimator", "twfe", "poisson", "--draws", "3"]
    spread = ["recover", "--estimator", "twfe", "--estimator", "poisson", "--draws", "3"]
    assert spread_values(words) == spread
    assert spread_values(["estimate", "--estimator", "twfe", "a.csv"])[-1] == "a.csv"
    assert spread_values(["estimate", "--estimator", "twfe", "a.csv"]).count("--estimator") == 1
