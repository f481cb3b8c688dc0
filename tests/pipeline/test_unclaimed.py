"""Files that no step makes: removed if a former plan made them, else reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.errors import RunError
from analysis.pipeline.step import Step
from analysis.pipeline.unclaimed import check_unclaimed, remove_orphans


def write(root: Path, name: str, text: str = "") -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


RECORD = """{
    "figures": {"toy-old": {"files": ["paper/figures/toy-old.svg"]}}, "numbers": {}, "tables": {}
}"""


def test_what_a_former_plan_made_is_removed(toy: Path, toy_plan: dict[str, Step]) -> None:
    made = [
        write(toy, "data/processed/toy/exhibits/03_effect-street-gone.json", RECORD),
        write(toy, "notebooks/executed/toy/03_effect-street-gone.ipynb"),
        write(toy, "paper/figures/toy-old.svg"),
        write(toy, "paper/ledger/gone.json"),
    ]
    remove_orphans(toy, list(toy_plan.values()))
    assert [path for path in made if path.exists()] == []


def test_a_figure_that_another_step_makes_now_stays(toy: Path, toy_plan: dict[str, Step]) -> None:
    write(toy, "data/processed/toy/exhibits/03_effect-street-gone.json", RECORD)
    write(toy, "data/processed/toy/exhibits/02_describe.json", RECORD)
    figure = write(toy, "paper/figures/toy-old.svg")
    remove_orphans(toy, list(toy_plan.values()))
    assert figure.exists()


def test_a_file_that_nothing_makes_is_named(toy: Path, toy_plan: dict[str, Step]) -> None:
    write(toy, "data/processed/toy/exhibits/02_describe.json", RECORD)
    write(toy, "paper/figures/toy-old.svg")
    write(toy, "paper/figures/.gitkeep")
    check_unclaimed(toy, list(toy_plan.values()))
    write(toy, "paper/figures/by-hand.svg")
    with pytest.raises(RunError, match=r"paper/figures/by-hand\.svg: no notebook makes this file"):
        check_unclaimed(toy, list(toy_plan.values()))
