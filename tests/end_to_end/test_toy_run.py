"""The toy compendium from raw data to paper, run by the command as a user would run it.

It has every kind of step and its own copy of the library, so that an edit of the library can be
tried. The tests stand in the order of one long session; each starts from a state that is up to
date and leaves one.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

# In one worker process, so that the first run is made once.
pytestmark = [pytest.mark.slow, pytest.mark.end_to_end, pytest.mark.xdist_group("toy")]

REPOSITORY = Path(__file__).parents[2]
MADE = ("paper/figures", "paper/tables", "notebooks/executed", "data/processed")
STEPS = {
    "toy/01_clean",
    "toy/02_describe",
    "toy/03_effect-street-complaints",
    "toy/03_effect-street-repeat_share",
    "toy/04_robustness-street-complaints",
    "toy/05_recovery",
    "toy/06_summary",
    "toy/07_sensitivity-street-complaints",
    "toy/ledger",
    "numbers",
    "paper",
}
EFFECTS = {step for step in STEPS if "03_effect" in step}


@dataclass(frozen=True)
class Compendium:
    root: Path

    def start(self, *words: str) -> subprocess.Popen[str]:
        # This copy of the library is found before the installed one.
        return subprocess.Popen(
            [sys.executable, "-m", "analysis.cli", *words],
            cwd=self.root,
            env=os.environ | {"PYTHONPATH": str(self.root / "src"), "PYTHONUTF8": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )

    def run(self, *words: str, code: int = 0) -> str:
        process = self.start(*words)
        said, _ = process.communicate(timeout=240)
        assert process.returncode == code, said
        return said

    def ran(self, workers: int = 1) -> set[str]:
        said = self.run("run", "--workers", str(workers))
        lines = [line.split() for line in said.splitlines() if line.startswith("✓")]
        return {words[2] for words in lines}

    def made(self) -> dict[str, bytes]:
        files = [path for folder in MADE for path in (self.root / folder).rglob("*.*")]
        files += (self.root / "paper").glob("*.[jp][sd][of]*")
        return {path.relative_to(self.root).as_posix(): path.read_bytes() for path in sorted(files)}

    def replace(self, name: str, old: str, new: str) -> None:
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_bytes(text.replace(old, new).encode())


def new_compendium(root: Path, library: Path) -> Compendium:
    shutil.copytree(REPOSITORY / "tests" / "toy_compendium", root)
    shutil.copytree(library, root / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(REPOSITORY / "paper" / "fonts", root / "paper" / "fonts")
    return Compendium(root)


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Compendium:
    compendium = new_compendium(tmp_path_factory.mktemp("toy") / "compendium", REPOSITORY / "src")
    assert compendium.ran(workers=2) == STEPS
    return compendium


@pytest.fixture
def unharmed(toy: Compendium) -> Iterator[Compendium]:
    """The compendium, whose products a test must not change."""
    before = toy.made()
    yield toy
    assert toy.made() == before


def test_a_second_run_does_nothing_and_changes_nothing(unharmed: Compendium) -> None:
    assert unharmed.ran() == set()
    assert f"{len(STEPS)} steps: {len(STEPS)} up to date." in unharmed.run("explain")


def test_nothing_is_written_outside_the_declared_places(toy: Compendium) -> None:
    places = {path.name for path in toy.root.iterdir()}
    sources = {"data", "notebooks", "paper", "pyproject.toml", "requirements.txt", "src"}
    assert places == {*sources, ".cache"}
    assert not (toy.root / ".cache" / "staging").exists()


def test_a_killed_run_is_taken_up_again(toy: Compendium, tmp_path: Path) -> None:
    """Killed at its worst: some steps done, others half-way; then the same bytes all the same."""
    again = new_compendium(tmp_path / "again", toy.root / "src")
    process = again.start("run", "--workers", "2")
    assert process.stdout is not None
    for line in process.stdout:
        if "toy/01_clean" in line:
            break
    time.sleep(1.5)
    process.kill()
    process.communicate(timeout=60)
    assert len(again.made()) < len(toy.made())
    assert "toy/01_clean" not in again.ran()
    assert again.made() == toy.made()


def test_an_edit_of_the_plan_reruns_nothing(unharmed: Compendium) -> None:
    unharmed.replace("src/analysis/pipeline/run.py", '"""Run the', '"""Now run the')
    assert unharmed.ran() == set()


def test_a_deleted_figure_and_an_altered_table_are_made_again(unharmed: Compendium) -> None:
    (unharmed.root / "paper/figures/toy-volumes.png").unlink()
    (unharmed.root / "paper/tables/toy-effect-street-complaints.csv").write_bytes(b"x")
    assert unharmed.ran() == {"toy/02_describe", "toy/03_effect-street-complaints"}


def test_an_altered_raw_file_stops_the_run(unharmed: Compendium) -> None:
    unharmed.replace("data/raw/toy/reports.csv", "B,2020-02,40", "B,2020-02,41")
    said = unharmed.run(code=1)
    assert "toy/reports.csv" in said
    assert "✓" not in said
    assert "Traceback" not in said
    unharmed.replace("data/raw/toy/reports.csv", "B,2020-02,41", "B,2020-02,40")


def test_an_unknown_parameter_stops_before_anything_runs(unharmed: Compendium) -> None:
    words = ["notebook", "03_effect", "-p", "study=toy", "-p", "level=street", "-p"]
    said = unharmed.run(*words, "outcom=complaints", code=1)
    assert "did you mean 'outcome'?" in said
    assert "It is up to date." in unharmed.run(*words, "outcome=complaints")


def test_a_run_that_nobody_planned_is_kept_apart(unharmed: Compendium) -> None:
    """Would catch another estimator, tried once, among the results of the paper."""
    words = ["notebook", "03_effect", "-p", "study=toy", "-p", "level=street"]
    words += ["-p", "outcome=complaints", "-p", "estimators=imputation"]
    said = unharmed.run(*words)
    file = "03_effect-street-complaints-imputation"
    folder = unharmed.root / ".cache" / "trials" / "toy" / file
    page = folder / "notebooks" / "executed" / "toy" / f"{file}.html"
    assert page.relative_to(unharmed.root).as_posix() in said
    assert "estimators: imputation" in page.read_text(encoding="utf-8")
    assert (folder / "paper" / "tables" / "toy-effect-street-complaints.csv").is_file()
    assert unharmed.ran() == set()


def test_a_failing_notebook_leaves_the_former_outputs(unharmed: Compendium) -> None:
    unharmed.replace("notebooks/03_effect.py", "means.iloc[1]", "means.iloc[9]")
    said = unharmed.run(code=1)
    assert "IndexError" in said
    assert "notebooks/03_effect.py, line" in said
    assert "Traceback" not in said
    assert (unharmed.root / ".cache/failed/toy/03_effect-street-complaints.ipynb").is_file()
    unharmed.replace("notebooks/03_effect.py", "means.iloc[9]", "means.iloc[1]")
    assert unharmed.ran() == set()


def test_a_number_that_nobody_records_stops_the_paper(unharmed: Compendium) -> None:
    unharmed.replace("paper/paper.typ", "toy.total", "toy.totl")
    assert "no notebook records 'toy.totl'" in unharmed.run(code=1)
    unharmed.replace("paper/paper.typ", "toy.totl", "toy.total")
    assert unharmed.ran() == set()


def test_an_edit_of_the_library_reruns_only_what_uses_it(toy: Compendium) -> None:
    """The exhibits come out the same, so no other notebook runs; the ledger names the new code."""
    before = toy.made()
    toy.replace("src/analysis/effects/result.py", '"""A result:', '"""The result:')
    said = toy.run("explain")
    assert "toy/03_effect-street-complaints: stale" in said
    assert "src/analysis/effects/result.py changed" in said
    assert "toy/06_summary: perhaps" in said
    assert "toy/02_describe" not in said
    assert toy.ran() == EFFECTS | {"toy/ledger", "numbers", "paper"}
    changed = {name for name, content in toy.made().items() if before[name] != content}
    # Only what records which code made it.
    assert changed - {"paper/ledger/toy.json"} == {
        f"notebooks/executed/{step}.ipynb" for step in EFFECTS
    }


def test_another_number_reaches_the_paper(toy: Compendium) -> None:
    before = toy.made()
    toy.replace("notebooks/02_describe.py", "sum(volumes)", "sum(volumes) + 1")
    assert toy.ran() == {"toy/02_describe", "toy/ledger", "numbers", "paper"}
    after = toy.made()
    numbers = json.loads(after["paper/numbers.json"])
    assert numbers["numbers"]["toy.total"]["text"] == "101"
    assert after["paper/paper.pdf"] != before["paper/paper.pdf"]
