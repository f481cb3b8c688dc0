"""What goes into a deposit, and under which licence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.archive.contents import left_out, list_contents
from analysis.archive.metadata import read_metadata


def names(root: Path, **options: bool) -> dict[str, str | None]:
    metadata, _ = read_metadata(root)
    return {str(item.path): item.licence for item in list_contents(root, metadata, **options)}


@pytest.mark.parametrize(
    "stray",
    [
        "secret.csv",
        "data/restricted/toy/cases.csv",
        "data/processed/toy/panel_street.csv",
        "data/raw/toy/.DS_Store",
        "src/analysis/__pycache__/x.pyc",
        "src/toy.egg-info/PKG-INFO",
        "notebooks/.ipynb_checkpoints/01_clean.ipynb",
        "notebooks/01_clean.ipynb",
        "notebooks/executed/toy/01_clean.html",
        ".cache/run.lock",
        ".git/config",
        ".venv/bin/python",
    ],
)
def test_what_is_private_made_or_passing_stays_out(compendium: Path, stray: str) -> None:
    (compendium / stray).parent.mkdir(parents=True, exist_ok=True)
    (compendium / stray).write_text("x", encoding="utf-8")
    assert stray not in names(compendium)


def test_what_is_needed_goes_in(compendium: Path) -> None:
    """Catches a place that was forgotten."""
    assert {
        "CITATION.cff",
        "data/raw/SHA256SUMS",
        "data/raw/toy/reports.csv",
        "data/metadata.toml",
        "notebooks/01_clean.py",
        "notebooks/executed/toy/01_clean.ipynb",
        "notebooks/studies/toy.toml",
        "paper/ledger/toy.json",
        "paper/paper.typ",
        "requirements.txt",
        "src/analysis/__init__.py",
    } <= names(compendium).keys()


def test_cleaned_tables_go_in_if_asked(compendium: Path) -> None:
    assert names(compendium, processed=True)["data/processed/toy/panel_street.csv"] == "CC0-1.0"


def test_each_part_has_its_licence(compendium: Path, rewrite: Callable[..., None]) -> None:
    font = compendium / "paper/fonts/face.ttf"
    font.parent.mkdir()
    font.write_bytes(b"x")
    other = '[[third_party]]\nplace = "paper/fonts"\ntitle = "Face"\nlicence = "OFL-1.1"\n[[data]]'
    rewrite("data/metadata.toml", "[[data]]", other)
    found = names(compendium)
    assert found["src/analysis/__init__.py"] == found["notebooks/01_clean.py"] == "MIT"
    assert found["paper/paper.typ"] == found["data/raw/SHA256SUMS"] == "CC-BY-4.0"
    assert found["notebooks/executed/toy/01_clean.ipynb"] == "CC-BY-4.0"
    assert found["data/raw/toy/reports.csv"] == "CC0-1.0"
    assert found["paper/fonts/face.ttf"] == "OFL-1.1"
    rewrite("data/metadata.toml", 'licence = "CC0-1.0"\n', "")
    assert names(compendium)["data/raw/toy/reports.csv"] is None


def test_what_lies_around_is_named(compendium: Path) -> None:
    """Catches a new folder that nobody notices is not deposited."""
    (compendium / "site").mkdir()
    assert left_out(compendium) == ["site"]
