"""How moments are written is found from the cells."""

from __future__ import annotations

import datetime

import pytest

from analysis.new_study.look.contents import Contents
from analysis.new_study.look.moments import find_moments, read_moment
from analysis.new_study.propose.times import propose_times, wall_times


@pytest.mark.parametrize(
    ("cell", "form"),
    [
        ("2024-01-31 08:05:09", "iso"),
        ("2024-01-31T08:05:09.123+08:00", "iso"),
        ("2024-01-31 08:05:09+00", "iso"),
        ("2024-01-31", "%Y-%m-%d"),
        ("2024/1/31 8:05", "%Y/%m/%d %H:%M"),
        ("2024.01.31", "%Y.%m.%d"),
        ("01/31/2024 08:05:09 PM", "%m/%d/%Y %I:%M:%S %p"),
        ("1/31/24 8:05", "%m/%d/%y %H:%M"),
        ("2024年1月31日", "%Y年%m月%d日"),
        ("2024年1月31日 8时5分", "%Y年%m月%d日 %H时%M分"),
        ("2024年1月31日08:05:09", "%Y年%m月%d日%H:%M:%S"),
        ("31-Jan-2024 08:05", "%d-%b-%Y %H:%M"),
    ],
)
def test_each_way_of_writing_is_told(cell, form):
    """Would catch a format that the cell itself does not fit."""
    found = read_moment(cell)
    assert found.format == form
    assert found.time.date() == datetime.date(2024, 1, 31)


@pytest.mark.parametrize(
    ("cell", "form"),
    [
        ("45322.336", "excel"),
        ("1706659509", "epoch"),
        ("1706659509000", "epoch_ms"),
        ("20240131", "%Y%m%d"),
        ("20240131080509", "%Y%m%d%H%M%S"),
    ],
)
def test_numbers_are_moments_only_if_asked(cell, form):
    """Would catch case numbers taken for moments."""
    assert read_moment(cell) is None
    assert read_moment(cell, numbers=True).format == form


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "2024-13-41",
        "31/31/2024",
        "5个工作日",
        "１２/１２/２０２４",
        "99999",
        "1.2.3",
        "12345678901",
    ],
)
def test_what_is_no_moment_is_none(cell):
    """Would catch an exception, or a date that no calendar has."""
    assert read_moment(cell, numbers=True) is None


def _times(cells, zone="Europe/Berlin"):
    column = Contents(tuple(cells))
    return propose_times({"opened": [column]}, zone).formats


def test_a_day_after_the_twelfth_decides():
    """Would catch day and month read in the wrong order although one cell tells."""
    assert _times(["01/02/2024", "13/02/2024"]).value == ("%d/%m/%Y",)
    assert _times(["01/02/2024", "02/13/2024"]).value == ("%m/%d/%Y",)
    assert not _times(["01/02/2024", "13/02/2024"]).check


def test_an_order_that_nothing_tells_is_asked_for():
    """Would catch a silent guess."""
    american = _times(["01/02/2024", "03/04/2024"], "America/Chicago")
    assert (american.value, american.check) == (("%m/%d/%Y",), True)
    assert _times(["01/02/2024", "03/04/2024"]).value == ("%d/%m/%Y",)


def test_orders_that_contradict_are_loud():
    """Would catch mixed orders of which one is dropped without a word."""
    guess = _times(["13/02/2024", "02/13/2024", "14/02/2024"])
    assert guess.check
    assert "contradict" in guess.why


def test_a_rare_format_is_left_to_quarantine():
    """Would catch one broken cell that adds a format to the study."""
    assert _times(["2024-01-31 08:00:00"] * 999 + ["31-Jan-2024"]).value == ("iso",)


def test_moments_come_to_the_wall_clock():
    """Would catch months and days decided on another clock or in the wrong order."""
    read = find_moments(["2024-01-31T20:00:00Z", "01/02/2024"]).read
    assert wall_times(read, "Asia/Shanghai", False) == [
        datetime.datetime(2024, 2, 1, 4),
        datetime.datetime(2024, 2, 1),
    ]


def test_a_shifted_clock_shows_in_its_nights():
    """Would catch the offset that Boston's files have had taken away twice."""
    hours = [8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21] * 50
    right = [f"2024-03-{n % 28 + 1:02d} {h:02d}:30:00" for n, h in enumerate(hours)]
    early = [f"2024-03-{n % 28 + 1:02d} {(h - 5) % 24:02d}:30:00" for n, h in enumerate(hours)]
    for cells, check in ((right, False), (early, True)):
        column = Contents(tuple(cells))
        assert propose_times({"opened": [column]}, "America/New_York").clock.check is check
