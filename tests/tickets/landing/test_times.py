"""Moments are read as the city's wall clock shows them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import duckdb
import ibis
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.errors import StudyError
from analysis.tickets.landing.times import check_formats, read_rest, ways_to_read

ZONE = "America/New_York"


@pytest.fixture
def read(riverton):
    source = riverton.tickets.source[0]

    def read_one(cell, times, clock="wall", zone=ZONE):
        changed = replace(source, times=times, clock=clock)
        text = ibis.literal(cell, "string")
        first, *others = ways_to_read(changed, zone)
        moment = first(text)
        for way in others:
            moment = read_rest(text, moment, way)
        with duckdb.connect() as engine:
            ((found,),) = engine.execute(str(ibis.to_sql(moment, dialect="duckdb"))).fetchall()
        return None if found is None else str(found)

    return read_one


@pytest.mark.parametrize(
    ("cell", "times", "expected"),
    [
        ("2022-07-05 10:20:30", ("%Y-%m-%d %H:%M:%S",), "2022-07-05 10:20:30"),
        ("2022/7/5 1:02", ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M"), "2022-07-05 01:02:00"),
        ("2022年7月5日", ("%Y年%m月%d日",), "2022-07-05 00:00:00"),
        ("07/05/2022 03:04:05 PM", ("%m/%d/%Y %I:%M:%S %p",), "2022-07-05 15:04:05"),
        ("2022-07-05T12:00:00+0000", ("%Y-%m-%dT%H:%M:%S%z",), "2022-07-05 08:00:00"),
        ("2022-13-05 10:20:30", ("%Y-%m-%d %H:%M:%S",), None),
        ("2022-07-05 10:20:30", ("%Y-%m-%d",), None),
        ("2022-07-05T10:20:30", ("iso",), "2022-07-05 10:20:30"),
        ("2022-07-05T10:20:30.250", ("iso",), "2022-07-05 10:20:30.250000"),
        ("2022-07-05", ("iso",), "2022-07-05 00:00:00"),
        ("2022-07-05T12:00:00Z", ("iso",), "2022-07-05 08:00:00"),
        ("2022-01-05 12:00:00+00", ("iso",), "2022-01-05 07:00:00"),
        ("2022-01-05 12:00:00 UTC", ("iso",), "2022-01-05 07:00:00"),
        ("2022-01-05T20:00:00+08:00", ("iso",), "2022-01-05 07:00:00"),
        ("infinity", ("iso",), None),
        ("epoch", ("iso",), None),
        ("0000-00-00 00:00:00", ("iso",), None),
        ("44566.75", ("excel",), "2022-01-05 18:00:00"),
        ("44566.7500001", ("excel",), "2022-01-05 18:00:00"),
        ("61", ("excel",), "1900-03-01 00:00:00"),
        ("60", ("excel",), None),
        ("20220105", ("excel",), None),
        ("nan", ("excel", "epoch"), None),
        ("1641384000", ("epoch",), "2022-01-05 07:00:00"),
        ("1641384000500", ("epoch_ms",), "2022-01-05 07:00:00.500000"),
        ("-1", ("epoch",), None),
        ("9e30", ("epoch_ms", "excel"), None),
        (None, ("iso", "excel", "%Y"), None),
    ],
)
def test_moments_are_read(read, cell, times, expected):
    """Catches a moment that lands on another day, or a word that becomes a moment."""
    assert read(cell, times) == expected


_PARTS = st.tuples(
    st.sampled_from(["0000", "0001", "1900", "2020", "2021", "9999", "-200", " 202", "20a0"]),
    *[st.sampled_from(["00", "01", "02", "12", "13", "29", "31", "32", "-1", " 1", "1 ", "+5"])]
    * 2,
    *[st.sampled_from(["00", "01", "12", "23", "24", "59", "60", "-1", " 1", "1 ", "+5"])] * 3,
)


@given(
    parts=_PARTS,
    written=st.sampled_from(["%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d"]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_the_quick_way_reads_what_the_format_reads(read, parts, written):
    """Catches a cast that takes for a moment what is none in the declared format."""
    cell = written
    for code, part in zip(("%Y", "%m", "%d", "%H", "%M", "%S"), parts, strict=True):
        cell = cell.replace(code, part)
    with duckdb.connect() as engine:
        sql = "SELECT try_strptime(?, ?)"
        ((expected,),) = engine.execute(sql, [cell.strip(), written]).fetchall()
    assert read(cell.strip(), (written,)) == (expected and str(expected))


@pytest.mark.parametrize("true", ["2022-01-05 12:00:00", "2022-07-05 00:30:00"])
def test_clocks_are_put_right(read, true):
    """Catches hours added twice, or taken away in winter as in summer."""
    wall = dt.datetime.fromisoformat(true)
    offset = dt.timedelta(hours=5 if wall.month == 1 else 4)
    shown = ("%Y-%m-%d %H:%M:%S",)
    assert read(str(wall), shown) == true
    assert read(str(wall + offset), shown, "utc") == true
    assert read(str(wall - offset), shown, "offset_twice") == true
    assert read(str(wall + offset) + "Z", ("iso",), "utc") == true


def test_a_wall_clock_in_the_hour_that_summer_time_skips_stays(read):
    """Catches wall clocks that are taken through the zone and come back changed."""
    assert read("2022-03-13 02:30:00", ("iso",)) == "2022-03-13 02:30:00"


def test_unknown_formats_are_refused_together(riverton):
    """Catches a code that nothing knows, found only after hours of reading."""
    source = replace(riverton.tickets.source[0], times=("iso", "Excel", "%Y-%Q"))
    with pytest.raises(StudyError) as caught:
        check_formats(source)
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize(
    ("whole_days", "closed", "due"),
    [
        ((), "2022-01-08 00:00:00", "2022-01-09 00:00:00"),
        (("due",), "2022-01-08 00:00:00", "2022-01-09 23:59:59"),
        (("closed", "due"), "2022-01-08 23:59:59", "2022-01-09 23:59:59"),
    ],
)
def test_a_moment_that_is_a_day_is_its_end(lander, whole_days, closed, due):
    """Catches a case closed before it was opened on that day, and a deadline a day too early."""
    content = lander.csv(lander.row(closed="2022-01-08", due="2022-01-09"))
    _, (row,) = lander.land(content, times=("iso",), whole_days=whole_days)
    assert (str(row["closed"]), str(row["due"])) == (closed, due)


def test_only_moments_that_are_there_are_whole_days(riverton):
    """Catches a misspelt name that changes nothing, and a day that has its time elsewhere."""
    source = riverton.tickets.source[0]
    headers = {name: found for name, found in source.headers.items() if name != "due"}
    with pytest.raises(ValueError, match="'whole_days' names 'due', which is not under 'headers'"):
        replace(source, headers=headers, whole_days=("due",))
    with pytest.raises(ValueError, match="'closed' stands under both 'whole_days' and"):
        replace(source, whole_days=("closed",), times_of_day={"closed": ("办结时刻",)})
