"""Big5, Latin-1 and cp1252 come in as they were, and what is none of them is refused."""

from __future__ import annotations

import csv
import io

import pytest

from analysis.errors import DataError
from analysis.tickets.landing import delimited

# Characters whose second byte in Big5 is a backslash, a vertical bar or a letter.
CHINESE = "許功蓋育尚閱噪音擾民"
# Of one byte each in cp1252, and of two or three in UTF-8.
WESTERN = "“Déjà vu” – 5 € für Žofie…"
CELLS = {"big5": CHINESE, "cp1252": WESTERN, "latin-1": "Déjà vu für £5"}


def table(rows, text, delimiter=",", header="text"):
    """Write tickets with ASCII headers but one."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
    writer.writerow(["id", "opened", "street", header])
    writer.writerows([f"T{n}", "2022-01-05 08:00:00", text, f"{text}{n}"] for n in range(rows))
    return stream.getvalue()


def headers(text="text"):
    columns = {"id": "id", "opened": "opened", "street": "street", "text": text}
    return {column: (header,) for column, header in columns.items()}


@pytest.fixture
def land(lander):
    def run(content, name="a.csv", header="text", **changes):
        named = headers(header)
        # The other columns are of no interest here.
        constants = {column: "x" for column in lander.source.headers if column not in named}
        return lander.land(content, name, headers=named, constants=constants, **changes)[1]

    return run


@pytest.fixture
def refused(land):
    def run(content, **changes):
        with pytest.raises(DataError) as caught:
            land(content, **changes)
        (problem,) = caught.value.problems
        return problem

    return run


@pytest.mark.parametrize("delimiter", [",", "|", "\t"])
@pytest.mark.parametrize("encoding", CELLS)
def test_cells_and_headers_come_in_as_they_were(land, encoding, delimiter):
    """Catches half a character that is taken for a delimiter, and signs that become others."""
    text = CELLS[encoding]
    content = table(3, text, delimiter, header=text)
    expected = land(content, header=text, delimiter=delimiter)
    assert expected[1]["street"] == text
    found = land(content.encode(encoding), encoding=encoding, header=text, delimiter=delimiter)
    assert found == expected


@pytest.mark.parametrize("limit", [128, 509])
@pytest.mark.parametrize("encoding", CELLS)
def test_blocks_may_end_anywhere(land, monkeypatch, encoding, limit):
    """Catches a character cut in two, or more bytes of UTF-8 than a block has room for."""
    content = table(99, CELLS[encoding])
    expected = land(content)
    monkeypatch.setattr(delimited, "RECORD_LIMIT", limit)
    found = land(content.encode(encoding), encoding=encoding)
    assert found == expected
    assert len(found) == 99


@pytest.mark.parametrize("encoding", ["big5", "cp1252", "gb18030"])
def test_a_record_may_be_as_long_in_any_encoding(land, monkeypatch, encoding):
    """Catches a limit that is lower where a file has to be recoded."""
    monkeypatch.setattr(delimited, "RECORD_LIMIT", 1 << 12)
    content = table(9, "x" * 1700)
    assert len(land(content.encode(encoding), encoding=encoding)) == 9


@pytest.mark.parametrize(
    ("encoding", "byte", "shown"),
    [("big5", b"\xff", "0xff"), ("big5", b"\x80", "0x80"), ("cp1252", b"\x81", "0x81")],
)
def test_a_byte_of_another_encoding_is_named(refused, encoding, byte, shown):
    """Catches characters replaced in silence, and a message without a place."""
    lines = table(4, CELLS[encoding]).encode(encoding).splitlines(keepends=True)
    lines[3] = lines[3].replace(b"T2", byte + b"T2")
    problem = refused(b"".join(lines), encoding=encoding)
    where = len(b"".join(lines[:3]))
    assert problem.what == f"byte {where} ({shown}) is not {encoding}"
    assert problem.where == "a.csv, line 4"
    assert encoding in problem.hint


def test_a_file_that_ends_within_a_character_is_refused(refused):
    """Catches a download that was cut off."""
    content = table(2, CHINESE).encode("big5") + "T3,,,許".encode("big5")[:-1]
    assert "ends within a character of big5" in refused(content, encoding="big5").what


@pytest.mark.parametrize("encoding", CELLS)
def test_utf8_is_found(refused, encoding):
    """Catches UTF-8, whose bytes are other letters in these encodings without an error."""
    problem = refused(table(4, CELLS[encoding]), encoding=encoding)
    assert problem.what == f"the file, or a part of it, is utf-8, not {encoding}"


def test_lines_of_another_encoding_are_found(refused):
    """Catches the lines of a second export that were put below those of the first."""
    first, second = table(4, CHINESE).encode("big5"), table(4, CHINESE)
    problem = refused(first + second.split("\n", 1)[1].encode(), encoding="big5")
    assert problem.where == "a.csv, line 6" or "is utf-8, not big5" in problem.what
