"""A study's ledger: every exhibit with its origin and hashes, and each id once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analysis.errors import RunError
from analysis.ledger.assemble import write_ledger, write_numbers
from analysis.ledger.read import read_ledgers
from analysis.study.load import load_study

STUDIES = Path(__file__).parents[2] / "notebooks" / "studies"
RECORD = Path("data/processed/toy/exhibits/02_describe.json")


def assemble(root: Path, *records: Path) -> Path:
    path = root / "paper" / "ledger" / "toy.json"
    write_ledger(root, "toy", records, path)
    return path


def test_each_entry_names_run_cell_and_line(compendium: Path) -> None:
    assemble(compendium, RECORD)
    ledger = read_ledgers(compendium)["toy"]
    total = ledger.entries["toy.total"]
    assert (total.run, total.cell, total.line) == ("02_describe", "cell-04", 11)
    assert total.place == "notebooks/02_describe.py, line 11"
    assert (total.value, total.text, total.unit) == (100, "100", "cases")
    assert total.executed == "notebooks/executed/toy/02_describe.ipynb"
    assert ledger.runs["02_describe"].parameters == {"study": "toy"}


def test_files_are_known_by_their_hashes(compendium: Path) -> None:
    assemble(compendium, RECORD)
    figure = read_ledgers(compendium)["toy"].entries["toy-map"]
    assert figure.files == {"paper/map.svg": hashlib.sha256(b"<svg/>").hexdigest()}


def test_a_line_outside_of_all_cells_has_no_cell(
    compendium: Path, write_run: Callable[..., Path], total: dict[str, Any]
) -> None:
    record = write_run(compendium, "03_x", numbers={"toy.n": total | {"line": 1}})
    assemble(compendium, record)
    assert read_ledgers(compendium)["toy"].entries["toy.n"].cell is None


def test_an_id_recorded_by_two_runs_names_both(
    compendium: Path, write_run: Callable[..., Path], total: dict[str, Any]
) -> None:
    other = write_run(compendium, "03_x-a", numbers={"toy.total": total})
    with pytest.raises(RunError, match=r"toy\.total: both 02_describe and 03_x-a record it"):
        assemble(compendium, RECORD, other)


def test_the_paper_gets_what_it_prints_and_no_more(compendium: Path) -> None:
    numbers = compendium / "paper" / "numbers.json"
    write_numbers([assemble(compendium, RECORD)], numbers)
    content = json.loads(numbers.read_text(encoding="utf-8"))
    assert content["numbers"] == {"toy.total": {"text": "100"}}
    assert content["figures"]["toy-map"]["run"] == "02_describe"


def test_the_paper_learns_of_each_study_whose_eyes_its_data_are_for(compendium: Path) -> None:
    """Would catch a header that calls real data simulated, or says nothing of restricted ones."""
    numbers = compendium / "paper" / "numbers.json"
    twin = load_study("beijing", STUDIES)
    write_numbers([], numbers, [twin, load_study("boston", STUDIES)])
    studies = json.loads(numbers.read_text(encoding="utf-8"))["studies"]
    assert {name: study["access"] for name, study in studies.items()} == {
        "beijing": "simulated",
        "boston": "open",
    }
    assert studies["beijing"]["place_en"] == "Beijing"


def test_a_broken_ledger_is_named(compendium: Path) -> None:
    path = assemble(compendium, RECORD)
    path.write_text(path.read_text(encoding="utf-8")[:-20], encoding="utf-8")
    with pytest.raises(RunError, match=r"toy\.json: it cannot be read"):
        read_ledgers(compendium)
