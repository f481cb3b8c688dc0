"""The workspace of an export: complete, up to date, and apart from the compendium."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.clean.raw_files import check_raw_files
from analysis.restricted.place import Place
from analysis.restricted.workspace import lay_out
from analysis.workspace import find_workspace

FILES = {
    "pyproject.toml": "",
    "requirements.txt": "",
    "notebooks/01_clean.py": "first",
    "paper/template.typ": "",
    "paper/report.typ": "report",
    "paper/report/words.typ": "words",
    "paper/references.bib": "",
    "paper/paper.typ": "paper",
    "paper/fonts/a.ttf": "",
    "data/raw/published/figures.csv": "",
    "data/restricted/toy/reports.csv": "secret",
}
STUDY = Path(__file__).parents[1] / "toy_compendium" / "notebooks" / "studies" / "toy.toml"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    study = STUDY.read_text(encoding="utf-8")
    for name, text in (FILES | {"notebooks/studies/toy.toml": study}).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return Place(tmp_path, "toy")


def test_it_is_a_compendium_of_its_own(place: Place) -> None:
    lay_out(place)
    assert find_workspace(place.workspace / "notebooks").root == place.workspace
    assert (place.workspace / "paper" / "paper.typ").read_text("utf-8") == "report"
    assert (place.workspace / "paper" / "report" / "words.typ").read_text("utf-8") == "words"
    check_raw_files(place.workspace / "data" / "raw", ["toy", "published"])


def test_an_edit_of_the_compendium_or_the_export_reaches_it(place: Place) -> None:
    """Would catch a second run on files that are no longer there."""
    lay_out(place)
    (place.root / "notebooks" / "01_clean.py").write_text("second", encoding="utf-8")
    (place.folder / "reports.csv").unlink()
    (place.folder / "other.csv").write_text("new", encoding="utf-8")
    lay_out(place)
    assert (place.workspace / "notebooks" / "01_clean.py").read_text("utf-8") == "second"
    raw = place.workspace / "data" / "raw" / "toy"
    assert [path.name for path in raw.iterdir()] == ["other.csv"]


def test_what_is_the_same_is_left_alone(place: Place) -> None:
    lay_out(place)
    before = {p: p.stat().st_mtime_ns for p in place.workspace.rglob("*.t*") if p.is_file()}
    lay_out(place)
    assert {p: p.stat().st_mtime_ns for p in before} == before
