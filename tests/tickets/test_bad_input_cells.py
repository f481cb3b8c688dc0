"""Cells and rows that are wrong or odd: each is set aside with a reason, or counted rightly.

All of them stand in one file, each in a ticket of its own, so that one ingest tells of all.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import duckdb
import pandas as pd
import pytest

from analysis.errors import DataError


@dataclass(frozen=True)
class Spoilt:
    """Cells to be put into a ticket, and what must become of it.

    `aside` is the reason for which the row is set aside, `unset` the cell that is set missing, and
    `reads` what cells of a row that is kept are.
    """

    name: str
    cells: dict[str, str]
    aside: str = ""
    unset: str = ""
    reads: tuple[tuple[str, object], ...] = ()


def kept(name: str, cells: dict[str, str], **reads: object) -> Spoilt:
    return Spoilt(name, cells, reads=tuple(reads.items()))


def opened(cell: str) -> dict[str, str]:
    return {"opened": cell, "closed": ""}


CELLS = (
    Spoilt("the thirtieth of February", opened("2022-02-30 08:00:00"), "time:opened"),
    Spoilt("twenty-four o'clock", opened("2022-02-03 24:00:00"), "time:opened"),
    Spoilt("month 13", opened("2022-13-03 10:00:00"), "time:opened"),
    Spoilt("a word for a moment", opened("上周三"), "time:opened"),
    Spoilt("a form that is not declared", opened("03.02.2022 08:00"), "time:opened"),
    Spoilt("full-width digits in a moment", opened("２０２２-０２-０３"), "time:opened"),
    Spoilt("a number of no day", opened("12345678"), "time:opened"),
    Spoilt("no moment", opened(""), "no time of opening"),
    Spoilt("the year 1", opened("0001-01-01 00:00:00"), "outside the covered months"),
    Spoilt("the year 9999", opened("9999-12-31 23:59:59"), "opened in the future"),
    Spoilt(
        "opened after the data were taken", opened("2022-05-01 00:00:00"), "opened in the future"
    ),
    Spoilt(
        "opened after the last month", opened("2022-04-30 23:59:59"), "outside the covered months"
    ),
    Spoilt(
        "opened before the first month", opened("2021-12-31 23:59:59"), "outside the covered months"
    ),
    kept("days since 1900", opened("44595.25"), opened=pd.Timestamp("2022-02-03 06:00")),
    kept("the first second", opened("2022-01-01 00:00:00"), period="2022-01-01"),
    kept("the last second", opened("2022-03-31 23:59:59"), period="2022-03-01"),
    kept("blanks around a moment", opened("\u3000 2022-02-03 08:00:00 "), period="2022-02-01"),
    Spoilt("closed before it was opened", {"closed": "2021-12-31 00:00:00"}, unset="closed"),
    Spoilt("closed in the future", {"closed": "2022-05-01 00:00:00"}, unset="closed"),
    Spoilt("closed in the year 9999", {"closed": "9999-12-31 00:00:00"}, unset="closed"),
    Spoilt("a moment of closing that is none", {"closed": "马上"}, unset="closed"),
    Spoilt("no id", {"id": ""}, "no id"),
    Spoilt("an id of blanks", {"id": " \u3000\xa0"}, "no id"),
    Spoilt("a mark of nothing for an id", {"id": "—"}, "no id"),
    Spoilt("a cut-off id", {"id": "1.01E+11"}, "id cut off by a spreadsheet"),
    Spoilt("another cut-off id", {"id": "1.01E+11"}, "id cut off by a spreadsheet"),
    Spoilt("a cut-off id in small letters", {"id": "2e+17"}, "id cut off by a spreadsheet"),
    kept("zeros before an id", {"id": "00700"}, id="00700"),
    kept("the same without zeros", {"id": "700"}, id="700"),
    kept("the id in small letters", {"id": "rt00001"}, id="rt00001"),
    kept("an id with E", {"id": "12E11"}, id="12E11"),
    kept("a long id", {"id": "GD" + "7" * 60}, id="GD" + "7" * 60),
    kept("an id that is a formula", {"id": "=1+1"}, id="=1+1"),
    Spoilt("an unknown channel", {"channel": "传真"}, "unknown initiator"),
    Spoilt("no channel", {"channel": ""}, "no initiator"),
    Spoilt("an unknown status", {"status": "已转派"}, "unknown status"),
    Spoilt("a void case", {"status": "作废"}, "void"),
    kept("no status", {"status": ""}, is_closed=True),
    Spoilt("an unknown answer", {"resolved": "也许"}, unset="resolved"),
    kept("no answer", {"resolved": ""}, resolved=None),
    Spoilt("no street", {"street": ""}, "no unit"),
    Spoilt("a street that is none", {"street": "不详"}, "not a unit"),
    Spoilt("an unknown street", {"street": "无此街道"}, "unknown unit"),
    Spoilt("a blank within a street", {"street": "河东 街道"}, "unknown unit"),
    Spoilt("a sign that nobody sees in a street", {"street": "河东\u200b街道"}, "unknown unit"),
    Spoilt("a number for a street", {"street": "13912345678"}, "unknown unit"),
    kept("blanks around a street", {"street": " 河东街道\u3000"}, unit="河东街道"),
    kept("a street in other signs", {"street": "河東街道"}, unit="河东街道"),
    kept("a street renamed", {"street": "北街街道"}, unit="河东街道"),
    kept("a street in another district", {"street": "山前镇", "district": "东区"}, district="西区"),
    Spoilt("a test case", {"text": "测试工单，请忽略"}, "test_case"),
    kept("a case that repeats itself", {"id": "RT1", "duplicate_of": "RT1"}, duplicate=False),
    kept("a case that repeats another", {"duplicate_of": "RT00000"}, duplicate=True),
    kept("a formula", {"category_1": "=cmd|' /C calc'!A0"}, category="=cmd|' /C calc'!A0"),
    kept("entities of HTML", {"category_1": "&lt;供暖&gt;"}, category="&lt;供暖&gt;"),
    kept("a picture sign", {"category_1": "🔥供暖"}, category="🔥供暖"),
    kept("writing from right to left", {"category_1": "شكوى"}, category="شكوى"),
    kept("signs of private use", {"category_1": "\ue5e5供暖"}, category="\ue5e5供暖"),
    kept("no category", {"category_1": ""}, category=None),
    kept("a comma in a cell", {"category_1": "供暖,供水"}, category="供暖,供水"),
    kept("a quotation mark in a cell", {"category_1": '5"管道'}, category='5"管道'),
    kept("a line break in a cell", {"category_1": "供\n暖"}, category="供\n暖"),
    kept("a long text", {"text": "很" * 300_000}, step=None),
    kept("a caller that is a word", {"caller": "匿名"}, step=None),
)
# Rows of a wrong length, by the ticket's place; each has its own below the cells.
LENGTHS = {"a row too short": len(CELLS), "a row too long": len(CELLS) + 1}
# Tickets below, as they are, and then versions of them.
SAME, OLDER = len(CELLS) + 2, len(CELLS) + 3


@pytest.fixture(scope="module")
def spoilt(small_city, riverton, tmp_path_factory) -> Any:
    city = small_city.City(
        tmp_path_factory.mktemp("cells") / "city", small_city.small_study(riverton)
    )
    city.tickets(quarantine_limit=1.0)
    heads, *lines = city.text().splitlines()
    lines[LENGTHS["a row too short"]] = "RT1,2022-02-03 08:00:00"
    lines[LENGTHS["a row too long"]] += ",13912345678,欧阳娜娜"
    changed = city.text({n: case.cells for n, case in enumerate(CELLS)}, rows=range(len(CELLS)))
    more = [lines[SAME], heads, "", "  ", lines[OLDER].replace("电梯", "水管")]
    city.put(changed + "\n".join([*lines[len(CELLS) :], *more]) + "\n")
    city.ingest()
    return city


@pytest.fixture(scope="module")
def checked(spoilt) -> dict[int, dict[str, Any]]:
    """Return row of the raw file -> its cleaned ticket."""
    with duckdb.connect() as engine:
        table = engine.read_parquet(f"{spoilt.made / 'cases'}/*.parquet").to_arrow_table()
    return {row["row"]: row for row in table.to_pylist()}


@pytest.mark.parametrize("place", range(len(CELLS)), ids=[case.name for case in CELLS])
def test_a_spoilt_cell_is_named_or_read_rightly(checked, place):
    """Catches a wrong cell that is counted, and an odd one that is refused or changed."""
    case, row = CELLS[place], checked[place + 2]
    assert (row["reason"] or "") == case.aside
    assert (row["unset"] or "") == (case.unset if not case.aside else row["unset"] or "")
    found = {name: str(row[name]) for name, _ in case.reads}
    assert found == {name: str(value) for name, value in case.reads}


def test_rows_of_a_wrong_length_and_a_second_header_are_set_aside(checked):
    """Catches cells that slip into the next column."""
    assert [checked[place + 2]["reason"] for place in LENGTHS.values()] == ["cells", "cells"]
    assert (checked[93]["reason"], checked[94]["reason"]) == ("time:opened", "cells")


def test_one_version_of_a_case_is_kept(checked):
    """Catches a case counted twice, and one that is lost because a later row has its number."""
    assert (checked[SAME + 2]["reason"], checked[92]["reason"]) == ("repeated row", None)
    assert (checked[OLDER + 2]["reason"], checked[95]["reason"]) == ("earlier version", None)
    assert max(checked) == 95


def test_every_row_is_accounted_for(spoilt, checked):
    """Catches a row that is in no table and in no account."""
    told = spoilt.accounts()
    lost = told[told["action"].isin(["dropped", "restated"]) & (told["step"] != "count")]
    steps = told[told["step"] != "count"].drop_duplicates("step")
    assert steps["rows_in"].iloc[0] == len(checked)
    reasons = Counter(row["reason"] for row in checked.values() if row["step"] is not None)
    assert dict(zip(lost["reason"], lost["rows"], strict=True)) == dict(reasons)
    assert steps["rows_out"].iloc[-1] == len(checked) - sum(reasons.values())


def test_the_panel_has_the_kept_tickets_and_no_other(spoilt, checked):
    """Catches a count that does not follow from the rows."""
    expected = Counter(
        (row["unit"], f"{row['period']:%Y-%m}") for row in checked.values() if row["step"] is None
    )
    assert spoilt.counted() == expected


def test_nothing_personal_is_kept_of_spoilt_rows(spoilt, small_city, capfd):
    """Catches a number that stands where no number should."""
    assert small_city.find_secrets(spoilt, *capfd.readouterr()) == []


def test_too_much_in_quarantine_stops_the_ingest(city):
    """Catches a panel of the few rows that happened to fit."""
    city.put(city.text({n: {"channel": "传真"} for n in range(90)}))
    with pytest.raises(DataError, match="unknown initiator in 90 rows"):
        city.ingest()
    city.tickets(quarantine_limit=1.0)
    with pytest.raises(DataError, match="no ticket is left to count"):
        city.ingest()
    assert city.files() == {}
