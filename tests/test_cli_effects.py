"""`compendium estimate` and `compendium estimators`, as typed."""

import json

import pytest
from typer.testing import CliRunner

from analysis.cli import app
from analysis.cli_effects import spread_values

RUN = CliRunner()


@pytest.fixture
def words(tmp_path):
    path = tmp_path / "panel.csv"
    rows = ["unit,year,first,y"]
    for unit in range(12):
        first = {0: "", 1: 4, 2: 6}[unit % 3]
        for year in range(1, 9):
            effect = 1.0 if first and year >= first else 0.0
            rows.append(f"u{unit},{year},{first},{unit + 0.5 * year + effect}")
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    told = f"{path} --unit unit --period year --outcome y --adoption first --inference none"
    return ["estimate", *told.split()]


def test_a_panel_without_noise_gives_its_effect(words):
    done = RUN.invoke(app, [*words, "--estimator", "twfe", "--json"])
    assert json.loads(done.stdout)["overall"]["value"] == pytest.approx(1.0, abs=1e-12)


def test_text_is_for_reading(words):
    done = RUN.invoke(app, [*words, "--estimator", "twfe_event_study", "--window", "-2:3"])
    assert "Event time" in done.stdout
    assert "mean of the effects 0 to 3 periods after adoption" in done.stdout


def test_a_window_that_cannot_be_read_says_how_to_write_it(words):
    done = RUN.invoke(app, [*words, "--estimator", "twfe", "--window", "2"])
    assert "such as -5:8" in str(done.exception)


def test_lags_and_leads_are_those_of_the_design(tmp_path):
    """Catches options that are read and not used: the effect is added up over the lags."""
    path = tmp_path / "panel.csv"
    doses = {(unit, year): (unit * year * year) % 7 for unit in range(12) for year in range(1, 9)}
    rows = [
        f"u{unit},{year},{dose},{unit + year + dose + 0.5 * doses.get((unit, year - 1), 0)}"
        for (unit, year), dose in doses.items()
    ]
    path.write_text("\n".join(["unit,year,dose,y", *rows]) + "\n", encoding="utf-8")
    told = f"estimate {path} --unit unit --period year --outcome y --dose dose --inference none"
    words = [*told.split(), "--estimator", "dose_lags", "--json"]
    done = json.loads(RUN.invoke(app, [*words, "--lags", "1", "--leads", "1"]).stdout)
    assert done["overall"]["value"] == pytest.approx(1.5, abs=1e-9)
    times = {row["event_time"]: row["value"] for row in done["event_time"]}
    assert times == pytest.approx({0: 1.0, 1: 0.5, -1: 0.0}, abs=1e-9)


def test_an_unknown_estimator_is_answered_with_the_nearest(words):
    done = RUN.invoke(app, [*words, "--estimator", "twf"])
    assert "did you mean 'twfe'" in str(done.exception)


def test_estimators_are_listed():
    assert "poisson: Poisson, fixed effects" in RUN.invoke(app, ["estimators"]).stdout
    assert json.loads(RUN.invoke(app, ["estimators", "--json"]).stdout)["estimators"]


def test_an_option_can_be_followed_by_several_values():
    words = ["f.csv", "--controls", "a", "b", "--unit", "u", "--json"]
    spread = ["f.csv", "--controls", "a", "--controls", "b", "--unit", "u", "--json"]
    assert spread_values(words) == spread
    assert spread_values(["notebook", "03", "-p", "a=b"]) == ["notebook", "03", "-p", "a=b"]
