"""Titles above the headers are neither records nor problems, and rows keep their numbers."""

from __future__ import annotations

import gzip

import pytest

from analysis.errors import DataError
from analysis.tickets.landing import delimited, faults, streams

TITLES = "某区12345工单明细表\n统计时间：2022年1月,,制表人：诸葛测试\n"


@pytest.fixture
def text(lander):
    rows = [lander.row(), ["a", "b"], lander.row(id="T3")]
    return lander.csv(*rows)


def refused(lander, content, name="a.csv", **changes):
    with pytest.raises(DataError) as caught:
        lander.land(content, name, **changes)
    assert "诸葛" not in str(caught.value)
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_titles_of_a_text_file_are_left_out(lander, text, encoding):
    """Catches a title that lands as a ticket or counts as broken, and numbers that it shifts."""
    expected = lander.land(text)[1]
    for number, titles in enumerate([TITLES, "\n" + TITLES.replace("\n", "\n\n")]):
        content = gzip.compress((titles + text).encode(encoding))
        name = f"titled_{number}.csv.gz"
        landed, rows = lander.land(content, name, encoding=encoding, header_row=3)
        assert rows == [row | {"file": name, "row": row["row"] + 2} for row in expected]
        assert sorted(row["row"] for row in rows) == [4, 5, 6]
        assert (landed.rows, landed.unread) == (3, {"cells": 1})


def test_a_title_with_as_many_cells_as_a_record_is_left_out(lander, text):
    """Catches titles that a spreadsheet filled up with delimiters, taken for tickets."""
    full = ",".join(["某区12345工单明细表", *[""] * (len(lander.header) - 1)])
    landed, rows = lander.land(f"{full}\n{full}\n{text}", header_row=3)
    assert sorted(row["row"] for row in rows) == [4, 5, 6]
    assert landed.unread == {"cells": 1}


def test_a_title_may_have_lines_and_commas(lander, text):
    """Catches a title over two lines that is refused as an unclosed quotation mark."""
    title = '"某区工单明细表\n统计时间：2022年1月,单位：件"\n'
    rows = lander.land(title + text, header_row=2)[1]
    assert sorted(row["row"] for row in rows) == [3, 4, 5]


@pytest.mark.parametrize("limit", [256, 1 << 20])
def test_titles_and_blocks_of_any_size(lander, monkeypatch, limit):
    """Catches titles that are only left out of a file's first block, or of each block."""
    monkeypatch.setattr(delimited, "RECORD_LIMIT", limit)
    rows = [lander.row(id=f"T{number}") for number in range(50)]
    titles = "".join(f"{'标题' * 30}{number}\n" for number in range(9))
    landed = lander.land(titles + lander.csv(*rows), header_row=10)[1]
    assert [row["row"] for row in landed] == list(range(11, 61))
    assert [row["id"] for row in landed] == [f"T{number}" for number in range(50)]


def test_titles_of_a_workbook_are_left_out(lander):
    """Catches a title that lands as a ticket, and empty rows that are counted."""
    sheet = [
        ["某区12345工单明细表"],
        [""],
        ["统计时间：2022年1月", "", "制表人：诸葛测试"],
        lander.header,
        lander.row(),
        lander.row(id="T2"),
    ]
    landed, rows = lander.land(lander.workbook(sheet), "b.xlsx", format="excel", header_row=3)
    assert [(row["row"], row["id"]) for row in rows] == [(4, "T1"), (5, "T2")]
    assert landed.unread == {}


def test_messages_name_the_row_of_the_headers(lander, text):
    """Catches a message that sends somebody to the title."""
    lost = text.replace("办结时间", "办结时刻")
    problem = refused(lander, TITLES + lost, header_row=3)
    assert (problem.where, "'closed' is missing" in problem.what) == ("a.csv, row 3", True)
    unclosed = TITLES + text.replace("楼上装修", '"楼上装修', 1)
    assert refused(lander, unclosed, header_row=3).where == "a.csv, row 4"
    in_header = TITLES + text.replace("区,", '"区,', 1)
    assert refused(lander, in_header, header_row=3).where == "a.csv, row 3"


def test_a_title_that_swallowed_the_headers_is_found(lander, text):
    """Catches a ticket that is taken for the headers because a title's quotation mark is open."""
    quoted = text + lander.csv(lander.row(text='"x",y')) + text
    problem = refused(lander, f'"某区工单\n{quoted}', header_row=2)
    assert (problem.where, "is not closed" in problem.what) == ("a.csv, row 1", True)
    assert refused(lander, f'"某区工单\n{text}', header_row=2).where == "a.csv, row 1"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("", "the file is empty"),
        (TITLES, "only 2 rows are there, and no row 3 of headers"),
        ("标题\n", "only 1 row is there, and no row 3 of headers"),
        (TITLES + ",,,\n", "row 3 is empty"),
    ],
)
def test_a_file_that_ends_above_its_headers_is_refused(lander, content, what):
    """Catches a title that is taken for the headers, or an error of a library."""
    problem = refused(lander, content, header_row=3)
    assert (problem.what, problem.where.split(",")[0]) == (what, "a.csv")


def test_a_sheet_that_ends_above_its_headers_is_refused(lander):
    """Catches a title that is taken for the headers."""
    for sheet, what in (([["标题"]], "only 1 row is there"), ([[""]], "the sheet is empty")):
        problem = refused(lander, lander.workbook(sheet), "b.xlsx", format="excel", header_row=2)
        assert what in problem.what
        assert problem.where == "b.xlsx, row 2"


def test_a_title_without_end_is_refused(lander, monkeypatch):
    """Catches the second piece of an endless line that is taken for the headers."""
    for module in (delimited, faults, streams):
        monkeypatch.setattr(module, "RECORD_LIMIT", 1 << 12)
    for sign in ("x", "x,"):
        assert refused(lander, sign * (1 << 15), header_row=2).where == "a.csv, row 1"


def test_titles_nobody_told_of_are_guessed_at(lander, text):
    """Catches eleven messages of missing columns that do not say why."""
    sheet = lander.workbook([["标题"], lander.header, lander.row()])
    for content, name, changes in (
        ("标题\n" + text, "a.csv", {}),
        ("标题" + "," * 10 + "\n" + text, "a.csv", {}),
        (sheet, "b.xlsx", {"format": "excel"}),
    ):
        with pytest.raises(DataError, match="'header_row' in the study file"):
            lander.land(content, name, **changes)
