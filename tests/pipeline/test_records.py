"""Records of exhibits: the files that each lists."""

from __future__ import annotations

import json
from pathlib import Path

from analysis.pipeline.records import EMPTY_RECORD, exhibit_files, files_of_record


def test_files_are_listed_in_one_order(tmp_path: Path) -> None:
    record = {
        "tables": {"rates": {"files": ["paper/tables/rates.csv"]}},
        "numbers": {"n": {}},
        "figures": {"z": {"files": ["z.png", "z.svg"]}, "a": {"files": ["a.svg"]}},
    }
    path = tmp_path / "record.json"
    path.write_text(json.dumps(record), encoding="utf-8")
    expected = ["a.svg", "z.png", "z.svg", "paper/tables/rates.csv"]
    assert [file.as_posix() for file in files_of_record(path)] == expected


def test_a_record_that_is_not_there_yet_has_no_files(tmp_path: Path) -> None:
    assert files_of_record(tmp_path / "none.json") == ()


def test_a_notebook_without_exhibits_has_a_record_all_the_same() -> None:
    assert exhibit_files(json.loads(EMPTY_RECORD)) == ()
