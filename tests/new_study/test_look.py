"""Samples of every format and encoding are looked at; what is none is refused with a hint."""

from __future__ import annotations

import datetime
import gzip
import json
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis.errors import DataError
from analysis.new_study.look import pieces, sample
from analysis.new_study.look.look import look_at_samples

HEADERS = "编号,受理时间,街道,诉求来源"
LINES = [f"A{n},2024-01-{n % 28 + 1:02d} 08:00:00,人民街道,电话热线" for n in range(40)]
TEXT = "\n".join([HEADERS, *LINES]) + "\n"


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16"),
    ],
)
def test_encodings_are_told(tmp_path, encoding, named):
    """Would catch mojibake in headers, which nothing after it could map."""
    path = tmp_path / "a.csv"
    path.write_bytes(TEXT.encode(encoding))
    (seen,) = look_at_samples([path])
    assert seen.encoding.value == named
    assert list(seen.columns) == HEADERS.split(",")
    assert (seen.rows, seen.whole) == (40, True)


def test_latin_letters_are_not_chinese(tmp_path):
    """Would catch Montréal read in GB18030, in which its bytes are valid too."""
    path = tmp_path / "a.csv"
    path.write_bytes(
        "id,quartier\n1,Montréal-Nord\n2,Côte-des-Neiges\n3,Rosemé\n".encode("latin-1")
    )
    (seen,) = look_at_samples([path])
    assert (seen.encoding.value, seen.encoding.check) == ("latin-1", True)


def test_big5_is_guessed_at(tmp_path):
    """Would catch a hotline of Taiwan or Hong Kong whose headers come out as Latin letters."""
    path = tmp_path / "a.csv"
    lines = ["案件編號,受理時間,行政區,案件類別"]
    lines += [f"A{n},2024-01-{n % 28 + 1:02d} 08:00:00,大安區,噪音擾民許功蓋" for n in range(40)]
    path.write_bytes("\n".join(lines).encode("big5"))
    (seen,) = look_at_samples([path])
    assert (seen.encoding.value, seen.encoding.check) == ("big5", True)
    assert seen.encoding.why.startswith("A guess")
    assert list(seen.columns) == lines[0].split(",")


def test_signs_of_windows_are_guessed_at(tmp_path):
    """Would catch curly quotation marks and the euro that become control codes."""
    path = tmp_path / "a.csv"
    text = "id,quartier,objet\n1,Montréal-Nord,“nid-de-poule”\n2,Rosemé,l’amende de 50 €\n"
    path.write_bytes(text.encode("cp1252"))
    (seen,) = look_at_samples([path])
    assert (seen.encoding.value, seen.encoding.check) == ("cp1252", True)
    assert seen.encoding.why.startswith("A guess")
    assert seen.columns["objet"] == ("“nid-de-poule”", "l’amende de 50 €")
    path.write_bytes(text.encode("cp1252") + b"3,\x81,x\n")
    (seen,) = look_at_samples([path])
    assert seen.encoding.value == "latin-1"


@pytest.mark.parametrize("text", ["Grünstraße über Größe", "Ñuñoa año señal", "ÄÖÜ äöü ß", "à É ç"])
def test_accents_are_not_big5(tmp_path, text):
    """Would catch accented letters read in Big5, in which most pairs of them are valid too."""
    path = tmp_path / "a.csv"
    path.write_bytes(f"id,place\n1,{text}\n2,{text}\n3,{text}\n".encode("latin-1"))
    (seen,) = look_at_samples([path])
    assert seen.encoding.value == "latin-1"


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_delimiters_are_told(tmp_path, delimiter):
    """Would catch one column with everything in it."""
    path = tmp_path / "a.txt"
    path.write_text(TEXT.replace(",", delimiter), encoding="utf-8")
    (seen,) = look_at_samples([path])
    assert (seen.delimiter, len(seen.columns)) == (delimiter, 4)


def test_stray_quotes_are_letters(tmp_path):
    """Would catch one stray quote that swallows the lines after it."""
    path = tmp_path / "a.csv"
    lines = [f'"{n},2024-01-01,x' for n in range(30)]
    path.write_text("id,opened,place\n" + "\n".join(lines) + "\n")
    (seen,) = look_at_samples([path])
    assert (seen.quote, seen.rows) == ("", 30)


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_a_long_file_is_looked_at_in_pieces(tmp_path, monkeypatch, packed, encoding):
    """Would catch a read of the whole file, a piece that begins inside a character, or no end."""
    monkeypatch.setattr(pieces, "HEAD_BYTES", 20_000)
    monkeypatch.setattr(pieces, "CHUNK_BYTES", 20_000)
    monkeypatch.setattr(pieces, "PIECE_BYTES", 2_000)
    lines = [f"A{n:05d},2024-01-01 08:00:00,人民街道,电话热线" for n in range(20_000)]
    data = "\n".join([HEADERS, *lines, ""]).encode(encoding)
    path = tmp_path / ("a.csv.gz" if packed else "a.csv")
    path.write_bytes(gzip.compress(data) if packed else data)
    (seen,) = look_at_samples([path])
    ids = [int(cell[1:]) for cell in seen.columns["编号"]]
    assert not seen.whole
    assert seen.rows <= sample.HEAD_ROWS + sample.LATER_ROWS
    assert seen.columns["街道"] == ("人民街道",) * seen.rows
    assert ids == sorted(ids)
    assert max(ids) == 19_999
    assert any(5_000 < number < 15_000 for number in ids)


def test_json_lines(tmp_path):
    """Would catch numbers that lose digits, or lists that are taken for texts."""
    rows = [{"id": 10**17 + n, "open": True, "where": {"x": 1}, "note": None} for n in range(9)]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    (seen,) = look_at_samples([path])
    assert seen.columns["id"][1] == "100000000000000001"
    assert seen.columns["open"][0] == "true"
    assert seen.columns["note"][0] is None
    assert seen.nested == ("where",)


def test_parquet(tmp_path):
    """Would catch moments and numbers that do not come as texts, or rows left out at the end."""
    n = 9_000
    opened = [datetime.datetime(2024, 1, 1) + datetime.timedelta(minutes=m) for m in range(n)]
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"id": list(range(n)), "opened": opened}), path, row_group_size=2_000)
    (seen,) = look_at_samples([path])
    assert (seen.format, seen.whole) == ("parquet", False)
    assert seen.columns["opened"][0].startswith("2024-01-01 00:00:00")
    assert seen.columns["id"][-1] == str(n - 1)
    assert len(set(seen.columns["id"])) == seen.rows


def write_workbook(path, rows):
    """Write the smallest workbook that there is, with texts only."""
    cells = "".join(
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{c}</t></is></c>' for c in row) + "</row>"
        for row in rows
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/s.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{office}/worksheet" Target="s.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="工单" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/s.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w") as book:
        for name, text in parts.items():
            book.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{text}')


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_a_workbook_whatever_it_is_called(tmp_path, name):
    """Would catch a workbook that a system calls .csv."""
    path = tmp_path / name
    write_workbook(path, [HEADERS.split(","), *(line.split(",") for line in LINES)])
    (seen,) = look_at_samples([path])
    assert (seen.format, seen.rows, list(seen.columns)) == ("excel", 40, HEADERS.split(","))


BAD = {
    "empty": (b"", "empty"),
    "blank": (b"\n \n", "empty"),
    "binary": (bytes(range(256)) * 40, "bytes that no text has"),
    "only a header": (b"id,opened\n", "no row"),
    "no header": (b"1,2024-01-31 08:00:00,x\n2,2024-02-01 08:00:00,y\n", "no header"),
    "a telephone for a header": (b"13812345678,Smith\n13912345678,Jones\n", "no header"),
    "a title and no header": ("工单明细,,\n1,2024-01-01,13812345678\n".encode(), "names 1 of"),
    "only titles": ("工单明细\n2024年\n".encode(), "names 1 of 1"),
    "the same header twice": (b"id,opened,id\n1,2,3\n", "comes twice"),
    "one column": (b"id\n1\n2\n", "names 1 of 1"),
    "rows of other widths": (b"id,opened,x\n1,2\n3,4\n", "as many cells"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "told"), BAD.values(), ids=BAD)
def test_what_is_no_sample_is_refused(tmp_path, data, told):
    """Would catch a traceback, or a study made of nothing."""
    path = tmp_path / "bad.csv"
    path.write_bytes(data)
    with pytest.raises(DataError, match=told) as caught:
        look_at_samples([path])
    assert caught.value.problems[0].hint
    assert "138" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.csv.gz", gzip.compress(TEXT.encode() * 99)[:-40], "cut short"),
        ("a.csv.gz", TEXT.encode(), "cannot be unpacked"),
        ("a.parquet", b"PAR1 and nothing", "no Parquet"),
        ("a.xlsx", b"PK\x03\x04 and nothing", "no workbook"),
        ("a.json", b'[{"id": 1}]', "not JSON lines"),
        ("a.jsonl", b"one\ntwo\n", "no object of JSON"),
        ("a.jsonl", b'{"\\ud800": 1}\n', "half a character"),
    ],
)
def test_broken_files_are_refused(tmp_path, name, data, told):
    """Would catch the error of a library that names neither the file nor what to do."""
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(DataError, match=told) as caught:
        look_at_samples([path])
    assert caught.value.problems[0].where == name


def test_a_line_without_an_end_is_refused(tmp_path, monkeypatch):
    """Would catch a file of one line that fills the memory."""
    monkeypatch.setattr(pieces, "HEAD_BYTES", 1_000)
    path = tmp_path / "a.csv"
    path.write_text("id,opened" * 1_000)
    with pytest.raises(DataError, match="first line is longer"):
        look_at_samples([path])


def test_problems_of_all_files_come_together(tmp_path):
    """Would catch a user who mends one file a run."""
    (tmp_path / "a.csv").touch()
    with pytest.raises(DataError) as caught:
        look_at_samples([tmp_path / "a.csv", tmp_path / "absent.csv"])
    assert [problem.where for problem in caught.value.problems] == ["a.csv", "absent.csv"]
