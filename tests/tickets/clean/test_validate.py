"""Moments of opening that cannot be set a row aside; other moments only lose their cell."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

SECOND = timedelta(seconds=1)
OPENED = datetime(2022, 3, 5, 9, 30)


def alone(**moments):
    """A ticket with no other moment than those given."""
    return {"dispatched": None, "closed": None, "due": None, **moments}


@pytest.mark.parametrize(
    ("opened", "reason"),
    [
        (datetime(2022, 1, 1), None),
        (datetime(2022, 1, 1) - SECOND, "outside the covered months"),
        (datetime(2022, 12, 31, 23, 59, 59), None),
        (datetime(2023, 1, 1), "outside the covered months"),
        (datetime(2023, 1, 31, 23, 59, 59), "outside the covered months"),
        (datetime(2023, 2, 1), "opened in the future"),
    ],
)
def test_months_end_with_their_last_second(clean, ticket, opened, reason):
    [row] = clean(ticket(**alone(opened=opened)))
    assert row["reason"] == reason
    assert row["step"] == (reason and "validate")


def test_a_source_may_cover_fewer_months_than_the_study(clean, ticket, city, riverton):
    [hotline] = riverton.tickets.source
    late = replace(hotline, name="late", first_period="2022-07", last_period="2023-06")
    study = city(source=(hotline, late))
    june, july, after = datetime(2022, 6, 30), datetime(2022, 7, 1), datetime(2023, 1, 2)
    rows = clean(
        ticket(**alone(opened=june, source="hotline")),
        ticket(**alone(opened=june, source="late")),
        ticket(**alone(opened=july, source="late")),
        ticket(**alone(opened=after, source="late")),
        study=study,
    )
    outside = "outside the covered months"
    assert [row["reason"] for row in rows] == [None, outside, None, outside]


@pytest.mark.parametrize("column", ["closed", "due", "dispatched"])
def test_nothing_happens_before_the_opening(clean, ticket, column):
    rows = clean(ticket(**alone(**{column: OPENED - SECOND})), ticket(**alone(**{column: OPENED})))
    assert [(row["step"], row["unset"]) for row in rows] == [(None, column), (None, None)]
    assert [row[column] for row in rows] == [None, OPENED]


def test_a_deadline_may_lie_in_the_future_but_a_closing_may_not(clean, ticket):
    future = datetime(2023, 2, 1)
    rows = clean(
        ticket(**alone(due=future)),
        ticket(**alone(closed=future)),
        ticket(**alone(closed=future - SECOND)),
    )
    assert [row["unset"] for row in rows] == [None, "closed", None]


def test_all_wrong_cells_of_a_row_are_named(clean, ticket):
    before = OPENED - SECOND
    [row] = clean(ticket(closed=before, due=before, dispatched=before))
    assert row["unset"] == "closed,due,dispatched"


def test_an_hour_that_the_clock_shows_twice_may_run_backwards(clean, ticket, city):
    # New York set its clock back from 2:00 to 1:00 on 6 November 2022.
    def row(opened, closed):
        night = {"hour": 0, "minute": 0}
        day = datetime(2022, 11, 6, **night)
        return ticket(**alone(opened=day + opened, closed=day + closed))

    minutes = {n: timedelta(minutes=n) for n in (50, 59, 70, 110, 119, 120)}
    cases = [
        row(minutes[110], minutes[70]),
        row(minutes[110], minutes[59]),
        row(minutes[120], minutes[119]),
        row(minutes[59], minutes[50]),
    ]
    unset = [r["unset"] for r in clean(*cases, study=city(zone="America/New_York"))]
    assert unset == [None, "closed", "closed", "closed"]
    assert {r["unset"] for r in clean(*cases)} == {"closed"}
