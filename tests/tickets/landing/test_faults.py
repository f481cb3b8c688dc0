"""A file that cannot be taken is refused, with its place and without its text."""

from __future__ import annotations

import gzip
import tracemalloc

import pytest

from analysis.errors import DataError, StudyError
from analysis.tickets.landing import delimited, faults, streams

SECRET = "13800001234"


def refused(lander, content, name="a.csv", **changes):
    with pytest.raises(DataError) as caught:
        lander.land(content, name, **changes)
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None
    assert not lander.to(name).exists()
    (problem,) = caught.value.problems
    return problem


def test_a_byte_of_another_encoding_is_named(lander):
    """Catches characters replaced in silence, and a message that shows the ticket."""
    text = lander.csv(lander.row(), lander.row()).encode()
    problem = refused(lander, text.replace("噪声".encode(), "噪声".encode("gb18030"), 1))
    assert problem.what == f"byte {text.index('噪声'.encode())} (0xd4) is not utf-8"
    assert problem.where == "a.csv, line 2"
    broken = text.decode().encode("gb18030").replace("晚上".encode("gb18030"), b"\xff\xff", 1)
    problem = refused(lander, broken, encoding="gb18030")
    assert problem.where == "a.csv, line 2"
    assert "is not gb18030" in problem.what


def test_a_broken_byte_in_a_row_that_is_also_too_short_is_found(lander):
    """Catches a row that is left out unheard, because nobody could decode what to say of it."""
    problem = refused(lander, lander.csv(lander.row()).encode() + b"\xff\n")
    assert problem.where == "a.csv, line 3"


def test_utf8_that_decodes_as_gb18030_is_found(lander):
    """Catches UTF-8, whose characters are others in GB18030, where no byte gives it away."""
    header = [f"标{sign}" for sign in "甲乙丙丁戊己庚辛壬癸子"]
    content = lander.csv(*[["题目"] * 11] * 4, header=header).encode()
    content.decode("gb18030")
    headers = {name: (sign,) for name, sign in zip(lander.source.headers, header, strict=True)}
    headers = {name: (sign.encode().decode("gb18030"),) for name, (sign,) in headers.items()}
    problem = refused(lander, content, encoding="gb18030", headers=headers)
    assert "is utf-8, not gb18030" in problem.what


def test_lines_of_another_encoding_are_found(lander):
    """Catches the lines of a second export that were put below those of the first."""
    text = lander.csv(*[lander.row()] * 9)
    mixed = text.encode("gb18030") + text.encode()
    assert refused(lander, mixed, encoding="gb18030").where == "a.csv, line 11"


def test_utf16_needs_its_mark(lander):
    """Catches a file read as pairs of bytes that are none."""
    problem = refused(lander, lander.csv(lander.row()), encoding="utf-16")
    assert "byte-order mark" in problem.what
    odd = lander.csv(lander.row()).encode("utf-16")[:-1]
    assert "ends within a character" in refused(lander, odd, encoding="utf-16").what


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_truncated_archive_is_refused(lander, encoding):
    """Catches the first half of a download that is taken for all of it."""
    packed = gzip.compress(lander.csv(*[lander.row()] * 9).encode(encoding))
    for content in (packed[:-12], packed[:20], b"not packed at all"):
        problem = refused(lander, content, "a.csv.gz", encoding=encoding)
        assert problem.what == "the compressed file is cut off or damaged"


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("a.csv", {}),
        ("a.jsonl", {"format": "json_lines"}),
        ("a.parquet", {"format": "parquet"}),
        ("a.xlsx", {"format": "excel"}),
    ],
)
def test_an_empty_file_is_refused(lander, name, changes):
    """Catches a city without a ticket that is a failed download."""
    what = refused(lander, b"", name, **changes).what
    assert what in {
        "the file is empty",
        "this is no Parquet file",
        "this is no workbook, or it is damaged or locked",
    }


def test_a_file_in_another_format_is_refused(lander):
    """Catches a page that says 'not found', saved as a workbook."""
    for name, kind in (("a.parquet", "parquet"), ("a.xlsx", "excel"), ("a.jsonl", "json_lines")):
        refused(lander, f"<html>{SECRET}</html>", name, format=kind)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_line_without_end_is_refused_in_bounded_memory(lander, monkeypatch, encoding):
    """Catches ten gigabytes of one line, held whole in memory."""
    for module in (delimited, faults, streams):
        monkeypatch.setattr(module, "RECORD_LIMIT", 1 << 16)
    content = (lander.csv(lander.row()) + "x" * (1 << 24)).encode(encoding)
    refused(lander, content, "warm_up.csv", encoding=encoding)
    tracemalloc.start()
    try:
        problem = refused(lander, content, encoding=encoding)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert problem.where == "a.csv, row 3"
    assert problem.what.startswith("a line is longer than")
    # What the test itself holds was made before; Arrow reads some blocks ahead.
    assert peak < 1 << 23


def test_a_first_line_without_end_is_refused(lander, monkeypatch):
    """Catches a header that is a gigabyte long."""
    for module in (delimited, faults, streams):
        monkeypatch.setattr(module, "RECORD_LIMIT", 1 << 12)
    assert refused(lander, "x" * (1 << 15)).where == "a.csv, row 1"


def with_stray_quote(lander, rows):
    return lander.csv(*rows).replace("楼上装修", '"楼上装修', 1)


def test_an_unclosed_quote_is_found_whatever_it_swallowed(lander, monkeypatch):
    """Catches thousands of tickets that become the text of one."""
    to_the_end = [lander.row(id=f"T{number}") for number in range(5)]
    problem = refused(lander, with_stray_quote(lander, [lander.row(), *to_the_end]))
    assert problem.where == "a.csv, row 2"
    assert "quotation mark is not closed" in problem.what
    to_the_next = [*to_the_end, lander.row(text='"x",y')]
    assert refused(lander, with_stray_quote(lander, to_the_next)).where == "a.csv, row 2"
    one_row = [lander.row(), lander.row(text="a,b")]
    assert refused(lander, with_stray_quote(lander, one_row)).where == "a.csv, row 2"
    elsewhere = [lander.row(), lander.row(street="a,b")]
    assert refused(lander, with_stray_quote(lander, elsewhere)).where == "a.csv, row 2"
    for module in (delimited, faults, streams):
        monkeypatch.setattr(module, "RECORD_LIMIT", 1 << 12)
    far = [lander.row(text="good"), lander.row(), *[lander.row(text="z")] * 400]
    problem = refused(lander, with_stray_quote(lander, far))
    assert problem.where == "a.csv, row 3"


def test_a_quote_within_a_cell_is_text(lander):
    """Catches a strictness that would refuse every file with inches in it."""
    text = lander.csv(lander.row(text="x")).replace(",x\n", ',管道5"漏水\n')
    assert lander.land(text)[1][0]["text"] == '管道5"漏水'
    assert lander.land(text.replace("漏水", '"'), quote="")[1][0]["text"] == '管道5""'


def test_lines_in_a_cell_are_text(lander):
    """Catches an alarm at every letter that a resident wrote with line breaks and commas."""
    letter = 'Dear all,\nit is cold, dark, wet, loud.\n\n"Help", says A, B, C and D.\n'
    assert lander.land(lander.csv(lander.row(text=letter)))[1][0]["text"] == letter.strip()


def test_headers_are_told_apart(lander):
    """Catches a column that is missing, stands twice or under two names, and is filled anyhow."""
    header = list(lander.header)
    lost = lander.csv(lander.row(), header=[h.replace("办结时间", "办结时刻") for h in header])
    problem = refused(lander, lost)
    assert problem.where == "a.csv, row 1"
    assert "column 'closed' is missing" in problem.what
    assert "'办结时刻'" in problem.hint
    twice = lander.csv([*lander.row(), "x"], header=[*header, "街 道"])
    assert "stands 2 times" in refused(lander, twice).what
    headers = lander.source.headers | {"id": ("工单编号", "编号")}
    two = lander.csv([*lander.row(), "x"], header=[*header, "编号"])
    assert "stands under '工单编号' and '编号'" in refused(lander, two, headers=headers).what


def test_a_file_without_a_header_does_not_tell_its_first_ticket(lander):
    """Catches a caller's number in a message that lists 'headers'."""
    with pytest.raises(DataError) as caught:
        lander.land(lander.csv(lander.row(), header=lander.row()))
    assert SECRET not in str(caught.value)
    assert "楼上" not in str(caught.value)
    assert len(caught.value.problems) == len(lander.header)


def test_another_delimiter_is_guessed_at(lander):
    """Catches eleven messages of missing columns that do not say why."""
    with pytest.raises(DataError, match="is ',' its delimiter"):
        lander.land(lander.csv(lander.row()).replace(",", ";"))


def test_a_format_of_no_moment_is_the_studys_fault(lander):
    """Catches a mistyped keyword that makes every moment unreadable."""
    with pytest.raises(StudyError, match="'ISO' is no way to write moments"):
        lander.land(lander.csv(lander.row()), times=("ISO",))
