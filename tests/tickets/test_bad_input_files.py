"""Files that cannot be taken: each is refused by name, and nothing personal is told of it."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis.errors import DataError


@dataclass(frozen=True)
class Refused:
    """A way to spoil the city's files, and words that the error must have."""

    name: str
    spoil: Callable[[Any], None]
    words: tuple[str, ...]


def text_of(city: Any) -> str:
    return str(city.text())


def put_gz(city: Any, content: bytes) -> None:
    city.put(content, "hotline_a.csv.gz")


def put_gb(city: Any, content: bytes) -> None:
    city.source(encoding="gb18030")
    city.put(content)


def put_parquet(city: Any, table: pa.Table, cut: int | None = None) -> None:
    city.source(format="parquet", files="hotline_*")
    file = io.BytesIO()
    pq.write_table(table, file)
    city.put(file.getvalue()[:cut], "hotline_a.parquet")


def as_table(city: Any) -> pa.Table:
    return pa.Table.from_pylist(city.records())


def put_as(city: Any, kind: str, content: bytes, name: str) -> None:
    city.source(format=kind)
    city.put(content, name)


def put_two(city: Any, **forms: Any) -> None:
    """Write a good year, and one whose header is another."""
    city.put(city.text(rows=range(45)), "hotline_a.csv")
    city.put(city.text(rows=range(45, 90), **forms), "hotline_b.csv")


def without_column(text: str, place: int) -> str:
    lines = [line.split(",") for line in text.splitlines()]
    return "\n".join(",".join(line[:place] + line[place + 1 :]) for line in lines) + "\n"


def lose_a_column(city: Any) -> None:
    city.put(city.text(rows=range(5)), "hotline_a.csv")
    city.put(without_column(city.text(rows=range(6, 90)), 4), "hotline_b.csv")


def two_sources(city: Any) -> None:
    city.put(city.text())
    (source,) = city.study.tickets.source
    city.tickets(source=(source, replace(source, name="again", files="*_a.csv")))


def reference(content: str, name: str = "register.csv") -> Callable[[Any], None]:
    def spoil(city: Any) -> None:
        city.put(city.text())
        city.put(content, name)

    return spoil


def crosswalk(*rows: str) -> Callable[[Any], None]:
    heads = "former_unit,unit,district,valid_from,event"
    return reference("\n".join([heads, *rows]) + "\n", "crosswalk.csv")


def folder(city: Any) -> None:
    city.put(city.text())
    city.source(files="hotline_*.csv")
    city.put(city.text(), "hotline_b.csv/part-0000.csv")


def dangling_link(city: Any) -> None:
    city.put(city.text())
    (city.raw / "hotline_b.csv").symlink_to("nowhere.csv")


def loop_of_links(city: Any) -> None:
    city.put(city.text())
    (city.raw / "hotline_b.csv").symlink_to("hotline_c.csv")
    (city.raw / "hotline_c.csv").symlink_to("hotline_b.csv")


def stray(text: str, where: str, what: str) -> str:
    assert where in text
    return text.replace(where, what, 1)


FILES = (
    Refused(
        "gzip cut off",
        lambda c: put_gz(c, gzip.compress(text_of(c).encode())[:-300]),
        ("hotline_a.csv.gz", "cut off or damaged", "download or copy it again"),
    ),
    Refused(
        "gzip without its last bytes",
        lambda c: put_gz(c, gzip.compress(text_of(c).encode())[:-3]),
        ("hotline_a.csv.gz", "cut off or damaged"),
    ),
    Refused(
        "gzip with one byte changed",
        lambda c: put_gz(c, gzip.compress(text_of(c).encode())[:-8] + bytes(8)),
        ("hotline_a.csv.gz", "cut off or damaged"),
    ),
    Refused(
        "gzip that is none",
        lambda c: put_gz(c, text_of(c).encode()),
        ("hotline_a.csv.gz", "cut off or damaged"),
    ),
    Refused("empty file", lambda c: c.put(""), ("hotline_a.csv", "the file is empty")),
    Refused(
        "empty when unpacked",
        lambda c: put_gz(c, gzip.compress(b"")),
        ("hotline_a.csv.gz", "the file is empty"),
    ),
    Refused("only blank lines", lambda c: c.put("\n\n\n"), ("hotline_a.csv", "empty")),
    Refused("only a header", lambda c: c.put(c.text(rows=())), ("no ticket", "hotline")),
    Refused(
        "no header",
        lambda c: c.put(text_of(c).split("\n", 1)[1]),
        ("hotline_a.csv, row 1", "column 'id' is missing"),
    ),
    Refused(
        "a title above the header",
        lambda c: c.put("12345热线工单导出 13912345678\n" + text_of(c)),
        ("hotline_a.csv, row 1", "missing"),
    ),
    Refused(
        "a header twice",
        lambda c: c.put(c.text(headers={"重复工单": "街道"})),
        ("hotline_a.csv, row 1", "'街道'", "stands 2 times"),
    ),
    Refused(
        "a header renamed",
        lambda c: put_two(c, headers={"办结时间": "办结时刻"}),
        ("hotline_b.csv, row 1", "'closed' is missing", "'办结时刻'"),
    ),
    Refused(
        "a column missing in one year", lose_a_column, ("hotline_b.csv", "'street' is missing")
    ),
    Refused(
        "another delimiter",
        lambda c: c.put(c.text(delimiter=";")),
        ("hotline_a.csv", "is ',' its delimiter?"),
    ),
    Refused(
        "a quotation mark that is never closed",
        lambda c: c.put(stray(text_of(c), "欧阳娜娜反映", '"欧阳娜娜反映')),
        ("hotline_a.csv, row 7", "quotation mark is not closed"),
    ),
    Refused(
        "a quotation mark that the next one closes",
        lambda c: c.put(
            stray(c.text({40: {"text": '"好", 他说'}}), "欧阳娜娜反映", '"欧阳娜娜反映')
        ),
        ("hotline_a.csv, row 7", "quotation mark is not closed"),
    ),
    Refused(
        "a quotation mark in the header",
        lambda c: c.put(stray(text_of(c), "受理时间", '"受理时间')),
        ("hotline_a.csv", "quotation mark is not closed"),
    ),
    Refused(
        "two encodings in one file",
        lambda c: c.put(c.text(rows=range(50)).encode() + c.text(rows=range(50, 90)).encode("gbk")),
        ("hotline_a.csv, line 52", "is not utf-8"),
    ),
    Refused(
        "GB18030 declared as UTF-8",
        lambda c: c.put(text_of(c).encode("gb18030")),
        ("hotline_a.csv, line 1", "is not utf-8", "correct 'encoding'"),
    ),
    Refused(
        "UTF-8 declared as GB18030",
        lambda c: put_gb(c, text_of(c).encode()),
        ("hotline_a.csv", "utf-8, not gb18030"),
    ),
    Refused(
        "lines in UTF-8 below lines in GB18030",
        lambda c: put_gb(
            c, c.text(rows=range(5)).encode("gb18030") + c.text(rows=range(6, 90)).encode()
        ),
        ("hotline_a.csv", "gb18030"),
    ),
    Refused(
        "UTF-16 without its mark",
        lambda c: (c.source(encoding="utf-16"), c.put(text_of(c).encode("utf-16-le"))),
        ("hotline_a.csv", "byte-order mark"),
    ),
    Refused(
        "UTF-16 declared as UTF-8",
        lambda c: c.put(text_of(c).encode("utf-16")),
        ("hotline_a.csv", "utf-8"),
    ),
    Refused(
        "UTF-16 cut within a character",
        lambda c: (c.source(encoding="utf-16"), c.put(text_of(c).encode("utf-16")[:-1])),
        ("hotline_a.csv", "ends within a character"),
    ),
    Refused(
        "UTF-8 declared as Latin-1",
        lambda c: (c.source(encoding="latin-1"), c.put(text_of(c))),
        ("hotline_a.csv, row 1", "'id' is missing"),
    ),
    Refused(
        "a line of five million signs",
        lambda c: c.put(c.text({20: {"text": "长" * 5_000_000}})),
        ("hotline_a.csv, row 22", "a line is longer than 4 MiB"),
    ),
    Refused(
        "a workbook that is a page of the web",
        lambda c: put_as(c, "excel", b"<html>13912345678</html>", "hotline_a.xlsx"),
        ("hotline_a.xlsx", "no workbook"),
    ),
    Refused(
        "a workbook with a password",
        lambda c: put_as(
            c,
            "excel",
            bytes.fromhex("d0cf11e0a1b11ae1") + b"EncryptedPackage" * 99,
            "hotline_a.xlsx",
        ),
        ("hotline_a.xlsx", "damaged or locked"),
    ),
    Refused(
        "Parquet cut off",
        lambda c: put_parquet(c, as_table(c), -100),
        ("hotline_a.parquet", "no Parquet file"),
    ),
    Refused(
        "Parquet with lists",
        lambda c: put_parquet(
            c, as_table(c).drop(["街道"]).append_column("街道", pa.array([["a"]] * 90))
        ),
        ("hotline_a.parquet", "'街道'", "lists or structures"),
    ),
    Refused(
        "Parquet with bytes that are no text",
        lambda c: put_parquet(
            c, as_table(c).drop(["街道"]).append_column("街道", pa.array([b"\xff\xfe"] * 90))
        ),
        ("hotline_a.parquet",),
    ),
    Refused(
        "JSON, but one array",
        lambda c: put_as(c, "json_lines", json.dumps(c.records()).encode(), "hotline_a.jsonl"),
        ("hotline_a.jsonl", "no line is a JSON object"),
    ),
    Refused(
        "JSON, but over many lines",
        lambda c: put_as(
            c, "json_lines", json.dumps(c.records(), indent=1).encode(), "hotline_a.jsonl"
        ),
        ("hotline_a.jsonl", "no line is a JSON object"),
    ),
    Refused(
        "JSON without a key",
        lambda c: put_as(
            c, "json_lines", c.lines().replace('街道"', '街"').encode(), "hotline_a.jsonl"
        ),
        ("hotline_a.jsonl", "'street' is missing"),
    ),
    Refused("nothing where files should be", lambda c: None, ("no file matches 'hotline_*'",)),
    Refused(
        "files under another name",
        lambda c: c.put(c.text(), "Hotlines.csv"),
        ("no file matches 'hotline_*'", "'Hotlines.csv'"),
    ),
    Refused("a folder instead of a file", folder, ("hotline_b.csv", "a folder, not a file")),
    Refused("a link to nowhere", dangling_link, ("hotline_b.csv", "a link to nothing")),
    Refused("links in a circle", loop_of_links, ("hotline_b.csv", "a link to nothing")),
    Refused(
        "a pattern that leads out of the folder",
        lambda c: (c.put(c.text()), c.source(files="../riverton/hotline_*")),
        ("'../riverton/hotline_*'", "leads out"),
    ),
    Refused(
        "a pattern that begins at the top of the disk",
        lambda c: (c.put(c.text()), c.source(files="/tmp/*.csv")),
        ("'/tmp/*.csv'", "leads out"),
    ),
    Refused("a file of two sources", two_sources, ("hotline_a.csv", "'hotline' and 'again'")),
    Refused(
        "a unit twice in the register",
        reference("unit,district\n河东街道,东区\n河东街道,西区\n"),
        ("register.csv, row 2", "'河东街道'", "more than once"),
    ),
    Refused(
        "a register without districts",
        reference("unit\n河东街道\n"),
        ("register.csv, row 1", "column 'district' is missing"),
    ),
    Refused(
        "a street in no district",
        reference("unit,district\n河东街道,\n河西街道,西区\n山前镇,西区\n"),
        ("district", "河东街道"),
    ),
    Refused("an empty register", reference(""), ("register.csv", "no header")),
    Refused(
        "a register of none of the streets",
        reference("unit,district\n无此街道,东区\n"),
        ("crosswalk.csv", "河东街道"),
    ),
    Refused(
        "a crosswalk to nowhere",
        crosswalk("北街街道,无此街道,东区,2022-02,renamed"),
        ("crosswalk.csv, row 2", "'无此街道'", "not in the register"),
    ),
    Refused(
        "a crosswalk in a circle",
        crosswalk("甲街道,乙街道,东区,2022-02,renamed", "乙街道,甲街道,东区,2022-02,renamed"),
        ("crosswalk.csv, row 2", "not in the register"),
    ),
    Refused(
        "a crosswalk without a month",
        crosswalk("北街街道,河东街道,东区,,renamed"),
        ("crosswalk.csv", "row 2", "valid_from"),
    ),
)


@pytest.mark.parametrize("case", FILES, ids=lambda case: case.name)
def test_a_file_that_cannot_be_taken_is_refused(case, city, small_city, capfd, caplog):
    """Catches a wrong panel of a wrong file, a message that helps nobody, and one that tells."""
    case.spoil(city)
    with pytest.raises(DataError) as caught:
        city.ingest()
    said = str(caught.value)
    assert [word for word in case.words if word not in said] == [], said
    assert city.files() == {}
    told = [said, repr(caught.value.__context__), caplog.text, *capfd.readouterr()]
    assert small_city.find_secrets(city, *told) == []


def test_all_files_are_told_of_at_once(city):
    """Catches a user who mends one file after the other, an hour each."""
    city.put(city.text()[:40], "hotline_a.csv")
    city.put(text_of(city).encode("gb18030"), "hotline_b.csv")
    city.put("", "hotline_c.csv")
    with pytest.raises(DataError) as caught:
        city.ingest()
    assert {"hotline_a.csv", "hotline_b.csv", "hotline_c.csv"} <= {
        problem.where.split(",")[0] for problem in caught.value.problems
    }


def test_a_refused_ingest_leaves_the_former_tables(city):
    """Catches good tables that are gone because a new file is bad."""
    city.put(city.text())
    city.ingest()
    before = city.files()
    city.put("", "hotline_b.csv")
    with pytest.raises(DataError):
        city.ingest()
    assert city.files() == before
