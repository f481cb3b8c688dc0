"""Confidential files stay out of a deposit and are listed in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.archive import deposit
from analysis.archive.deposit import make_deposit
from analysis.errors import StudyError
from analysis.workspace import file_hash

SECRET = "street,cases\nReal Street,17\n"
TERMS = '[[restricted]]\nstudy = "toy"\ntitle = "Real reports"\naccess = "Ask the town."\n'


@pytest.fixture
def export(compendium: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(deposit, "check_up_to_date", lambda root: [])
    path = compendium / "data/restricted/toy/reports.csv"
    path.parent.mkdir(parents=True)
    path.write_text(SECRET, encoding="utf-8")
    return path


def test_without_stated_conditions_nothing_is_deposited(compendium: Path, export: Path) -> None:
    with pytest.raises(StudyError, match="data/restricted/toy"):
        make_deposit(compendium)


def test_a_mistyped_name_is_no_statement(compendium: Path, export: Path) -> None:
    with (compendium / "data/metadata.toml").open("a", encoding="utf-8") as stream:
        stream.write(TERMS.replace("toy", "tyo"))
    with pytest.raises(StudyError, match="is the study 'tyo' of a table"):
        make_deposit(compendium)


def test_they_are_listed_with_hash_and_conditions(compendium: Path, export: Path) -> None:
    with (compendium / "data/metadata.toml").open("a", encoding="utf-8") as stream:
        stream.write(TERMS)
    made = make_deposit(compendium)
    listed = (made.folder / "RESTRICTED.md").read_text(encoding="utf-8")
    assert made.restricted == ("data/restricted/toy/reports.csv",)
    assert "Ask the town." in listed
    assert file_hash(export) in listed
    assert file_hash(export) in (made.folder / "ro-crate-metadata.json").read_text("utf-8")
    for path in made.folder.rglob("*"):
        assert path.is_dir() or b"Real Street" not in path.read_bytes()
    assert not (made.folder / "data/restricted").exists()


def test_without_any_no_list_is_written(compendium: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deposit, "check_up_to_date", lambda root: [])
    assert not (make_deposit(compendium).folder / "RESTRICTED.md").exists()


def test_an_export_with_a_study_of_its_own_is_listed_too(
    compendium: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Catches a compendium that cannot be deposited as long as its author keeps tickets in it."""
    monkeypatch.setattr(deposit, "check_up_to_date", lambda root: [])
    folder = compendium / "data" / "restricted" / "capital"
    folder.mkdir(parents=True)
    for name in ("tickets.csv", "capital.toml"):
        (folder / name).write_text(SECRET, encoding="utf-8")
    with (compendium / "data/metadata.toml").open("a", encoding="utf-8") as stream:
        stream.write(TERMS.replace("toy", "capital"))
    made = make_deposit(compendium)
    assert made.restricted == ("data/restricted/capital/tickets.csv",)
    assert not list(made.folder.rglob("*capital*"))
