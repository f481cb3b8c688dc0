"""Handling times: every complaint followed for the same days, quantiles exact."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from analysis.tickets.counts.count import count_tickets
from analysis.tickets.counts.quantiles import known_quantiles, last_followed_month

OPENED = datetime(2022, 6, 1, 9)


def handled(days: float | None) -> dict:
    """A complaint that took so many days."""
    return {"opened": OPENED, "closed": None if days is None else OPENED + timedelta(days=days)}


def june(checked, study, rows) -> tuple[float | None, float | None]:
    table = count_tickets(checked(rows), study).tables["tickets"]
    row = table.set_index(["unit", "period"]).loc[("A", "2022-06")]
    return tuple(None if pd.isna(row[name]) else row[name] for name in ("median_days", "p90_days"))


@pytest.mark.parametrize(
    ("days", "median", "p90"),
    [
        ([3], 3, 3),
        ([1, 2], 1.5, 1.9),
        ([0, 1, 2], 1, 1.8),
        ([0, 0, 0], 0, 0),
        # Eleven cases: the tenth is the ninetieth percentile, whatever the last one took.
        ([*range(10), None], 5, 9),
        ([*range(10), 400], 5, 9),
        # Ten: between the ninth and the tenth, which is open, nothing is known.
        ([*range(9), None], 4.5, None),
        # The follow-up of thirty days ends the moment at which the case was closed.
        ([1, 1, 30], 1, None),
        ([30 - 1 / 86_400], 30 - 1 / 86_400, 30 - 1 / 86_400),
        ([30], None, None),
        # Between one of 29 days and one that is open there is no median.
        ([29, None], None, None),
        ([None], None, None),
    ],
)
def test_quantiles_of_cases_by_hand(checked, riverton, days, median, p90):
    """Catches open cases left out, late ones counted in full, and quantiles that rest on either."""
    found = june(checked, riverton, [handled(day) for day in days])
    for value, expected in zip(found, (median, p90), strict=True):
        assert (value is None) == (expected is None)
        assert value is None or value == pytest.approx(expected, abs=1e-12)


def test_only_complaints_are_timed(checked, riverton):
    others = [{"initiator": "proactive"}, {"consultation": True}, {"step": "codes"}]
    rows = [handled(2), *(handled(20) | other for other in others)]
    assert june(checked, riverton, rows) == (2, 2)


def test_a_case_closed_at_an_unknown_time_takes_no_part(checked, riverton):
    """Catches a case that is done, but says not when, among those that took for ever."""
    unknown = [{"is_closed": True}, {"unset": "due,closed"}]
    assert june(checked, riverton, [handled(2), *unknown]) == (2, 2)
    assert june(checked, riverton, unknown) == (None, None)


def test_a_case_that_was_opened_again_is_open(checked, riverton):
    rows = [handled(2), handled(2) | {"is_closed": False}]
    assert june(checked, riverton, rows) == (None, None)


def test_clocks_put_back_make_no_hour(checked, riverton):
    """Times have no zone here: from noon to noon is a day on every date."""
    study = replace(riverton, tickets=replace(riverton.tickets, zone="America/New_York"))
    rows = [{"opened": "2022-11-05T12:00:00", "closed": "2022-11-06T12:00:00"}]
    table = count_tickets(checked([*rows, handled(1)]), study).tables["tickets"]
    assert table["median_days"].dropna().tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    ("extracted", "days", "month"),
    [
        ("2023-01-30", 30, "2022-12"),
        ("2023-01-29", 30, "2022-11"),
        ("2024-03-01", 1, "2024-02"),
        ("2024-02-29", 1, "2024-01"),
        ("2023-03-01", 1, "2023-02"),
    ],
)
def test_a_month_is_followed_if_its_last_day_is(riverton, extracted, days, month):
    """Catches a month too many or too few at borders of months and in leap years."""
    tickets = replace(riverton.tickets, extracted=extracted, follow_up_days=days)
    assert str(last_followed_month(tickets)) == month


def test_months_not_followed_are_missing_and_named(checked, riverton):
    """Catches recent months that look quick because slow cases are still open."""
    study = replace(riverton, tickets=replace(riverton.tickets, extracted="2022-07-29"))
    counted = count_tickets(checked([handled(1)]), replace(study, last_period="2022-06"))
    table = counted.tables["tickets"]
    assert table[["on_time", "median_days"]].isna().all(axis=None)
    (left_out,) = [left for left in counted.left_out if "median_days" in left.columns]
    assert left_out.columns == ("on_time", "median_days", "p90_days")
    assert left_out.months == ("2022-06",)


def test_the_place_of_a_quantile_is_that_of_the_case_above_it():
    """Catches a rounded place: 0.9 times 10 is not 9 in every arithmetic."""
    sizes = np.arange(1, 2001)
    for closed in (0, 1, 2):
        found = pd.DataFrame({"followed": sizes, "closed_within": sizes - closed})
        found = known_quantiles(found.assign(median_days=1.0, p90_days=1.0))
        above = [int(np.ceil(round(0.9 * (size - 1), 9))) for size in sizes]
        assert found["p90_days"].notna().tolist() == [
            place < size - closed for place, size in zip(above, sizes, strict=True)
        ]
