"""Days and their times of day in two columns, found in samples."""

from __future__ import annotations

import pytest

OPENED, CLOSED, CALLED = 1, 3, 10


@pytest.fixture
def split(chinese_headers, chinese_rows, write_csv):
    """Write the tickets with the openings in two columns, the second where a test wants it."""

    def write(day_header, time_header, *, at=None, name="a.csv", rows=None, time_of=str):
        place = len(chinese_headers) if at is None else at
        headers = [*chinese_headers]
        headers[OPENED] = day_header
        headers.insert(place, time_header)
        cut = []
        for row in chinese_rows if rows is None else rows:
            day, time = row[OPENED].split()
            new = [*row]
            new[OPENED] = day
            new.insert(place, time_of(time))
            cut.append(new)
        return write_csv(name, headers, cut, encoding="gb18030")

    return write


def _one_line(text):
    return " ".join(text.replace("#", "").split())


@pytest.mark.parametrize(
    ("day", "time"),
    [
        ("受理日期", "受理时间"),
        ("受理日期", "受理时刻"),
        ("CREATION DATE", "CREATION TIME"),
        ("open_date", "open_time"),
    ],
)
def test_they_are_joined_if_they_are_called_alike(propose, split, day, time):
    """Catches cases that all open at midnight because nobody said how to join the two columns."""
    study, proposal, text = propose([split(day, time)])
    (source,) = study.tickets.source
    assert source.headers["opened"] == (day,)
    assert source.times_of_day == {"opened": (time,)}
    assert source.times == ("iso",)
    assert not proposal.sources[0].times_of_day.check
    assert f"{time} (" not in text


def test_they_are_joined_if_they_stand_side_by_side(propose, split):
    """Catches a time of day that is lost because of its name, or joined without a word."""
    study, _, text = propose([split("受理日期", "钟点一", at=OPENED + 1)])
    assert study.tickets.source[0].times_of_day == {"opened": ("钟点一",)}
    assert "CHECK: Day and time of day stand in two columns" in _one_line(text)


def test_the_proposal_sees_them_joined(propose, split, chinese_rows):
    """Catches formats, ends of days or handling times that were found from the days alone."""
    for row in chinese_rows:
        row[OPENED] = row[OPENED].replace("-", "/")[:-3]
        row[CLOSED] = row[CLOSED].split()[0]
    study, _, text = propose([split("受理日期", "受理时刻")])
    (source,) = study.tickets.source
    assert set(source.times) == {"%Y/%m/%d %H:%M", "iso", "%Y-%m-%d"}
    assert source.whole_days == ("closed",)
    assert "Cells hold days without a time." not in text


def test_each_year_may_call_them_otherwise(propose, split, chinese_rows):
    """Catches a year whose times of day are not read because its header differs."""
    half = len(chinese_rows) // 2
    first = split("受理日期", "受理时刻", name="2022.csv", rows=chinese_rows[:half])
    later = split("受理日期", "受理钟点", name="2023.csv", rows=chinese_rows[half:])
    study, _, _ = propose([first, later])
    assert study.tickets.source[0].times_of_day == {"opened": ("受理时刻", "受理钟点")}


@pytest.mark.parametrize(
    "change",
    [
        # A file without it would be refused by the ingest.
        "one file lacks it",
        # What they make together is no moment that can be read.
        "full-width",
        # No name and no place tells of what they are.
        "elsewhere",
        # The moment has a time already.
        "moment is whole",
    ],
)
def test_what_cannot_be_joined_is_pointed_out(
    propose, split, write_csv, chinese_headers, chinese_rows, change
):
    """Catches a proposal that the ingest refuses, or that turns times that are right."""
    if change == "one file lacks it":
        paths = [split("受理日期", "受理时刻", name="2022.csv")]
        rows = [[*row[:OPENED], row[OPENED].split()[0], *row[OPENED + 1 :]] for row in chinese_rows]
        headers = ["受理日期" if h == "受理时间" else h for h in chinese_headers]
        paths.append(write_csv("2023.csv", headers, rows, encoding="gb18030"))
    elif change == "full-width":
        paths = [split("受理日期", "受理时刻", time_of=lambda time: time.replace(":", "："))]
    elif change == "elsewhere":
        paths = [split("受理日期", "受理时刻其他", at=CALLED)]
    else:
        rows = [[*row, row[OPENED].split()[1]] for row in chinese_rows]
        paths = [write_csv("a.csv", [*chinese_headers, "受理时刻"], rows, encoding="gb18030")]
    study, _, text = propose(paths)
    assert study.tickets.source[0].times_of_day == {}
    assert "(holds times of day, which 'times_of_day' joins to the day" in _one_line(text)
