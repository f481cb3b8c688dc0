"""Records of exhibits: their files, and their union in numbers.json."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analysis.errors import RunError
from analysis.pipeline.records import EMPTY_RECORD, files_of_record, merge_records


def write(path: Path, **kinds: list[str]) -> Path:
    record = json.loads(EMPTY_RECORD)
    for kind, identities in kinds.items():
        origin = {"study": "toy", "notebook": path.stem, "run": ""}
        record[kind] = dict.fromkeys(identities, origin)
    path.write_text(json.dumps(record), encoding="utf-8")
    return path


def test_each_figure_and_table_has_two_files(tmp_path: Path) -> None:
    record = write(tmp_path / "a.json", figures=["map"], tables=["rates"], numbers=["n"])
    assert [path.as_posix() for path in files_of_record(record)] == [
        "paper/figures/map.png",
        "paper/figures/map.svg",
        "paper/tables/rates.csv",
        "paper/tables/rates.json",
    ]


def test_a_record_that_is_not_there_yet_has_no_files(tmp_path: Path) -> None:
    assert files_of_record(tmp_path / "none.json") == ()


def test_the_union_does_not_depend_on_the_order_of_records(tmp_path: Path) -> None:
    one = write(tmp_path / "a.json", numbers=["z"], figures=["f"])
    two = write(tmp_path / "b.json", numbers=["a"])
    merged = merge_records([one, two])
    assert merged == merge_records([two, one])
    assert list(json.loads(merged)["numbers"]) == ["a", "z"]


def test_an_id_recorded_by_two_notebooks_names_both(tmp_path: Path) -> None:
    one, two = (
        write(tmp_path / "02_x.json", numbers=["n"]),
        write(tmp_path / "03_y.json", numbers=["n"]),
    )
    with pytest.raises(RunError, match="n: toy 02_x and toy 03_y both record it"):
        merge_records([one, two])
