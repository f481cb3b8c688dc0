"""The hours shown twice are those of the zone's own rules, on each side of the world."""

from __future__ import annotations

from datetime import datetime

import pytest

from analysis.tickets.clean.clock import hours_shown_twice


@pytest.mark.parametrize(
    ("zone", "begin", "end"),
    [
        ("Europe/London", datetime(2023, 10, 29, 1), datetime(2023, 10, 29, 2)),
        ("Australia/Lord_Howe", datetime(2023, 4, 2, 1, 30), datetime(2023, 4, 2, 2)),
        ("America/Sao_Paulo", None, None),
    ],
)
def test_each_zone_has_its_own_night(zone, begin, end):
    found = hours_shown_twice(zone, datetime(2023, 1, 1), datetime(2023, 12, 31))
    assert found == (() if begin is None else ((begin, end),))


def test_every_year_has_its_own_night():
    found = hours_shown_twice("America/New_York", datetime(2020, 1, 1), datetime(2022, 12, 31))
    assert [begin.isoformat() for begin, _ in found] == [
        "2020-11-01T01:00:00",
        "2021-11-07T01:00:00",
        "2022-11-06T01:00:00",
    ]
