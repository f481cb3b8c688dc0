"""Reading text: no cell is lost, and a wrong encoding is named with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.clean.text import read_columns, read_text_table
from analysis.errors import DataError


def test_cells_stay_text_and_rows_are_those_of_the_file(tmp_path: Path):
    """Catches numbers being guessed (007 -> 7) and row numbers shifted by blank lines."""
    path = tmp_path / "a.csv"
    path.write_bytes('码,量\r\n007," 1,234 "\r\n\r\nNA,\r\n'.encode("gb18030"))
    table = read_text_table(path, "gb18030")
    assert table.to_dict("list") == {"码": ["007", "NA"], "量": ["1,234", ""]}
    assert table.index.tolist() == [2, 4]


def test_wrong_encoding_names_byte_row_and_encoding(tmp_path: Path):
    """Catches a GB18030 file that is read as UTF-8 without a word where it breaks."""
    path = tmp_path / "a.csv"
    path.write_bytes("unit,n\nA,1\n街,2\n".encode("gb18030"))
    with pytest.raises(DataError) as caught:
        read_text_table(path, "utf-8")
    assert "a.csv, row 3: byte 11 (0xbd) is not utf-8" in str(caught.value)
    assert "it looks like gb18030; save the file as utf-8" in str(caught.value)


@pytest.mark.parametrize("text", ["街道,数\n东街,1\n", "单元,数\n甲,1\n", "unit,n\nA,1\n街道,2\n"])
def test_utf8_that_happens_to_decode_as_gb18030_is_refused(tmp_path: Path, text: str):
    """Catches mojibake: most UTF-8 text decodes as GB18030 into other characters."""
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode("utf-8"))
    with pytest.raises(DataError, match="it looks like utf-8"):
        read_text_table(path, "gb18030")


def test_byte_order_mark_is_named(tmp_path: Path):
    """Catches a first header that silently begins with an invisible character."""
    path = tmp_path / "a.csv"
    path.write_bytes("unit\nA\n".encode("utf-8-sig"))
    assert read_text_table(path, "utf-8-sig").columns.tolist() == ["unit"]
    with pytest.raises(DataError, match="utf-8-sig"):
        read_text_table(path, "utf-8")


def test_utf16_is_read(tmp_path: Path):
    """Catches an encoding that the schema offers but the reader cannot read."""
    path = tmp_path / "a.csv"
    path.write_bytes("单元\n甲\n".encode("utf-16"))
    assert read_text_table(path, "utf-16")["单元"].tolist() == ["甲"]


def test_rows_of_another_length_are_named(tmp_path: Path):
    """Catches an unquoted thousands separator, which would shift every later cell."""
    path = tmp_path / "a.csv"
    path.write_text("unit,n\nA,1\nB,1,234\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"a\.csv, row 3: there are 3 cells, expected 2"):
        read_text_table(path, "utf-8")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "has no header"),
        ("\n1\n", "has no header"),
        ("n,n\n1,2\n", "two columns are called"),
        ("unit;n\nA;1\n", "row 1: the cells are separated by ';', not ','"),
    ],
)
def test_bad_headers_are_named(tmp_path: Path, content: str, message: str):
    """Catches an empty file, a spreadsheet's semicolons, and a column that hides its namesake."""
    path = tmp_path / "a.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        read_text_table(path, "utf-8")


def test_missing_file_and_missing_column_are_named(tmp_path: Path):
    """Catches a reference file that is not there, or lacks what is needed."""
    with pytest.raises(DataError, match=r"a\.csv: there is no such file"):
        read_columns(tmp_path / "a.csv", "utf-8", ("unit",))
    (tmp_path / "a.csv").write_text("units\nA\n", encoding="utf-8")
    with pytest.raises(DataError, match="column 'unit' is missing") as caught:
        read_columns(tmp_path / "a.csv", "utf-8", ("unit",))
    assert "did you mean 'units'?" in str(caught.value)
