"""The same tickets land as the same table, whatever file they come in."""

from __future__ import annotations

import datetime as dt
import gzip
import hmac
import io
import json
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis.errors import DataError
from analysis.study.ticket_codes import Repair
from analysis.tickets.landing.table import landed_columns


def rows_of(lander: Any) -> list[list[str]]:
    return [
        lander.row(),
        lander.row(id="T2", opened="2022/1/7 10:05", closed="", text='他说"不行"，\n第二行, 完'),
        lander.row(id="T3", opened="44573.5", street="　河东街道 ", caller="", channel="—"),
    ]


def as_json(lander: Any) -> bytes:
    lines = [dict(zip(lander.header, row, strict=True)) for row in rows_of(lander)]
    return "\n".join(json.dumps(line, ensure_ascii=False) for line in lines).encode()


def as_parquet(lander: Any) -> bytes:
    columns = zip(*rows_of(lander), strict=True)
    table = pa.table(dict(zip(lander.header, map(list, columns), strict=True)))
    file = io.BytesIO()
    pq.write_table(table, file)
    return file.getvalue()


def test_every_format_and_encoding_lands_the_same(lander):
    """Catches a reader that loses, changes or renumbers a cell that another keeps."""
    text = lander.csv(*rows_of(lander))
    _, expected = lander.land(text)
    assert [row["row"] for row in expected] == [2, 3, 4]
    assert expected[1]["text"] == '他说"不行"，\n第二行, 完'
    assert [row["opened"] for row in expected] == [
        dt.datetime(2022, 1, 5, 8), dt.datetime(2022, 1, 7, 10, 5), dt.datetime(2022, 1, 12, 12),
    ]  # fmt: skip
    assert expected[2]["street"] == "河东街道"
    assert expected[2]["channel"] is None
    tsv = text.replace(",", "\t").replace("，\n第二行\t", "，\n第二行,")
    others = {
        "bom.csv": (b"\xef\xbb\xbf" + text.encode(), {}),
        "gb.csv": (text.encode("gb18030"), {"encoding": "gb18030"}),
        "wide.csv": (text.encode("utf-16"), {"encoding": "utf-16"}),
        "tabs.csv": (tsv, {"delimiter": "\t"}),
        "packed.csv.gz": (gzip.compress(text.encode()), {}),
        "packed_gb.csv.gz": (gzip.compress(text.encode("gb18030")), {"encoding": "gb18030"}),
        "lines.jsonl": (as_json(lander), {"format": "json_lines"}),
        "lines.jsonl.gz": (gzip.compress(as_json(lander)), {"format": "json_lines"}),
        "columns.parquet": (as_parquet(lander), {"format": "parquet"}),
        "book.xlsx": (lander.workbook([lander.header, *rows_of(lander)]), {"format": "excel"}),
    }
    for name, (content, changes) in others.items():
        first = 1 if changes.get("format") in ("json_lines", "parquet") else 2
        _, landed = lander.land(content, name, **changes)
        shifted = [row | {"file": name, "row": row["row"] + first - 2} for row in expected]
        assert landed == shifted, name


def test_schema_is_the_studys_not_the_files(lander):
    """Catches sources that cannot be put together because they landed unlike each other."""
    lander.land(lander.csv(lander.row()))
    schema = pq.read_schema(lander.to())
    assert tuple(schema.names) == landed_columns(lander.tickets)
    assert schema.names[:4] == ["source", "file", "row", "problem"]
    assert {str(schema.field(name).type) for name in ("opened", "closed", "due")} == {
        "timestamp[us]"
    }
    assert schema.field("row").type == pa.int64()


def test_numbers_and_dates_of_a_workbook_are_read(lander):
    """Catches 13800001234.0 as a caller, and a date of a cell that only %Y-%m-%d would fit."""
    cells = lander.row(opened='<c s="1"><v>44566.75</v></c>', caller="<c><v>13800001234</v></c>")
    _, (row,) = lander.land(
        lander.workbook([lander.header, [""], cells]),
        "b.xlsx",
        format="excel",
        times=("%d.%m.%Y",),
        headers={k: v for k, v in lander.source.headers.items() if k not in ("closed", "due")},
    )
    assert row["row"] == 2
    assert row["opened"] == dt.datetime(2022, 1, 5, 18)
    expected = hmac.new(lander.key, b"13800001234", "sha256").hexdigest()[:16]
    assert row["caller"] == expected


def test_typed_columns_of_parquet_are_read(lander):
    """Catches a moment with a zone that lands in another zone, and floats as callers."""
    table = pa.table(
        {
            "工单编号": pa.array([1.0, 2.0]),
            "受理时间": pa.array(
                [dt.datetime(2022, 1, 5), dt.datetime(2022, 7, 5)], pa.timestamp("ms", "UTC")
            ),
            "街道": pa.array(["a", None]).dictionary_encode(),
            "区": ["x", "y"],
            "一级分类": ["x", "y"],
            "诉求来源": [True, False],
            "办理状态": ["x", "y"],
        }
    )
    file = io.BytesIO()
    pq.write_table(table, file)
    kept = ("id", "opened", "street", "district", "category_1", "channel", "status")
    headers = {name: lander.source.headers[name] for name in kept}
    lander.tickets = replace(lander.tickets, flag=())
    _, rows = lander.land(file.getvalue(), "t.parquet", format="parquet", headers=headers)
    assert [row["id"] for row in rows] == ["1", "2"]
    assert [row["opened"].hour for row in rows] == [8, 8]
    assert [row["street"] for row in rows] == ["a", None]
    assert [row["channel"] for row in rows] == ["true", "false"]


def test_what_cannot_be_read_is_counted_and_named(lander):
    """Catches a row that is silently dropped, or whose number is that of another."""
    text = lander.csv(
        lander.row(),
        ["a", "b"],
        lander.row(id="T2", opened="morgen", closed="gestern"),
        lander.row(id="T3", closed="gestern", due="nie"),
        [*lander.row(id="T4"), "one more"],
        lander.row(id="T5"),
    ).replace("a,b\n", "a,b\n\n\n")
    landed, rows = lander.land(text)
    found = {row["row"]: (row["problem"], row["id"]) for row in rows}
    assert found == {
        2: (None, "T1"), 3: ("cells", None), 4: ("time:opened", "T2"),
        5: ("time:closed,due", "T3"), 6: ("cells", None), 7: (None, "T5"),
    }  # fmt: skip
    assert landed.rows == 6
    assert landed.unread == {"cells": 2, "time:closed,due": 1, "time:opened": 1}
    assert landed.times == {"opened": 3, "closed": 2, "due": 0}


def test_a_line_that_is_no_object_is_named(lander):
    """Catches one bad line that costs the whole file, or that nobody hears of."""
    good = as_json(lander).decode().splitlines()
    text = "\n".join([good[0], "{bad", "", "[1]", good[1]])
    _, rows = lander.land(text, "a.jsonl", format="json_lines")
    found = [(row["row"], row["problem"], row["id"]) for row in rows]
    assert sorted(found) == [
        (1, None, "T1"), (2, "unreadable_json", None), (3, "unreadable_json", None),
        (4, None, "T2"),
    ]  # fmt: skip


def test_a_key_that_first_comes_late_is_found(lander):
    """Catches a look at the first records only, after which a column would be missing."""
    first, *rest = [json.loads(line) for line in as_json(lander).decode().splitlines()]
    del first["办结时间"]
    text = "\n".join(json.dumps(line) for line in [*[first] * 5000, *rest])
    landed, rows = lander.land(text, "a.jsonl", format="json_lines")
    assert landed.headers["closed"] == "办结时间"
    assert rows[0]["closed"] is None


def test_constants_fill_a_column_that_the_file_lacks(lander):
    """Catches a constant that also stands in rows of which nothing is known."""
    header = [name for name in lander.header if name != "区"]
    headers = {k: v for k, v in lander.source.headers.items() if k != "district"}
    cells = [cell for cell in lander.row() if cell != "东区"]
    text = lander.csv(cells, ["x"], header=header)
    _, rows = lander.land(text, headers=headers, constants={"district": "西区"})
    assert [row["district"] for row in rows] == ["西区", None]


def test_default_points_are_marked_and_coordinates_are_not_kept(lander):
    """Catches a place that a geocoder made up, and coordinates on the disk."""
    repair = Repair("default_coordinates", "r", (), 116.4, 39.9)
    lander.tickets = replace(lander.tickets, repair=(repair,))
    headers = lander.source.headers | {"longitude": ("经度",), "latitude": ("纬度",)}
    header = [*lander.header, "经度", "纬度"]
    points = (("116.400001", "39.9"), ("116.5", "39.9"), ("", "x"))
    rows = [[*lander.row(), *point] for point in points]
    _, landed = lander.land(lander.csv(*rows, header=header), headers=headers)
    assert [row["default_point"] for row in landed] == [True, False, False]
    assert not {"longitude", "latitude"} & set(landed[0])


def test_text_is_dropped_unless_the_study_asks_for_it(lander):
    """Catches free text on the disk of a study that does not use it."""
    privacy = replace(lander.tickets.privacy, text="drop")
    lander.tickets = replace(lander.tickets, privacy=privacy, flag=())
    _, (row,) = lander.land(lander.csv(lander.row()))
    assert "text" not in row


def test_a_file_that_fails_leaves_nothing_behind(lander):
    """Catches a half-written table, and one that replaces a good table before it is whole."""
    lander.land(lander.csv(lander.row()))
    before = lander.to().read_bytes()
    long = lander.csv(*[lander.row()] * 30_000).encode()
    with pytest.raises(DataError):
        lander.land(long + b"\xff\n")
    assert lander.to().read_bytes() == before
    assert [path.name for path in lander.to().parent.iterdir()] == [lander.to().name]
