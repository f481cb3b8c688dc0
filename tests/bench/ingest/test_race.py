"""The benchmark of ingest: it runs to its table, and the table holds ours against the others."""

from __future__ import annotations

import io
import json

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

from analysis.bench.ingest import race
from analysis.bench.ingest.contestants import CONTESTANTS, choose
from analysis.bench.ingest.measure import Measurement
from analysis.bench.ingest.race import Result, run_ingest_bench
from analysis.bench.ingest.report import ingest_table
from analysis.cli_bench import bench_ingest
from analysis.errors import ParameterError

OURS, SQL, POLARS, PANDAS, FLOOR = CONTESTANTS


def result(contestant, seconds, rows=1_000, answers="same"):
    return Result(contestant, rows, Measurement(seconds, seconds, 100.0), answers)


@pytest.mark.slow
def test_the_whole_verb_runs(tmp_path):
    """Catches a contestant that does not start, and other panels; speed is not asserted."""
    app = typer.Typer()
    app.command()(bench_ingest)
    words = ["--rows", "2000", "--repeat", "1", "--keep", str(tmp_path / "kept"), "--json"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    panels = {row["contestant"]: row["panels"] for row in found["results"]}
    peers = dict.fromkeys(("sql", "polars", "pandas"), "same")
    assert panels == {"ours": "first", **peers, "floor": ""}
    assert all(not row["failure"] and row["memory"] > 10 for row in found["results"])
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["tickets_2000"]


def test_kept_tickets_are_used_again_and_others_thrown_away(tmp_path, monkeypatch):
    monkeypatch.setattr(race, "_measure", lambda *_: Measurement(failure="not run"))
    log = io.StringIO()
    for _ in range(2):
        console = Console(file=log, width=200)
        run_ingest_bench([1_000], only=["floor"], repeat=1, keep=tmp_path, console=console)
    assert log.getvalue().count("hotline_2019-01.csv") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["tickets_1000"]


def test_every_round_begins_with_another_contestant(tmp_path, monkeypatch):
    order = []
    monkeypatch.setattr(
        race, "_measure", lambda one, *_: order.append(one.name) or Measurement(failure="not run")
    )
    run_ingest_bench([1_000], repeat=2, keep=tmp_path, console=Console(file=io.StringIO()))
    names = [one.name for one in CONTESTANTS]
    unmeasured = names
    assert order == [*unmeasured, *names, *names[1:], names[0]]


@pytest.mark.slow
def test_nobody_is_timed_while_python_compiles(tmp_path, monkeypatch):
    """Catches modules that are compiled anew in every run, which costs ours a second."""
    compiled = []
    measure = race._measure

    def look(one, raw, rows, to, memory):
        found = measure(one, raw, rows, to, memory)
        compiled.append(sorted((to.parent / "bytecode").rglob("*.pyc")))
        return found

    monkeypatch.setattr(race, "_measure", look)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    words = {"only": ["floor"], "repeat": 1, "console": Console(file=io.StringIO())}
    run_ingest_bench([1_000], keep=tmp_path, **words)
    after_the_warm_up, after_the_round = compiled
    assert after_the_warm_up
    assert after_the_warm_up == after_the_round


def test_pandas_is_left_out_of_what_memory_cannot_hold(tmp_path):
    found = race._measure(PANDAS, tmp_path, 10**10, tmp_path / "to", "2GB")
    assert found.failure.startswith("left out: would hold about 15000 GB in memory")


def test_refuses_what_the_disk_cannot_hold(tmp_path):
    with pytest.raises(ParameterError, match="the disk has no room for 100,000,000,000,000 rows"):
        run_ingest_bench([10**14], keep=tmp_path, console=Console(file=io.StringIO()))


def test_a_mistyped_contestant_is_named():
    with pytest.raises(ParameterError, match=r"no contestant 'panda'[\s\S]*pandas"):
        choose(["panda"])


def test_ours_is_held_against_the_best_written_by_hand():
    """Catches a slow peer, pandas or the floor that sets the pace."""
    results = [
        result(OURS, 3.0, answers="first"), result(SQL, 2.0), result(POLARS, 4.0),
        result(PANDAS, 30.0), result(FLOOR, 1.0, answers=""),
    ]  # fmt: skip
    text = ingest_table(results, "2GB")
    row = next(line for line in text.splitlines() if line.startswith("compendium"))
    assert row.split()[6:] == ["1.50", "0.10", "3.00", "-", "first"]
    assert "takes 1.50 times the best" in text
    assert "pandas" not in text.splitlines()[-1]


def test_growth_is_from_the_fewest_rows():
    results = [result(OURS, 1.0), result(OURS, 12.0, rows=10_000)]
    text = ingest_table(results, "2GB")
    assert "takes 12.0 times as long for 10 times as many" in text


def test_other_panels_are_never_hidden():
    text = ingest_table([result(POLARS, 1.0, answers="tickets: column 'p90_days'")], "2GB")
    assert text.endswith("Polars, lazy on 1,000 rows gives other panels")


def test_failures_are_shown():
    failed = Result(SQL, 1_000, Measurement(failure="Out of Memory Error"))
    assert "Out of Memory Error" in ingest_table([failed, result(POLARS, 1.0)], "2GB")
