"""Files, hashes, notebooks and exhibits: each fault is found where it is."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analysis.preflight.files import LARGEST
from analysis.preflight.finding import Allowed, Finding

Find = Callable[[str], list[Finding]]
Write = Callable[[str, str], None]

EXECUTED = "notebooks/executed/city/01_clean.ipynb"


def test_an_empty_file_is_found_and_an_empty_package_marker_is_told(
    find: Find, write: Write, allowed: Callable[[str], list[Allowed]]
) -> None:
    write("data/empty.txt", "")
    assert [finding.place.file for finding in find("empty-files")] == ["data/empty.txt"]
    assert [one.place.file for one in allowed("empty-files")] == ["src/own/__init__.py"]


def test_a_copy_is_found(find: Find, write: Write, root: Path) -> None:
    write("data/raw/city/copy.csv", (root / "data/raw/city/calls.csv").read_text("utf-8"))
    (finding,) = find("duplicates")
    assert finding.place.file == "data/raw/city/copy.csv"


def test_two_recorded_exhibits_may_agree(
    root: Path, find: Find, write: Write, allowed: Callable[[str], list[Allowed]]
) -> None:
    # Catches a rule that would forbid two studies the same table.
    write("paper/tables/other-calls.csv", "n\n2\n")
    assert len(find("duplicates")) == 1
    ledger = json.loads((root / "paper/ledger/city.json").read_text("utf-8"))
    entry = ledger["tables"]["city-calls"]
    files = {"paper/tables/other-calls.csv": next(iter(entry["files"].values()))}
    ledger["tables"]["other-calls"] = entry | {"files": files}
    write("paper/ledger/city.json", json.dumps(ledger))
    assert not find("duplicates")
    assert len(allowed("duplicates")) == 1


def test_archives_are_found_by_name_and_by_content(root: Path, find: Find, write: Write) -> None:
    write("data/a.tar.gz", "x")
    (root / "data" / "b.dat").write_bytes(b"PK\x03\x04rest")
    (root / "data" / "c.xlsx").write_bytes(b"PK\x03\x04rest")
    assert [finding.place.file for finding in find("archives")] == ["data/a.tar.gz", "data/b.dat"]


def test_a_file_of_more_than_100_mb_is_found(root: Path, find: Find) -> None:
    with (root / "data" / "large.bin").open("wb") as stream:
        stream.truncate(LARGEST)
    assert not find("file-sizes")
    with (root / "data" / "large.bin").open("wb") as stream:
        stream.truncate(LARGEST + 1)
    assert [finding.place.file for finding in find("file-sizes")] == ["data/large.bin"]


def test_raw_files_altered_unlisted_or_gone_are_found(root: Path, find: Find, write: Write) -> None:
    write("data/raw/city/calls.csv", "street,calls\nA,2\n")
    write("data/raw/other/new.csv", "street\n")
    (root / "data/raw/city/README.md").unlink()
    assert sorted(finding.place.file for finding in find("checksums")) == [
        "data/raw/city/README.md",
        "data/raw/city/calls.csv",
        "data/raw/other/new.csv",
    ]


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_raw_files_that_git_ignores_are_a_warning(root: Path, find: Find, write: Write) -> None:
    """Catches a study that nobody else can run, and personal data that nobody looked for."""
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
    assert not find("checksums")
    write(".gitignore", "/data/raw/*/*.csv\n")
    (finding,) = find("checksums")
    assert (finding.place.file, finding.severity) == ("data/raw/city/", "warning")
    assert finding.what.startswith("git ignores 1 of its files")
    assert "!/data/raw/city/" in finding.mend


def _edit_notebook(root: Path, edit: Callable[[list[dict[str, Any]]], None]) -> None:
    notebook = json.loads((root / EXECUTED).read_text("utf-8"))
    edit(notebook["cells"])
    (root / EXECUTED).write_text(json.dumps(notebook), encoding="utf-8")


@pytest.mark.parametrize(
    ("cell", "count", "what"),
    [
        (2, 3, "ran as number 3, where 2 would be in order"),
        (2, None, "never executed"),
        (1, 4, "ran as number 4, where 1 would be in order"),
    ],
)
def test_cells_out_of_order_are_found(
    root: Path, find: Find, cell: int, count: int | None, what: str
) -> None:
    _edit_notebook(root, lambda cells: cells[cell].update(execution_count=count))
    finding = find("notebooks")[0]
    assert what in finding.what
    assert finding.place.cell == cell + 1


def test_a_cell_that_failed_is_found(root: Path, find: Find) -> None:
    error = {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": []}
    _edit_notebook(root, lambda cells: cells[2].update(outputs=[error]))
    assert [finding.what for finding in find("notebooks")] == ["the cell failed: ValueError: no"]


def test_exhibits_missing_altered_or_nobodys_are_found(
    root: Path, find: Find, write: Write
) -> None:
    write("paper/tables/stray.csv", "x\n")
    write("paper/tables/city-calls.csv", "n\n3\n")
    write("paper/numbers.json", json.dumps({"numbers": {"city.calls": {"text": "3"}}}))
    write("paper/uses.json", json.dumps({"city.gone": {"paper": [1]}}))
    whats = " ".join(finding.what for finding in find("exhibits"))
    assert "city.calls is '3'; the ledger has '2'" in whats
    assert "city-calls is not the recorded one (notebooks/01_clean.py, line 1)" in whats
    assert "no ledger has this exhibit" in whats
    assert "uses city.gone, which no ledger has" in whats
    (root / "paper/tables/city-calls.csv").unlink()
    assert "the exhibit city-calls is missing" in " ".join(f.what for f in find("exhibits"))


def test_a_compendium_without_a_ledger_is_told_so(root: Path, find: Find) -> None:
    (root / "paper/ledger/city.json").unlink()
    assert [finding.what for finding in find("exhibits")] == ["there is no ledger of exhibits"]


@pytest.mark.parametrize("content", ["[]", '{"cells": 3}', '{"cells": [1]}', "{"])
def test_what_is_no_notebook_is_found(find: Find, write: Write, content: str) -> None:
    """Catches JSON of another shape that ends the checks with a traceback."""
    write("notebooks/executed/city/01_clean.ipynb", content)
    assert [fault.what for fault in find("notebooks")] == ["it has no cells, or is no notebook"]
    find("paths")


@pytest.mark.parametrize("content", ["{", "[]", '{"a": 1}'])
def test_broken_uses_are_found(find: Find, write: Write, content: str) -> None:
    write("paper/uses.json", content)
    assert "paper/uses.json" in {fault.place.file for fault in find("exhibits")}


@pytest.mark.parametrize("content", ["{", "[]", '{"numbers": [1]}', '{"numbers": {"a": 1}}'])
def test_broken_numbers_of_the_paper_are_found(find: Find, write: Write, content: str) -> None:
    write("paper/numbers.json", content)
    assert "paper/numbers.json" in {fault.place.file for fault in find("exhibits")}
