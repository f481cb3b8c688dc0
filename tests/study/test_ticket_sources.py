"""What a study file may say of its files of tickets."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.errors import StudyError
from analysis.study.load import read_study

RIVERTON = Path(__file__).parents[1] / "tickets" / "riverton.toml"
FORMAT = 'format = "csv"\n'


@pytest.fixture
def read_with(tmp_path):
    """Read the study file of an invented city with other lines for the format of its source."""

    def read(lines: str):
        text = RIVERTON.read_text(encoding="utf-8")
        assert FORMAT in text
        path = tmp_path / "riverton.toml"
        path.write_text(text.replace(FORMAT, lines, 1), encoding="utf-8")
        return read_study(path).tickets.source[0]

    return read


def test_the_row_of_the_headers_can_be_told(read_with):
    """Catches a key that is read and forgotten, or headers that are looked for elsewhere."""
    assert read_with(FORMAT).header_row == 1
    assert read_with(FORMAT + "header_row = 3\n").header_row == 3
    assert read_with('format = "excel"\nheader_row = 2\n').header_row == 2


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (FORMAT + "header_row = 0\n", "greater than or equal to 1"),
        (FORMAT + 'header_row = "2"\n', "valid integer"),
        (FORMAT + "header_row = true\n", "valid integer"),
        (FORMAT + "header_row = 2.0\n", "valid integer"),
        ('format = "json_lines"\nheader_row = 2\n', "'header_row' is for formats csv and excel"),
        ('format = "parquet"\nheader_row = 2\n', "'header_row' is for formats csv and excel"),
    ],
)
def test_a_row_that_cannot_be_is_refused(read_with, lines, told):
    """Catches rows counted from 0, or a key that says nothing for the format."""
    with pytest.raises(StudyError, match=told):
        read_with(lines)
