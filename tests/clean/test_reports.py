"""A whole city: what comes out, and what a user reads when a raw file is wrong."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from analysis.clean.reports import clean_study
from analysis.errors import DataError
from analysis.panel.build import build_panels


def test_every_kind_of_dirt_at_once(toy):
    """Catches cleaners that work alone but not in this order."""
    table = toy.clean().tables["streets"]
    got = {
        (unit, str(period)): tuple(None if v is pd.NA else int(v) for v in counts)
        for unit, period, *counts in table[
            ["unit", "period", "complaints", "surveyed", "satisfied"]
        ].itertuples(index=False)
    }
    assert got == {
        ("东一街", "2020-11"): (1000, 200, 191),
        ("东一街", "2020-12"): (910, 200, 184),
        ("东一街", "2021-01"): (800, 200, 193),
        ("东二街", "2020-11"): (500, 100, 90),
        ("东二街", "2020-12"): (450, 100, 91),
        ("东二街", "2021-01"): (400, 100, None),
        ("东二街", "2021-02"): (390, 100, 95),
        ("西合街", "2020-11"): (500, 90, 75),
        ("西合街", "2020-12"): (None, None, None),
        ("西合街", "2021-01"): (600, 120, 117),
        ("西合街", "2021-02"): (580, 120, 117),
    }


def test_rows_are_accounted_for_at_every_step(toy):
    """Catches a row that leaves a step without a line in the ledger."""
    summary = toy.clean().ledger.summary()
    lost = summary["joined"] + summary["dropped"] + summary["restated"] - summary["filled"]
    assert (summary["rows_in"] - lost).tolist() == summary["rows_out"].tolist()
    assert summary["rows_in"].tolist()[1:] == summary["rows_out"].tolist()[:-1]


WRONG = {
    "a column is missing": ("streets_2021.csv", "回访量", "回复", "column 'surveyed' is missing"),
    "an unknown street": ("streets_2020.csv", "东一街", "东一衔", "did you mean '东一街'?"),
    "a month twice": ("streets_2020.csv", "更正", "", "东一街, 东区, 2020-12 stands already in"),
    "satisfied over surveyed": ("streets_2021.csv", "96.5", "196.5", "not between 0 and 100"),
    "surveyed over complaints": ("streets_2021.csv", "800,70,200", "100,70,200", "cannot exceed"),
    "a negative count": ("streets_2021.csv", "800,70", "-800,70", "-800 is negative"),
    "a number in words": ("streets_2021.csv", "800,70", "八百,70", "'八百' is not a whole number"),
    "a month in words": (
        "streets_2021.csv",
        "202101,东区,东一",
        "一月,东区,东一",
        "is not a month",
    ),
}


@pytest.mark.parametrize(("file", "old", "new", "message"), WRONG.values(), ids=WRONG)
def test_a_wrong_raw_file_stops_with_file_row_and_remedy(toy, file, old, new, message):
    """Catches a raw file that is wrong but is cleaned all the same."""
    toy.replace(file, old, new)
    with pytest.raises(DataError) as caught:
        toy.clean()
    assert message in str(caught.value)
    problem = caught.value.problems[0]
    assert problem.where.startswith(f"{file}, row ")
    assert problem.hint


def test_a_wrong_encoding_stops_with_byte_and_row(toy):
    """Catches a file saved by another program, whose characters would change."""
    toy.write("streets_2020.csv", toy.read("streets_2020.csv"), encoding="utf-8")
    with pytest.raises(DataError, match=r"streets_2020\.csv, row 1: byte 16 ") as caught:
        toy.clean()
    assert "it looks like utf-8" in str(caught.value)


def test_a_cell_that_is_no_longer_listed_stops(toy):
    """Catches a repair that goes on without the review that allowed it."""
    toy.write("known_errors.csv", "file,row,column,value,reason\n")
    with pytest.raises(DataError, match=r"103\.2 % is not between 0 and 100"):
        toy.clean()


def test_a_listed_file_that_no_source_reads_stops(toy):
    """Catches a list whose file name has a slip, so that it clears nothing."""
    toy.write("known_errors.csv", toy.read("known_errors.csv") + "street_2021.csv,3,x,y,why\n")
    with pytest.raises(DataError, match=r"did you mean 'streets_2021\.csv'"):
        toy.clean()


def test_no_files_stops(toy):
    """Catches an empty raw folder that gives an empty panel."""
    for file in ("streets_2020.csv", "streets_2021.csv"):
        (toy.folder / file).unlink()
    with pytest.raises(DataError, match=r"no file matches 'streets_\*\.csv'"):
        toy.clean()


def test_messages_are_limited(toy):
    """Catches a thousand lines on the screen for one column in another format."""
    toy.write("known_errors.csv", "file,row,column,value,reason\n")
    rows = "".join(f"2021-01,东区,东一街,x{n},1,1,1,\n" for n in range(50))
    toy.write(
        "streets_2021.csv", "考核期,所属区,街乡镇,诉求量,主动发现,回访量,满意率,备注\n" + rows
    )
    with pytest.raises(DataError, match="and 29 more problems of this kind"):
        toy.clean()


def test_reports_from_before_the_study_are_dropped_and_named(toy):
    """Catches a panel that begins with its source, in months that the study does not cover."""
    source = dataclasses.replace(toy.study.source[0], first_period="2020-11")
    later = dataclasses.replace(toy.study, first_period="2021-01", source=(source,))
    cleaned = clean_study(later, toy.folder)
    assert str(cleaned.tables["streets"]["period"].min()) == "2021-01"
    dropped = cleaned.ledger.frame().query("step == 'months outside the study'")
    assert set(dropped["reason"]) == {"the study covers 2021-01 to 2021-02"}
    panels, _ = build_panels(later, cleaned)
    assert sorted(map(str, panels["street"]["period"].unique())) == ["2021-01", "2021-02"]
