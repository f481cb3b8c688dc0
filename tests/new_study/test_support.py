"""Only outcomes, estimators and categories that the samples can carry are proposed."""

from __future__ import annotations

import datetime

import pytest

HEADERS = ("id", "opened", "closed", "due", "ward", "type", "source", "phone", "status")
BEGIN = datetime.datetime(2023, 1, 2, 9)


def rows(number, **changed):
    """Cases of three wards and two types over a year; each column can be changed by row."""
    made = []
    for n in range(number):
        opened = BEGIN + datetime.timedelta(hours=8700 * n // number)
        row = {
            "id": f"C{n:05d}",
            "opened": opened,
            "closed": opened + datetime.timedelta(days=1 + n * 7 % 5),
            "due": opened + datetime.timedelta(days=3),
            "ward": "ABC"[n * 5 // 3 % 3],
            "type": ("Noise", "Waste")[n // 3 % 2],
            "source": ("Phone", "Phone", "Employee Generated")[n * 11 // 4 % 3],
            "phone": f"617-555-{n * 37 % 40:04d}",
            "status": "Closed",
        }
        made.append(row | {column: given(n) for column, given in changed.items()})
    return [[str(row[header]) for header in HEADERS] for row in made]


@pytest.fixture
def made(propose, write_csv):
    def make(number, **changed):
        path = write_csv("a.csv", HEADERS, rows(number, **changed))
        return propose([path], zone="America/Chicago", place="Somewhere")

    return make


def test_what_differs_between_cases_is_an_outcome(made):
    street, category = made(400)[0].level
    assert street.outcomes == ("complaints", "on_time_rate", "repeat_share", "median_days")
    assert street.estimators == (
        *("twfe", "poisson", "fractional_logit", "dose_lags", "dose_lags_poisson"),
    )
    assert category.keep.minimum_share_of_each_initiator == 0.05
    assert category.keep.minimum_cases == 10


def test_callers_who_never_repeat_make_no_outcome(made):
    """Would catch a study whose first run stops at an outcome without any variation."""
    study, _, text = made(400, phone=lambda n: f"617-555-{n:04d}")
    assert study.level[0].outcomes == ("complaints", "on_time_rate", "median_days")
    lines = text.replace("\n# ", " ")
    assert "Hardly differ between the cases in the samples: repeat_share." in lines


def test_a_call_after_the_days_that_count_is_no_repeat(made):
    """Would catch callers who call once a season, counted as if they did not get help."""
    study, _, _ = made(400, phone=lambda n: f"617-555-{n % 110:04d}")
    assert "repeat_share" not in study.level[0].outcomes


def test_staff_do_not_repeat_a_resident(made):
    """Would catch staff's cases counted among complaints."""
    study, _, _ = made(400, phone=lambda n: "617-555-0000" if n * 11 // 4 % 3 == 2 else "")
    assert "repeat_share" not in study.level[0].outcomes


def test_an_outcome_must_move_within_units(made):
    """Would catch a rate that differs between wards but never within one."""
    late = {"A": 30, "B": 0, "C": 30}
    opened = [BEGIN + datetime.timedelta(hours=8700 * n // 400) for n in range(400)]
    days = [late["ABC"[n * 5 // 3 % 3]] for n in range(400)]
    study, _, _ = made(400, closed=lambda n: opened[n] + datetime.timedelta(days=days[n]))
    assert "on_time_rate" not in study.level[0].outcomes


def test_thin_cells_get_no_logit(made):
    """Would catch a model of rates that does not converge, proposed for two answers a month."""
    street, category = made(150)[0].level
    assert "on_time_rate" in street.outcomes
    assert "fractional_logit" not in street.estimators + category.estimators


def test_without_a_category_of_both_there_is_no_panel_by_category(made):
    """Would catch a panel by category without a row."""
    study, _, _ = made(
        400,
        type=lambda n: ("Noise", "Noise", "Waste")[n * 11 // 4 % 3],
    )
    assert [level.name for level in study.level] == ["street"]


@pytest.mark.parametrize("closed", [lambda n: "", lambda n: BEGIN + datetime.timedelta(hours=n)])
def test_handling_times_that_say_nothing_are_no_outcome(made, closed):
    """Would catch a median of cases that are open, or of which most were closed too late."""
    study, _, _ = made(400, closed=closed)
    assert "median_days" not in study.level[0].outcomes


def test_handling_times_of_months_that_are_not_followed_make_no_outcome(made):
    """Would catch a few months, of which the last three cannot be followed to their end."""
    opened = [BEGIN + datetime.timedelta(hours=8 * n) for n in range(400)]
    days = {"opened": lambda n: opened[n]}
    days["closed"] = lambda n: opened[n] + datetime.timedelta(days=1 + n * 7 % 5)
    study, _, _ = made(400, **days)
    assert "median_days" not in study.level[0].outcomes
