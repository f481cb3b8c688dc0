"""Files that are odd and right: each lands as the plain file of the same tickets does."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from analysis.errors import DataError

MOMENTS = ("受理时间", "办结时间")


def with_columns(text: str, count: int) -> str:
    heads, *lines = text.splitlines()
    more = ",".join(f"x{number}" for number in range(count))
    return "\n".join([f"{heads},{more}", *(line + "," * count for line in lines)])


def reversed_columns(city: Any) -> str:
    records = city.records()
    rows = [list(records[0]), *(list(record.values()) for record in records)]
    return "\n".join(",".join(row[:-1][::-1] + row[-1:]) for row in rows)


def put(content: Callable[[Any], str | bytes], name: str = "hotline_a.csv", **source: Any) -> Any:
    def write(city: Any) -> None:
        city.source(**source)
        city.put(content(city), name)

    return write


def as_table(city: Any) -> pa.Table:
    return pa.Table.from_pylist(city.records())


def parquet(change: Callable[[pa.Table], pa.Table]) -> Any:
    def content(city: Any) -> bytes:
        file = io.BytesIO()
        pq.write_table(change(as_table(city)), file)
        return file.getvalue()

    return put(content, "hotline_a.parquet", format="parquet")


def typed(kind: pa.DataType) -> Callable[[pa.Table], pa.Table]:
    """Make moments of a type."""

    def change(table: pa.Table) -> pa.Table:
        for name in MOMENTS:
            moments = pc.strptime(table[name], "%Y-%m-%d %H:%M:%S", "us").cast(kind)
            table = table.set_column(table.column_names.index(name), name, moments)
        return table

    return change


def repeated(table: pa.Table) -> pa.Table:
    return pa.table({name: table[name].dictionary_encode() for name in table.column_names})


def workbook(*sheets: tuple[str, Sequence[Sequence[str]]]) -> bytes:
    """Write sheets of texts, and of numbers where a cell begins with '#'."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats"

    def cell(text: str) -> str:
        if text.startswith("#"):
            return f"<c><v>{text[1:]}</v></c>"
        return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'

    listed = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="r{n}"/>' for n, (name, _) in enumerate(sheets, 1)
    )
    links = "".join(
        f'<Relationship Id="r{n}" Type="{office}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        f'ContentType="{kind}-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="{kind}-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{listed}</sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">{links}'
        "</Relationships>",
    }
    for number, (_, rows) in enumerate(sheets, 1):
        cells = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>'
        )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def sheet_of(city: Any, moment: Callable[[str], str] = str) -> list[list[str]]:
    records = city.records()
    rows = [
        [moment(cell) if name in MOMENTS else cell for name, cell in record.items()]
        for record in records
    ]
    return [list(records[0]), *rows]


def days_since_1900(cell: str) -> str:
    gone = dt.datetime.fromisoformat(cell) - dt.datetime(1899, 12, 30)
    return f"#{gone / dt.timedelta(days=1):.9f}"


def text_of(city: Any) -> str:
    return str(city.text())


def halves(content: bytes) -> tuple[bytes, bytes]:
    return content[:999], content[999:]


FORMS = {
    "lines that end in CR LF": put(lambda c: c.text(lineterminator="\r\n")),
    "lines that end in CR": put(lambda c: c.text(lineterminator="\r")),
    "no end of the last line": put(lambda c: text_of(c).rstrip("\n")),
    "a byte-order mark": put(lambda c: b"\xef\xbb\xbf" + text_of(c).encode()),
    "a byte-order mark, declared": put(
        lambda c: b"\xef\xbb\xbf" + text_of(c).encode(), encoding="utf-8-sig"
    ),
    "GB18030": put(lambda c: text_of(c).encode("gb18030"), encoding="gb18030"),
    "UTF-16": put(lambda c: text_of(c).encode("utf-16"), encoding="utf-16"),
    "UTF-16, the other way round": put(
        lambda c: b"\xfe\xff" + text_of(c).encode("utf-16-be"), encoding="utf-16"
    ),
    "blank lines": put(lambda c: text_of(c).replace("\n", "\n\n\n")),
    "every cell in quotation marks": put(lambda c: c.text(quoting=1)),
    "tabs": put(lambda c: c.text(delimiter="\t"), delimiter="\t"),
    "packed": put(lambda c: gzip.compress(text_of(c).encode()), "hotline_a.csv.gz"),
    "packed in two parts": put(
        lambda c: (
            gzip.compress(text_of(c)[:999].encode()) + gzip.compress(text_of(c)[999:].encode())
        ),
        "hotline_a.csv.gz",
    ),
    "one more column": put(lambda c: with_columns(text_of(c), 1)),
    "three thousand more columns": put(lambda c: with_columns(text_of(c), 3000)),
    "columns in another order": put(reversed_columns),
    "blanks in headers": put(lambda c: c.text(headers={"受理时间": " 受理 时间\u3000"})),
    "a name with blanks and signs": put(text_of, "hotline_二〇二二 年 (最终 'v2') [a] %20.csv"),
    "JSON lines": put(lambda c: c.lines(), "hotline_a.jsonl", format="json_lines"),
    "JSON lines with structures that nobody asked for": put(
        lambda c: c.lines().replace('{"', '{"附件": [{"大小": 1}], "'),
        "hotline_a.jsonl",
        format="json_lines",
    ),
    "Parquet": parquet(lambda table: table),
    "Parquet with moments": parquet(typed(pa.timestamp("us"))),
    "Parquet with moments to the second": parquet(typed(pa.timestamp("s"))),
    "Parquet with repeated values": parquet(repeated),
    "Parquet with large texts": parquet(
        lambda table: table.cast(pa.schema([(n, pa.large_string()) for n in table.column_names]))
    ),
    "a workbook": put(lambda c: workbook(("工单", sheet_of(c))), "hotline_a.xlsx", format="excel"),
    "a workbook with days since 1900": put(
        lambda c: workbook(("工单", sheet_of(c, days_since_1900))), "hotline_a.xlsx", format="excel"
    ),
    "the second sheet of a workbook": put(
        lambda c: workbook(("说明", [["导出于2022-04-30"]]), ("工单", sheet_of(c))),
        "hotline_a.xlsx",
        format="excel",
        sheet="工单",
    ),
}


@pytest.fixture(scope="module")
def plain(small_city, riverton, tmp_path_factory) -> list[dict[str, Any]]:
    city = small_city.City(
        tmp_path_factory.mktemp("plain") / "city", small_city.small_study(riverton)
    )
    city.put(city.text())
    return without_key(city.land())


def without_key(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Number rows from the first record, and leave out callers, whose key is each city's own."""
    first = min(row["row"] for row in rows)
    rows = sorted(rows, key=lambda row: row["row"])
    return [
        {k: v for k, v in row.items() if k != "caller"} | {"row": row["row"] - first}
        for row in rows
    ]


@pytest.mark.parametrize("form", FORMS)
def test_an_odd_file_lands_as_the_plain_one(form, city, plain, small_city):
    """Catches a reader that loses, changes or moves a cell that is written in another way."""
    FORMS[form](city)
    assert without_key(city.land()) == plain
    assert small_city.find_secrets(city) == []


def one_column(city: Any, name: str, cells: pa.Array, landed: str) -> list[Any]:
    """Land Parquet with one column of a type, and return its landed cells."""
    table = as_table(city)
    table = table.set_column(table.column_names.index(name), name, cells)
    parquet(lambda _: table)(city)
    rows = sorted(city.land(), key=lambda row: row["row"])
    return [row[landed] for row in rows[:2]]


@pytest.mark.parametrize(
    ("cells", "landed"),
    [
        (pa.array([10**17 + n for n in range(90)]), ["100000000000000000", "100000000000000001"]),
        (pa.array([float(n) for n in range(90)]), ["0", "1"]),
        (pa.array([Decimal(n) for n in range(90)], pa.decimal128(20, 0)), ["0", "1"]),
        (pa.array([f"00{n}" for n in range(90)]), ["000", "001"]),
        (pa.array([b"x%d" % n for n in range(90)]), ["x0", "x1"]),
    ],
    ids=["int64", "float", "decimal", "text", "binary"],
)
def test_numbers_of_cases_in_parquet_keep_every_digit(city, cells, landed):
    """Catches two cases that become one because a number lost its last digits."""
    assert one_column(city, "编号", cells, "id") == landed


def test_days_in_parquet_are_moments(city):
    """Catches a date that no form reads because it has no hours."""
    days = pa.array([dt.date(2022, 1, 1) + dt.timedelta(days=n) for n in range(90)])
    assert one_column(city, "受理时间", days, "opened")[1] == dt.datetime(2022, 1, 2)


def test_a_line_of_json_cut_at_half_is_set_aside(city):
    """Catches a broken last line that costs the file, or that nobody hears of."""
    lines = city.lines().splitlines()
    lines[44] = lines[44][:50]
    lines[45] = json.dumps({**json.loads(lines[45]), "街道": {"名称": "13912345678"}})
    city.source(format="json_lines")
    city.put("\n".join(lines)[:-30], "hotline_a.jsonl")
    city.tickets(quarantine_limit=1.0)
    city.ingest()
    assert city.aside() == {"unreadable_json": 2, "unknown unit": 1}
    assert city.counted() == city.expected(lost=(44, 45, 89))


def test_an_hour_that_the_clock_skips_stays_in_its_month(city):
    """Catches a case that moves to another hour, or is lost, in the night of summer time."""
    city.tickets(zone="America/New_York")
    city.put(city.text({4: {"opened": "2022-03-13 02:30:00", "closed": "2022-03-13 03:10:00"}}))
    (row,) = [row for row in city.land() if row["row"] == 6]
    assert (row["opened"], row["problem"]) == (dt.datetime(2022, 3, 13, 2, 30), None)


def test_a_month_without_a_delivery_is_missing_and_not_zero(city):
    """Catches a drop to nothing in a month whose file nobody sent."""
    january_and_march = [n for n, row in enumerate(city.rows) if row["opened"][5:7] != "02"]
    city.put(city.text(rows=january_and_march))
    done = city.ingest()
    assert any("2022-02" in told and "delivery is missing" in told for told in done.left_out)
    assert {month for _, month in city.counted()} == {"2022-01", "2022-03"}


def test_a_month_that_is_cut_off_in_the_file_is_only_smaller(city):
    """Catches rows before the cut that are lost with it."""
    text = text_of(city)
    city.put(text[: text.index("RT00080,") + 12])
    city.ingest()
    assert city.aside() == {"cells": 1}
    assert city.counted() == city.expected(lost=range(80, 90))


def test_signs_of_nothing_stay_out_of_the_way(city):
    """Catches a byte of nothing that ends a cell, a row or the file."""
    city.put(text_of(city).replace("电梯坏了", "电梯\0坏了"))
    rows = city.land()
    assert len(rows) == 90
    assert {row["problem"] for row in rows} == {None}


def test_a_second_sheet_is_not_read_unasked(city):
    """Catches the notes of a workbook, taken for its tickets."""
    city.source(format="excel", sheet="工单")
    city.put(workbook(("说明", [["13912345678"]])), "hotline_a.xlsx")
    with pytest.raises(DataError, match="no sheet '工单'"):
        city.ingest()
