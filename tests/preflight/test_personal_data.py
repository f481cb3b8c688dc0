"""Personal data: each kind is found where it is, masked, and numbers of other kinds are not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.preflight.finding import Finding
from analysis.preflight.personal_patterns import find_personal

Find = Callable[[str], list[Finding]]
Write = Callable[[str, str], None]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("13812345678", "Chinese mobile number"),
        ("+86 138 1234 5678", "Chinese mobile number"),
        ("联系电话138-1234-5678。", "Chinese mobile number"),
        ("11010519491231002X", "resident identity number"),
        ("身份证11010519491231002x号", "resident identity number"),
        ("li.na@mail.example.cn", "e-mail address"),
        ("京A12345", "licence plate"),
        ("车牌沪AD12345（新能源）", "licence plate"),
        ("粤B·12345", "licence plate"),
        ("+44 20 7946 0958", "telephone number"),
        ("(617) 555-0123", "telephone number"),
        ("617-555-0123", "telephone number"),
        ("010-12345678", "telephone number"),
    ],
)
def test_each_kind_is_recognised(text: str, kind: str) -> None:
    assert [found for found, _ in find_personal(text)] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "110105194912310021",  # the check digit is wrong
        "110105194913310022",  # there is no month 13
        "0.13812345678",
        "138123456789",
        "a13812345678b",
        "12812345678",
        "https://example.org/p/13812345678.html",
        "2019-01-02",
        "2019-01 to 2020-12",
        "+0.123456789",
        "1,234,567",
        "numpy@2.4.1",
        "京A1",
        "北京ABCDEF",
        "2021-2022-0001",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    # Catches false alarms, which would teach people to ignore the check.
    assert not list(find_personal(text))


def test_a_value_in_a_table_is_found_once_a_column_and_masked(find: Find, write: Write) -> None:
    rows = "unit,note\nA,none\nB,call 13812345678\nC,call 13912345678\n"
    write("data/raw/city/notes.csv", rows)
    (finding,) = find("personal-data")
    assert (finding.place.row, finding.place.column) == (3, "note")
    assert finding.what == "what looks like a Chinese mobile number: 13*******78; 2 in this column"


def test_a_table_in_gb18030_is_read(root: Path, find: Find) -> None:
    # Catches a search of undecoded bytes, in which no plate can be seen.
    path = root / "data" / "raw" / "city" / "cars.csv"
    path.write_bytes("编号,车辆\n1,京A12345\n".encode("gb18030"))
    (finding,) = find("personal-data")
    assert finding.place.column == "车辆"


def test_headers_of_columns_of_persons_are_told(find: Find, write: Write) -> None:
    write("data/raw/city/people.csv", "姓名,Phone,unit_name\nx,y,z\n")
    findings = find("personal-data")
    assert [(f.place.column, f.severity) for f in findings] == [
        ("姓名", "warning"),
        ("Phone", "warning"),
    ]


def test_outputs_of_notebooks_and_words_of_drawings_are_searched(find: Find, write: Write) -> None:
    data = {"text/html": ["<td>li@example.cn</td>"], "image/png": "13812345678"}
    output = {"output_type": "display_data", "data": data, "metadata": {}}
    cell = {"cell_type": "code", "source": "1", "execution_count": 1, "outputs": [output]}
    write("notebooks/executed/city/01_clean.ipynb", json.dumps({"cells": [cell]}))
    write("paper/figures/a.svg", '<svg><path d="13812345678"/><text x="1">京A12345</text></svg>')
    assert [finding.place.file for finding in find("personal-data")] == [
        "notebooks/executed/city/01_clean.ipynb",
        "paper/figures/a.svg",
    ]


def test_a_readme_may_say_whom_to_ask_for_the_data(find: Find, write: Write) -> None:
    write("data/raw/city/README.md", "Ask data@example.org.\n")
    assert not find("personal-data")


def test_a_format_that_cannot_be_searched_is_told(find: Find, write: Write) -> None:
    write("data/raw/city/calls.xlsx", "x")
    assert [finding.severity for finding in find("personal-data")] == ["warning"]


def test_a_quote_that_is_never_closed_hides_nothing(find: Find, write: Write) -> None:
    """Catches the limit of a cell's size, which ends the checks with a traceback."""
    rows = "a,1\n" * 40_000
    write("data/raw/city/calls.csv", f'name,n\n"open,1\n{rows}13800001234,2\n')
    assert any("Chinese mobile number" in fault.what for fault in find("personal-data"))
