"""A deposit is whole, describes itself, and is made only of results that can be trusted."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analysis.archive import deposit
from analysis.archive.check import check_deposit, files_of
from analysis.archive.deposit import make_deposit
from analysis.errors import Problem, RunError, StudyError
from analysis.pipeline.code import read_library
from analysis.pipeline.plan import plan_steps
from analysis.pipeline.select import check_inputs
from analysis.study.load import read_study
from analysis.workspace import file_hash

PICTURE = "paper/figures/toy-volumes.png"


@pytest.fixture(autouse=True)
def up_to_date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deposit, "check_up_to_date", lambda root: [])


@pytest.fixture
def elsewhere(compendium: Path, tmp_path: Path) -> Path:
    """A deposit that was copied to another place, and nothing of its origin is left."""
    copy = Path(shutil.copytree(make_deposit(compendium).folder, tmp_path / "elsewhere"))
    shutil.rmtree(compendium)
    return copy


def hashes(folder: Path) -> dict[str, str]:
    return {name: file_hash(folder / name) for name in files_of(folder)}


def test_made_twice_it_has_the_same_bytes(compendium: Path, tmp_path: Path) -> None:
    first = make_deposit(compendium, tmp_path / "one")
    again = make_deposit(compendium, tmp_path / "two")
    assert hashes(first.folder) == hashes(again.folder)
    assert first.files == len(hashes(first.folder))


def test_its_default_place_names_the_version_and_is_made_anew(compendium: Path) -> None:
    made = make_deposit(compendium)
    assert made.folder == (compendium / ".cache/archive/toy-town-0").resolve()
    (compendium / "README.md").write_text("# Another\n", encoding="utf-8")
    assert (make_deposit(compendium).folder / "README.md").read_text("utf-8") == "# Another\n"


def test_elsewhere_all_inputs_of_the_plan_are_there(elsewhere: Path) -> None:
    """Catches a file that the README's command needs and the deposit does not have."""
    study = read_study(elsewhere / "notebooks/studies/toy.toml")
    check_inputs(elsewhere, plan_steps(elsewhere, [study], read_library()))


def test_elsewhere_it_is_whole(elsewhere: Path) -> None:
    check_deposit(elsewhere)
    hidden = [name for name in files_of(elsewhere) if "/." in f"/{name}"]
    assert hidden == [".zenodo.json"]


def alter(folder: Path) -> str:
    (folder / PICTURE).write_text("another picture\n", encoding="utf-8")
    return PICTURE


def lose(folder: Path) -> str:
    (folder / PICTURE).unlink()
    return PICTURE


def slip_in(folder: Path) -> str:
    (folder / "notes.txt").write_text("x", encoding="utf-8")
    return "notes.txt"


def hide(folder: Path) -> str:
    (folder / "paper" / ".notes").write_text("x", encoding="utf-8")
    return "the file is hidden"


def cut_a_reference(folder: Path) -> str:
    path = folder / "ro-crate-metadata.json"
    crate = json.loads(path.read_text("utf-8"))
    crate["@graph"] = [e for e in crate["@graph"] if e["@id"] != "#author-2"]
    path.write_text(json.dumps(crate), encoding="utf-8")
    return "#author-2: author of ./ is not described"


@pytest.mark.parametrize("harm", [alter, lose, slip_in, hide, cut_a_reference])
def test_harm_is_noticed(elsewhere: Path, harm: Callable[[Path], str]) -> None:
    said = harm(elsewhere)
    with pytest.raises(RunError) as caught:
        check_deposit(elsewhere)
    assert said in str(caught.value)


def entities(folder: Path) -> dict[str, Any]:
    crate = json.loads((folder / "ro-crate-metadata.json").read_text("utf-8"))
    return {entity["@id"]: entity for entity in crate["@graph"]}


def test_the_crate_describes_data_code_studies_and_command(elsewhere: Path) -> None:
    found = entities(elsewhere)
    data, action = found["data/raw/toy/"], found["#reproduce"]
    spdx = "https://spdx.org/licenses"
    assert found["ro-crate-metadata.json"]["conformsTo"]["@id"].endswith("/crate/1.2")
    assert data["license"] == {"@id": f"{spdx}/CC0-1.0"}
    assert data["temporalCoverage"] == "2020-01/2020-02"
    assert found[data["spatialCoverage"]["@id"]]["name"] == "Toy town, Toyland"
    assert {"@id": "data/raw/toy/reports.csv"} in data["hasPart"]
    assert found["notebooks/01_clean.py"]["@type"] == ["File", "SoftwareSourceCode"]
    assert found["notebooks/01_clean.py"]["license"] == {"@id": f"{spdx}/MIT"}
    assert found[PICTURE]["description"] == "Volumes."
    assert found[PICTURE]["sha256"] == file_hash(elsewhere / PICTURE)
    assert {"@id": "notebooks/studies/toy.toml"} in found["#study-toy"]["hasPart"]
    assert action["name"] == "python3 reproduce.py"
    assert {"@id": PICTURE} in action["result"]
    assert found["https://orcid.org/0000-0002-1825-0097"]["@type"] == "Person"
    assert found["./"]["datePublished"] == "2026-03-01"


def lie(root: Path) -> str:
    (root / PICTURE).write_text("painted over\n", encoding="utf-8")
    return f"{PICTURE}: the figure toy-volumes is not the one in the ledger"


def tear_out(root: Path) -> str:
    (root / PICTURE).unlink()
    return f"{PICTURE}: the figure toy-volumes is missing"


def forget(root: Path) -> str:
    (root / "paper/ledger/toy.json").unlink()
    return "paper/ledger/toy.json: the ledger is missing"


@pytest.mark.parametrize("harm", [lie, tear_out, forget])
def test_results_that_are_not_those_of_the_ledger_are_refused(
    compendium: Path, harm: Callable[[Path], str]
) -> None:
    said = harm(compendium)
    with pytest.raises(RunError) as caught:
        make_deposit(compendium)
    assert said in str(caught.value)
    assert not (compendium / ".cache/archive").exists()
    assert said in make_deposit(compendium, force=True).notes


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_raw_data_that_git_ignores_are_refused(compendium: Path) -> None:
    """Catches tickets that tell who people are in a deposit, since they lay in data/raw."""
    subprocess.run(["git", "init", "--quiet"], cwd=compendium, check=True)
    (compendium / ".gitignore").write_text("/data/raw/*\n", encoding="utf-8")
    with pytest.raises(RunError, match="raw data cannot be deposited") as caught:
        make_deposit(compendium, force=True)
    assert "write !/data/raw/toy/ into .gitignore" in str(caught.value)
    (compendium / ".gitignore").write_text("/data/raw/*\n!/data/raw/toy/\n", encoding="utf-8")
    assert make_deposit(compendium).files


def test_stale_results_are_refused(compendium: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stale = [Problem("notebooks/01_clean.py changed", "toy/01_clean")]
    monkeypatch.setattr(deposit, "check_up_to_date", lambda root: stale)
    with pytest.raises(RunError, match=r"toy/01_clean: notebooks/01_clean\.py changed"):
        make_deposit(compendium)
    assert (
        "toy/01_clean: notebooks/01_clean.py changed" in make_deposit(compendium, force=True).notes
    )


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("pyproject.toml", 'version = "0"', 'version = "2"', "the version is 0, in pyproject"),
        ("data/metadata.toml", '"MIT"', '"Apache-2.0"', "Apache-2.0 is not among the licences"),
    ],
)
def test_contradictions_are_refused(
    compendium: Path, rewrite: Callable[..., None], name: str, old: str, new: str, said: str
) -> None:
    """Catches a release of which one file was forgotten."""
    rewrite(name, old, new)
    with pytest.raises(StudyError, match=said):
        make_deposit(compendium)


def test_altered_raw_data_are_refused_even_by_force(compendium: Path) -> None:
    (compendium / "data/raw/toy/reports.csv").write_text("x\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"toy/reports\.csv"):
        make_deposit(compendium, force=True)


def test_a_file_that_names_its_folder_is_refused(compendium: Path) -> None:
    """Catches an absolute path that a reader elsewhere would stumble over."""
    note = compendium / "paper/notes.md"
    note.write_text(f"see {compendium.as_posix()}/data", encoding="utf-8")
    with pytest.raises(RunError, match=r"paper/notes\.md: it names the folder"):
        make_deposit(compendium)


def test_a_folder_that_is_no_deposit_is_left_alone(compendium: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("ten years", encoding="utf-8")
    with pytest.raises(RunError, match="no deposit"):
        make_deposit(compendium, mine)
    with pytest.raises(RunError, match="no deposit"):
        make_deposit(compendium, compendium)
    assert (mine / "thesis.txt").read_text("utf-8") == "ten years"


def test_a_name_that_no_list_can_hold_is_told(compendium: Path) -> None:
    """Catches a file of an old system that ends in a traceback, and a list cut in two."""
    name = os.fsdecode("paper/表 1.txt".encode("gb18030"))
    (compendium / name).write_text("x", encoding="utf-8")
    (compendium / "paper" / "a\nb.txt").write_text("x", encoding="utf-8")
    with pytest.raises(RunError, match="its name cannot be listed") as caught:
        make_deposit(compendium)
    assert len(caught.value.problems) == 2


def test_names_in_chinese_and_with_spaces_are_deposited(compendium: Path) -> None:
    (compendium / "paper" / "表 1.txt").write_text("x", encoding="utf-8")
    assert "paper/表 1.txt" in files_of(make_deposit(compendium).folder)


def test_a_project_without_a_version_is_told(compendium: Path) -> None:
    (compendium / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    with pytest.raises(StudyError, match=r"project\.version is missing"):
        make_deposit(compendium)
