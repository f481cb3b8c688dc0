"""A day and its time of day may stand in two columns."""

from __future__ import annotations

import pytest

from analysis.errors import DataError
from analysis.study.ticket_sources import TicketSource

TIMES = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %I:%M %p", "%Y-%m-%d")
OF_DAY = {"opened": ("受理时刻", "受理钟点")}


@pytest.fixture
def land(lander):
    def land_days(*days_and_times, header="受理时刻", name="a.csv", **changes):
        rows = [
            [*lander.row(id=f"T{number}", opened=day), time]
            for number, (day, time) in enumerate(days_and_times)
        ]
        content = lander.csv(*rows, header=[*lander.header, header])
        if name.endswith(".xlsx"):
            content = lander.workbook([[*lander.header, header], *rows])
        told = {"times": TIMES, "times_of_day": OF_DAY, **changes}
        landed, found = lander.land(content, name, **told)
        return landed, [
            (row["opened"] and str(row["opened"]), row["problem"])
            for row in sorted(found, key=lambda row: row["row"])
        ]

    return land_days


def test_they_are_read_as_one_moment(land):
    """Catches cases that all open at midnight, and a day lost because its time of day is."""
    landed, opened = land(
        ("2022-01-05", " 08:30:15"),
        ("2022-01-05T00:00:00.000", "10:20 PM"),
        ("2022-01-05 00:00:00", "00:00:00"),
        ("2022-01-05", ""),
        ("2022-01-05", "无"),
        ("", "08:30:15"),
        ("2022-01-05", "25:00:00"),
        ("2022-01-05 00:00:01", "08:30:15"),
        missing=("", "无"),
    )
    assert opened == [
        ("2022-01-05 08:30:15", None),
        ("2022-01-05 22:20:00", None),
        ("2022-01-05 00:00:00", None),
        ("2022-01-05 00:00:00", None),
        ("2022-01-05 00:00:00", None),
        (None, None),
        (None, "time:opened"),
        (None, "time:opened"),
    ]
    assert landed.times["opened"] == 5
    assert landed.headers["opened, time of day"] == "受理时刻"
    assert landed.ignored == ()


def test_it_may_have_several_headers_and_stand_in_a_workbook(land):
    """Catches a time of day that only text files have, or only under its first header."""
    days = [("2022-01-05", "08:30:15"), ("2022-01-06", "")]
    expected = [("2022-01-05 08:30:15", None), ("2022-01-06 00:00:00", None)]
    assert land(*days, header="受理钟点")[1] == expected
    assert land(*days, name="b.xlsx", format="excel")[1] == expected


def test_a_file_without_it_is_refused_unless_the_moment_is_not_there_either(land, lander):
    """Catches a year in which every case opens at midnight because a header changed."""
    for column, optional in [("opened", ()), ("closed", ("closed",))]:
        told = {"times_of_day": {column: OF_DAY["opened"]}, "optional": optional}
        with pytest.raises(DataError) as refused:
            land(("2022-01-05", "08:30:15"), header="其他", **told)
        (problem,) = refused.value.problems
        assert problem.what == (
            f"the time of day of {column!r} is missing; its headers may be "
            "'受理时刻' and '受理钟点'"
        )
        assert problem.where == "a.csv, row 1"
        assert "'times_of_day'" in problem.hint
    headers = lander.source.headers | {"updated": ("更新日期",)}
    told = {"optional": ("updated",), "times_of_day": {"updated": ("更新钟点",)}}
    assert land(("2022-01-05", ""), headers=headers, **told)[1][0][0] is not None


def test_only_moments_that_are_there_have_one(lander):
    """Catches a time of day of a district, or of a moment that is nowhere."""
    given = {"name": "a", "files": "*.csv", "format": "csv", "headers": lander.source.headers}
    for column, told in [("street", "is no moment"), ("dispatched", "is not under 'headers'")]:
        with pytest.raises(ValueError, match=told):
            TicketSource(**given, times_of_day={column: ("x",)})
