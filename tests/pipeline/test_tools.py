"""The broom removes what was made and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.errors import RunError
from analysis.pipeline.staging import only_run
from analysis.pipeline.tools import remove_made_files

CACHES = [".cache/engine/pytask.lock", "data/processed/toy/panel.csv"]
PAGES = ["notebooks/executed/toy/01_clean.html"]
RESULTS = [
    "notebooks/executed/toy/01_clean.ipynb",
    "paper/figures/a.svg",
    "paper/tables/a.json",
    "paper/numbers.json",
    "paper/paper.pdf",
    "paper/supplement.pdf",
    "paper/uses.json",
]
SOURCES = ["data/processed/README.md", "data/raw/toy/reports.csv", "paper/paper.typ"]


@pytest.fixture
def full(toy: Path) -> Path:
    for name in (*CACHES, *PAGES, *RESULTS, *SOURCES):
        (toy / name).parent.mkdir(parents=True, exist_ok=True)
        (toy / name).touch()
    return toy


def present(root: Path, names: list[str]) -> list[str]:
    return [name for name in names if (root / name).exists()]


def test_caches_and_pages_go_and_results_stay(full: Path) -> None:
    removed = remove_made_files(full, everything=False)
    assert Path("data/processed/toy") in removed
    assert present(full, [*CACHES, *PAGES]) == []
    assert present(full, [*RESULTS, *SOURCES]) == [*RESULTS, *SOURCES]


def test_everything_that_is_made_goes_and_sources_stay(full: Path) -> None:
    remove_made_files(full, everything=True)
    assert present(full, [*CACHES, *PAGES, *RESULTS]) == []
    assert present(full, SOURCES) == SOURCES


def test_nothing_is_removed_under_a_run(full: Path) -> None:
    with only_run(full), pytest.raises(RunError, match="another run"):
        remove_made_files(full, everything=True)
    assert present(full, RESULTS) == RESULTS
