"""Regenerating raw files: compared by default, replaced only when asked to."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.clean.raw_files import check_raw_files, write_checksums
from analysis.errors import RunError, StudyError
from analysis.pipeline import regenerate as module
from analysis.pipeline.regenerate import regenerate


@pytest.fixture
def seeded(toy: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The toy compendium with a simulator that gives its own raw files."""
    original = {path.name: path.read_bytes() for path in (toy / "data/raw/toy").iterdir()}

    def write(study: object, folder: Path) -> None:
        for name, content in original.items():
            (folder / name).write_bytes(content)

    monkeypatch.setattr(module, "write_twin", write)
    return toy


def test_files_as_the_seed_gives_them_are_confirmed(seeded: Path) -> None:
    assert regenerate(seeded, "toy", write=False).startswith("All 2 raw files of toy are")


def test_another_file_is_named_and_left_alone(seeded: Path) -> None:
    changed = seeded / "data/raw/toy/reports.csv"
    changed.write_bytes(b"x")
    with pytest.raises(RunError, match=r"toy/reports\.csv: not what the seed gives"):
        regenerate(seeded, "toy", write=False)
    assert changed.read_bytes() == b"x"


def test_writing_restores_the_files_and_their_checksums(seeded: Path) -> None:
    (seeded / "data/raw/toy/reports.csv").write_bytes(b"x")
    write_checksums(seeded / "data" / "raw")
    said = regenerate(seeded, "toy", write=True)
    assert said == "Replaced 1 of 2 raw files of toy."
    check_raw_files(seeded / "data" / "raw", ["toy"])


def test_real_data_are_never_written(toy: Path) -> None:
    path = toy / "notebooks" / "studies" / "toy.toml"
    text = path.read_text(encoding="utf-8").partition("[recovery]")[0]
    text = text.replace("simulated = true", "simulated = false").replace("\nseed = 1\n", "\n")
    text = text.replace('truth = "truth.csv"', "")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StudyError, match="its raw files are real and are never written"):
        regenerate(toy, "toy", write=True)
