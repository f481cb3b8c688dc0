"""A complaint repeats an earlier one of the same caller and category, within the study's days."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from analysis.tickets.counts.repeats import count_repeats

FIRST = {"caller": "0123456789abcdef", "opened": "2022-06-01T09:00:00"}


def repeats(checked, study, rows) -> dict[tuple[str, str, str], int]:
    found = count_repeats(checked(rows), study.tickets).to_pyarrow().to_pylist()
    return {
        (row["unit"], row["category"], f"{row['period']:%Y-%m}"): row["repeat_complaints"]
        for row in found
        if row["repeat_complaints"]
    }


@pytest.mark.parametrize(
    ("opened", "expected"),
    [
        ("2022-06-01T09:00:01", {("A", "roads", "2022-06"): 1}),
        ("2022-08-30T09:00:00", {("A", "roads", "2022-08"): 1}),
        ("2022-08-30T09:00:01", {}),
    ],
)
def test_the_ninetieth_day_still_repeats(checked, riverton, opened, expected):
    """Catches a window that is a second too short or too long."""
    assert repeats(checked, riverton, [FIRST, FIRST | {"opened": opened}]) == expected


def test_a_day_more_in_leap_years(checked, riverton):
    """Catches a window in months: from 1 December it ends on 29 February in a leap year."""
    earlier = FIRST | {"opened": "2023-12-01"}
    assert repeats(checked, riverton, [earlier, FIRST | {"opened": "2024-02-29"}])
    assert not repeats(checked, riverton, [earlier, FIRST | {"opened": "2024-03-01"}])
    earlier = FIRST | {"opened": "2022-12-01"}
    assert repeats(checked, riverton, [earlier, FIRST | {"opened": "2023-03-01"}])


@pytest.mark.parametrize(
    "later",
    [
        {"caller": None},
        {"caller": "fedcba9876543210"},
        {"category": "water"},
        {"category": None},
        {"initiator": "proactive"},
        {"consultation": True},
        {"step": "codes"},
    ],
)
def test_only_complaints_of_the_same_caller_and_category_repeat(checked, riverton, later):
    second = FIRST | {"opened": "2022-06-05"} | later
    assert repeats(checked, riverton, [FIRST, second]) == {}


def test_callers_and_categories_that_nobody_named_are_not_the_same(checked, riverton):
    """Catches all anonymous callers, or all cases without a category, taken for one."""
    for name in ("caller", "category"):
        rows = [FIRST | {name: None}, FIRST | {name: None, "opened": "2022-06-05"}]
        assert repeats(checked, riverton, rows) == {}


def test_a_repeat_counts_where_it_was_made(checked, riverton):
    """Catches a repeat that is the first unit's, or one that only counts in the same unit."""
    rows = [FIRST, FIRST | {"unit": "B", "opened": "2022-07-05"}]
    assert repeats(checked, riverton, rows) == {("B", "roads", "2022-07"): 1}


def test_the_one_before_decides(checked, riverton):
    """Catches a complaint held against the first of a caller, not against the one before."""
    rows = [FIRST | {"opened": f"2022-{month:02d}-01"} for month in (1, 3, 5, 7)]
    found = repeats(checked, riverton, rows)
    assert [key[2] for key in sorted(found)] == ["2022-03", "2022-05", "2022-07"]


def test_at_the_same_moment_no_order_of_rows_matters(checked, riverton):
    """Catches a repeat that wanders between units from run to run."""
    rows = [FIRST | {"unit": unit} for unit in ("B", "A", "A", "C")]
    found = [repeats(checked, riverton, list(order)) for order in itertools.permutations(rows)]
    assert found == [{(unit, "roads", "2022-06"): 1 for unit in "ABC"}] * len(found)


def test_the_study_says_within_how_many_days(checked, riverton):
    study = replace(riverton, tickets=replace(riverton.tickets, repeat_days=7))
    rows = [FIRST, FIRST | {"opened": "2022-06-08T09:00:00"}]
    assert repeats(checked, study, rows)
    assert not repeats(checked, study, [FIRST, FIRST | {"opened": "2022-06-09"}])
