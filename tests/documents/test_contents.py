"""What the regions say is what is recorded."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from analysis.documents.data_sets import data_by_file, data_by_folder
from analysis.documents.exhibit_list import exhibits_by_line, exhibits_one_by_one
from analysis.documents.runtime import record_runtime, runtime_by_step
from analysis.documents.seed_list import seeds_with_lines
from analysis.documents.software import software_versions
from analysis.errors import DataError, RunError
from analysis.pipeline.measure import COSTS
from analysis.pipeline.step import Step
from analysis.workspace import file_hash


def test_exhibits_of_one_line_are_one_row(compendium: Path) -> None:
    text = exhibits_by_line(compendium)
    assert "| `effect-street-*` | table | `notebooks/03_effect.py` | 48 | toy 2 |" in text
    assert "The 2 numbers of the text are recorded on 1 lines" in text
    assert "(paper/ledger/toy.json)" in text


def test_each_exhibit_is_a_row_of_the_full_list(compendium: Path) -> None:
    text = exhibits_one_by_one(compendium)
    assert "`03_effect-street-complaints` | `notebooks/03_effect.py` | 48 | paper 2, 5 |" in text
    assert "`03_effect-street-repeat_share` | `notebooks/03_effect.py` | 48 |  |" in text
    assert "[csv](../paper/tables/toy-effect-street-complaints.csv)" in text


def test_without_a_ledger_nothing_can_be_listed(compendium: Path) -> None:
    (compendium / "paper/ledger/toy.json").unlink()
    with pytest.raises(RunError, match="there is no ledger"):
        exhibits_by_line(compendium)


def test_data_have_rights_coverage_and_hashes(compendium: Path) -> None:
    text = data_by_folder(compendium)
    covers = "Toy town, Toyland, 2020-01 to 2020-02"
    assert f"| {covers} | CC0-1.0; free use | `CITATION.cff` | 2 |" in text
    raw = compendium / "data/raw"
    assert f"`{file_hash(raw / 'toy/reports.csv')}`" in data_by_file(compendium)


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="the system has another command")
def test_the_command_that_checks_a_folder_gives_its_hash(compendium: Path) -> None:
    """Catches a hash that a reader cannot work out again."""
    text = data_by_folder(compendium)
    command = text.rpartition(": `")[2].removesuffix("`.")
    done = subprocess.run(command, shell=True, cwd=compendium, capture_output=True, text=True)
    assert f"`{done.stdout[:16]}`" in text


def test_data_that_were_altered_are_not_listed(compendium: Path) -> None:
    (compendium / "data/raw/toy/reports.csv").write_text("x", encoding="utf-8")
    with pytest.raises(DataError, match=r"toy/reports\.csv"):
        data_by_file(compendium)


def test_seeds_have_file_and_line(compendium: Path) -> None:
    lines = (compendium / "notebooks/studies/toy.toml").read_text("utf-8").splitlines()
    line = lines.index("bootstrap_seed = 1") + 1
    row = f"| `bootstrap_seed` | 1 | `notebooks/studies/toy.toml` | {line} |"
    assert row in seeds_with_lines(compendium)


def test_software_has_the_versions_of_the_lock(compendium: Path) -> None:
    text = software_versions(compendium)
    assert "| results | num-py 2.4.6 or 2.4.5 |" in text
    assert "| test | pytest 9.2.0 |" in text
    assert "3 packages" in text
    assert "other" not in text


def test_a_package_that_is_not_pinned_is_named(compendium: Path) -> None:
    (compendium / "requirements.txt").write_text("pytest==9.2.0\n", encoding="utf-8")
    with pytest.raises(RunError, match="num-py is not pinned"):
        software_versions(compendium)


def test_runtime_is_added_up_by_notebook_and_states_the_machine(compendium: Path) -> None:
    text = runtime_by_step(compendium)
    assert "| `03_effect` | 2 | 6 | 4.0 | 300 |" in text
    assert "| all | 3 | 8 |" in text
    assert "on Abacus, 2 processors, 8 GB of memory, Linux x86_64, Python 3.11.9" in text


def test_without_a_record_the_command_that_makes_it_is_told(compendium: Path) -> None:
    (compendium / "paper/runtime.json").unlink()
    with pytest.raises(RunError, match="--record-runtime"):
        runtime_by_step(compendium)


def test_recording_takes_what_the_last_run_cost(compendium: Path) -> None:
    steps = [Step(name, "paper", (), (), (), ()) for name in ("toy/01_clean", "paper")]
    for step in steps:
        path = compendium / COSTS / f"{step.name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text('{"seconds": 1.25, "peak_bytes": 150000000}', encoding="utf-8")
    record = json.loads(record_runtime(compendium, steps).read_text("utf-8"))
    cost = {"seconds": 1.25, "peak_megabytes": 150}
    assert record["steps"] == {"toy/01_clean": cost, "paper": cost}
    assert record["machine"]["processors"] >= 1
    assert record["machine"]["memory_gigabytes"] > 0
    assert "01_clean" in runtime_by_step(compendium)


def test_a_step_that_was_never_measured_is_named(compendium: Path) -> None:
    """Catches a record of half a run; the former one stays."""
    before = (compendium / "paper/runtime.json").read_bytes()
    with pytest.raises(RunError, match="toy/01_clean"):
        record_runtime(compendium, [Step("toy/01_clean", "notebook", (), (), (), ())])
    assert (compendium / "paper/runtime.json").read_bytes() == before
