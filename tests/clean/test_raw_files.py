"""Would catch raw data that changed unnoticed, or a check that blames the wrong file."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.clean.raw_files import CHECKSUMS, add_checksums, check_raw_files, write_checksums
from analysis.errors import DataError

ROOT = Path(__file__).parents[2]


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    for name in ("one/a.csv", "one/b.csv", "two/c.csv"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(name.encode())
    write_checksums(tmp_path)
    return tmp_path


def test_committed_raw_files_are_as_listed() -> None:
    check_raw_files(ROOT / "data" / "raw", ["beijing", "boston", "published"])


def test_committed_list_is_complete_and_sorted(tmp_path: Path) -> None:
    lines = (ROOT / "data" / "raw" / CHECKSUMS).read_text(encoding="utf-8").splitlines()
    names = [line[66:] for line in lines]
    assert names == sorted(names)
    assert all(line[64:66] == "  " for line in lines)


def test_untouched_files_pass(raw: Path) -> None:
    check_raw_files(raw, ["one", "two"])


def test_one_byte_is_noticed_and_named(raw: Path) -> None:
    (raw / "one" / "b.csv").write_bytes(b"one/b.csV")
    with pytest.raises(DataError) as caught:
        check_raw_files(raw, ["one", "two"])
    assert "data/raw/one/b.csv: the file was altered" in str(caught.value)
    assert "restore it from the repository" in str(caught.value)
    assert "python3 reproduce.py checksums" in str(caught.value)
    assert "a.csv" not in str(caught.value)


def test_all_problems_are_reported_together(raw: Path) -> None:
    (raw / "one" / "a.csv").unlink()
    (raw / "one" / "extra.csv").write_bytes(b"")
    (raw / "two" / "c.csv").write_bytes(b"changed")
    with pytest.raises(DataError) as caught:
        check_raw_files(raw, ["one", "two"])
    places = [problem.where for problem in caught.value.problems]
    assert places == ["data/raw/one/a.csv", "data/raw/one/extra.csv", "data/raw/two/c.csv"]


def test_other_folders_are_not_looked_at(raw: Path) -> None:
    (raw / "two" / "c.csv").write_bytes(b"changed")
    check_raw_files(raw, ["one"])


def test_hidden_files_of_file_managers_do_not_count(raw: Path) -> None:
    (raw / "one" / ".DS_Store").write_bytes(b"")
    check_raw_files(raw, ["one"])


def test_list_that_is_missing_or_broken(raw: Path) -> None:
    (raw / CHECKSUMS).write_text("nonsense\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"SHA256SUMS, line 1: this is not a hash and a path"):
        check_raw_files(raw, ["one"])
    (raw / CHECKSUMS).unlink()
    with pytest.raises(DataError, match="the list of hashes is missing"):
        check_raw_files(raw, ["one"])


def test_one_folder_is_listed_and_no_other_line_is_touched(raw: Path) -> None:
    """Would catch an altered file of another study that is declared good on the way."""
    before = (raw / CHECKSUMS).read_bytes().splitlines()
    (raw / "two" / "c.csv").write_bytes(b"changed")
    (raw / "one" / "a.csv").write_bytes(b"new")
    (raw / "one" / "b.csv").unlink()
    (raw / "on").mkdir()
    (raw / "on" / "d.csv").write_bytes(b"another folder")
    add_checksums(raw, "one")
    after = (raw / CHECKSUMS).read_bytes().splitlines()
    assert [line[66:] for line in after] == [b"one/a.csv", b"two/c.csv"]
    assert after[1] == before[2]
    add_checksums(raw, "on")
    check_raw_files(raw, ["one", "on"])
    with pytest.raises(DataError, match=r"two/c\.csv: the file was altered"):
        check_raw_files(raw, ["two"])


def test_a_list_is_begun_where_there_is_none(raw: Path) -> None:
    (raw / CHECKSUMS).unlink()
    add_checksums(raw, "one")
    check_raw_files(raw, ["one"])


def test_a_last_line_without_an_end_is_not_run_into(raw: Path) -> None:
    listed = (raw / CHECKSUMS).read_bytes()
    (raw / CHECKSUMS).write_bytes(listed.rstrip(b"\n"))
    (raw / "zoo").mkdir()
    (raw / "zoo" / "z.csv").write_bytes(b"z")
    add_checksums(raw, "zoo")
    check_raw_files(raw, ["one", "two", "zoo"])
