"""Tampering: one thing is changed in a finished compendium, and its verification names it.

Here the rerun puts into the copy what the clean code makes, so that each test takes a second; in
`test_rerun` the pipeline runs.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.clean.raw_files import write_checksums
from analysis.verify import run as module
from analysis.verify.run import Options, Verification, verify
from analysis.verify.verdict import Verdict
from analysis.workspace import file_hash

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("verify")]


@pytest.fixture(autouse=True)
def made_by_clean_code(finished: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def rerun(copy: Path, *_: object, **__: object) -> float:
        for folder in ("paper", "notebooks/executed", "data/processed"):
            shutil.copytree(finished / folder, copy / folder, dirs_exist_ok=True)
        return 1.0

    monkeypatch.setattr(module, "rerun", rerun)


def verified(tree: Path, **options: object) -> Verification:
    return verify(tree, Options(**options), lambda line: None)  # type: ignore[arg-type]


def failures(tree: Path, **options: object) -> list[Verdict]:
    return [v for v in verified(tree, **options).verdicts if v.outcome == "FAIL"]


def replace(tree: Path, name: str, old: str, new: str) -> None:
    text = (tree / name).read_text(encoding="utf-8")
    assert text.count(old) >= 1
    (tree / name).write_bytes(text.replace(old, new, 1).encode())


def files_of(tree: Path) -> dict[str, str]:
    def walk() -> Iterator[Path]:
        return (p for p in sorted(tree.rglob("*")) if p.is_file() and ".cache" not in p.parts)

    return {path.relative_to(tree).as_posix(): file_hash(path) for path in walk()}


def test_a_clean_tree_passes_and_is_not_written_to(tree: Path) -> None:
    before = files_of(tree)
    found = verified(tree, notebooks=True, twice=True)
    assert [str(v) for v in found.verdicts if v.outcome != "PASS"] == []
    assert found.exit_code == 0
    # The exhibits, the paper, raw data and seeds: none is passed over.
    kinds = {verdict.kind for verdict in found.verdicts}
    assert {"number", "figure", "table", "document", "raw data", "simulated data"} <= kinds
    assert {"notebook", "library code", "lock", "study file", "intermediate"} <= kinds
    assert files_of(tree) == before
    assert not list((tree / ".cache" / "verify").glob("run-*"))


def test_the_copy_has_nothing_that_was_made(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Would catch a rerun that finds its own former results, and so reproduces nothing."""
    there: set[str] = set()

    def look(copy: Path, *_: object, **__: object) -> float:
        there.update(path.relative_to(copy).as_posix() for path in copy.rglob("*"))
        raise module.RunError("the rerun failed")

    (tree / ".venv").mkdir()
    (tree / ".venv" / "pyvenv.cfg").touch()
    monkeypatch.setattr(module, "rerun", look)
    assert verified(tree).exit_code == 2
    assert {"notebooks/01_clean.py", "src/analysis/cli.py", "data/raw/toy/reports.csv"} <= there
    made = ("notebooks/executed", "paper/figures", "paper/tables", "paper/ledger", ".venv")
    made += ("data/processed", "paper/numbers.json", "paper/paper.pdf", "paper/uses.json", ".cache")
    assert not [name for name in there if name.startswith(made)]


def test_one_digit_in_the_numbers_of_the_paper(tree: Path) -> None:
    replace(tree, "paper/numbers.json", '"text": "100"', '"text": "101"')
    (found,) = failures(tree)
    assert (found.id, found.where) == ("paper/numbers.json", "toy.total, text")
    assert (found.committed, found.made) == ("100", "101")


def test_one_digit_in_the_ledger(tree: Path) -> None:
    replace(tree, "paper/ledger/toy.json", '"value": 100', '"value": 101')
    (found,) = failures(tree)
    assert (found.id, found.committed, found.made) == ("toy.total", "100 (101.0)", "100")


@pytest.mark.parametrize("suffix", ["csv", "json"])
def test_one_cell_of_a_table(tree: Path, suffix: str) -> None:
    name = f"paper/tables/toy-effect-street-complaints.{suffix}"
    replace(tree, name, "40", "41")
    altered, cell = failures(tree)
    assert (altered.id, altered.where) == ("toy-effect-street-complaints", name)
    assert "altered afterwards" in altered.reason
    assert cell.where.startswith("row ")
    assert "column 'complaints'" in cell.where
    assert (cell.committed, cell.made) == ("41", "40")
    assert cell.place.startswith("notebooks/03_effect.py, line ")


def test_one_output_of_an_executed_notebook(tree: Path) -> None:
    name = "notebooks/executed/toy/03_effect-street-complaints.ipynb"
    replace(tree, name, "estimators: level", "estimators: lovel")
    assert failures(tree) == []
    (found,) = failures(tree, notebooks=True)
    assert found.id == name
    assert found.where.startswith("cell-")
    assert (found.committed, found.made) == ("estimators: lovel", "estimators: level")


def test_a_picture_replaced_by_another(tree: Path, finished: Path) -> None:
    name = "paper/figures/toy-volumes.png"
    (tree / name).write_bytes((tree / name).read_bytes()[:-20])
    assert name in {found.where for found in failures(tree)}


def test_one_raw_byte(tree: Path) -> None:
    replace(tree, "data/raw/toy/reports.csv", "B,2020-02,40", "B,2020-02,41")
    assert "data/raw/toy/reports.csv" in {v.id for v in failures(tree) if v.kind == "raw data"}


def test_one_raw_byte_with_its_checksum(tree: Path) -> None:
    """The hash in the ledger and the seed both still tell of it."""
    replace(tree, "data/raw/toy/reports.csv", "B,2020-02,40", "B,2020-02,41")
    write_checksums(tree / "data" / "raw")
    kinds = {v.kind for v in failures(tree) if v.id == "data/raw/toy/reports.csv"}
    assert kinds == {"input", "simulated data"}


def test_a_small_sample_factor(tree: Path) -> None:
    """The toy's numbers do not depend on it; that the code changed is told all the same."""
    name = "src/analysis/effects/inference/clustered.py"
    replace(tree, name, "groups / (groups - 1) * share", "share")
    assert [(v.kind, v.id) for v in failures(tree)] == [("library code", name)]


def test_a_seed(tree: Path) -> None:
    name = "notebooks/studies/toy.toml"
    replace(tree, name, "\nseed = 1", "\nseed = 2")
    (found,) = failures(tree)
    assert (found.kind, found.id) == ("study file", name)
    assert "'toy/01_clean'" in found.reason


def test_a_changed_notebook_and_lock(tree: Path) -> None:
    replace(tree, "notebooks/02_describe.py", "Volumes rise", "Volumes fall")
    replace(tree, "requirements.txt", "", "# other versions\n")
    assert {v.id for v in failures(tree)} == {"notebooks/02_describe.py", "requirements.txt"}


def test_a_deleted_and_an_altered_intermediate(tree: Path) -> None:
    (tree / "data/processed/toy/panel_street.csv").unlink()
    (tree / "data/processed/toy/exhibits/02_describe.json").unlink()
    assert {v.id for v in failures(tree) if v.kind == "intermediate"} == {
        "data/processed/toy/panel_street.csv",
        "data/processed/toy/exhibits/02_describe.json",
    }


def test_a_fresh_clone_has_no_intermediates_and_passes(tree: Path) -> None:
    shutil.rmtree(tree / "data" / "processed")
    assert failures(tree) == []


def test_an_exhibit_that_nobody_makes(tree: Path) -> None:
    (tree / "paper/tables/toy-mine.csv").write_bytes(b"a\n1\n")
    assert [v.id for v in failures(tree)] == ["paper/tables/toy-mine.csv"]


def test_only_one_study_without_the_paper(tree: Path) -> None:
    (tree / "paper/paper.pdf").write_bytes(b"another")
    assert failures(tree, studies=("toy",)) == []
    (found,) = failures(tree)
    assert found.id == "paper/paper.pdf"
    assert "though no exhibit" in found.reason
