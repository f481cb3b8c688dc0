"""The benchmark of estimators: it runs on a tiny panel, and its table says who is slower."""

from __future__ import annotations

import io

from rich.console import Console
from typer.testing import CliRunner

from analysis.bench import effects
from analysis.bench.contender import Measurement
from analysis.bench.effects import Race, run_effects_bench, timing_table
from analysis.bench.panels import DESIGNS, simulate_panel
from analysis.bench.peers import PEERS
from analysis.cli import app
from analysis.effects.inference.registry import get_method
from analysis.effects.registry import ESTIMATORS, get_estimator

KEY = ("callaway_santanna", "CR1")


def answer(seconds, value, error=0.1):
    return Measurement(seconds, 100.0, {"overall": (value, error)})


def test_runs_on_a_tiny_panel():
    """Catches a contender that does not start; that of ours and of one peer are run for good."""
    log = io.StringIO()
    console = Console(file=log, width=200)
    text = run_effects_bench(panels=[(40, 12)], estimators=["poisson"], console=console)
    rows = [line for line in text.splitlines() if line.startswith("poisson, CR1")]
    assert len(rows) == 1
    assert "40 x 12" in rows[0]
    assert "pyfixest" in rows[0]
    *_, seconds, theirs, ratio, estimate, _, megabytes, _ = rows[0].split()
    assert abs(float(ratio) - float(seconds) / float(theirs)) < 0.5
    assert abs(float(estimate)) < 1e-6
    assert float(megabytes) > 10
    assert log.getvalue() == "1 of 1: poisson, CR1, on 40 x 12\n"


def test_the_table_holds_ours_against_the_fastest_peer_that_is_right():
    """Catches a fast peer with a wrong answer that sets the pace, and failures that are hidden."""
    wrong, right, slow, absent = PEERS[KEY]
    theirs = (
        (wrong, answer(0.1, 1.01)),
        (right, answer(1.0, 1.0, 0.2)),
        (slow, answer(9.0, 1.0)),
        (absent, Measurement(failure="not installed")),
    )
    lines = timing_table([Race(*KEY, (340, 96), answer(2.0, 1.0), theirs)]).splitlines()
    rows = [line for line in lines if line.startswith("callaway_santanna")]
    assert len(rows) == 4
    assert rows[0].split()[-6:] == ["0.100", "20.00", "-1e-02", "0e+00", "100", "100"]
    assert rows[1].split()[-6:] == ["1.000", "2.00", "0e+00", "-5e-01", "100", "100"]
    assert rows[3].endswith("not installed")
    assert lines[-1].startswith("missed: callaway_santanna, CR1 on 340 x 96 takes 2.00 times")


def test_draws_must_be_five_times_faster():
    key = ("imputation", "multiplier")
    theirs = ((PEERS[key][0], answer(1.0, 1.0)),)
    assert "0.30 times" in timing_table([Race(*key, (9, 9), answer(0.3, 1.0), theirs)])
    reached = timing_table([Race(*key, (9, 9), answer(0.1, 1.0), theirs)])
    assert reached.endswith("All targets are reached.")


def test_every_estimator_has_a_design_and_every_peer_one_of_ours():
    assert all(any(one.fits(design) for design in DESIGNS) for one in ESTIMATORS)
    for estimator, inference in PEERS:
        assert get_estimator(estimator).name == estimator
        assert get_method(inference).name == inference


def test_the_panel_is_balanced_and_drawn_once():
    panel = simulate_panel(30, 20)
    assert panel.equals(simulate_panel(30, 20))
    assert (panel.groupby("unit").size() == 20).all()
    adopters = panel.groupby("unit")["adoption"].first()
    assert adopters.isna().sum() == 10
    assert adopters.nunique() == 6


def test_the_verb_takes_one_panel_or_both(monkeypatch):
    called = []
    monkeypatch.setattr(effects, "run_effects_bench", lambda **given: called.append(given) or "ok")
    CliRunner().invoke(app, ["bench", "effects", "--small", "--estimator", "twfe"])
    result = CliRunner().invoke(app, ["bench", "effects"])
    assert result.output == "ok\n"
    assert called[0] == {"panels": ((340, 96),), "estimators": ["twfe"]}
    assert called[1]["panels"] == ((340, 96), (5_000, 120))
