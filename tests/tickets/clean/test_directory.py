"""A name means the unit that it named on the day, and no stretch of time is claimed twice."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.tickets.clean.directory import ALWAYS, NEVER, find_dead_ends, list_names


def meaning(known, name, moment):
    names = list_names(known.units, known.crosswalk)
    return [n.unit for n in names if n.name == name and n.since <= moment < n.until]


@pytest.fixture
def renamed_twice(references):
    return references({"C": "east", "D": "west"}, [("A", "B", "2019-01"), ("B", "C", "2021-07")])


@pytest.mark.parametrize("name", ["A", "B", "C"])
@pytest.mark.parametrize("year", [2015, 2020, 2025])
def test_a_chain_of_renames_is_followed_at_any_time(renamed_twice, name, year):
    assert meaning(renamed_twice, name, datetime(year, 1, 1)) == ["C"]


def test_a_name_used_again_means_the_new_unit_from_then_on(references):
    known = references({"A": "east", "B": "west"}, [("A", "B", "2021-07")])
    assert meaning(known, "A", datetime(2021, 6, 30, 23, 59, 59)) == ["B"]
    assert meaning(known, "A", datetime(2021, 7, 1)) == ["A"]


def test_a_name_with_two_lives_leads_each_to_its_own_unit(references):
    known = references({"B": "east", "C": "west"}, [("A", "B", "2019-01"), ("A", "C", "2022-01")])
    found = [meaning(known, "A", datetime(year, 6, 1)) for year in (2018, 2020, 2023)]
    assert found == [["B"], ["C"], ["C"]]


def test_a_unit_that_took_another_in_keeps_its_name(references):
    known = references({"A": "east"}, [("A", "A", "2020-01"), ("B", "A", "2020-01")])
    for year in (2019, 2021):
        assert meaning(known, "A", datetime(year, 1, 1)) == ["A"]
        assert meaning(known, "B", datetime(year, 1, 1)) == ["A"]


def test_dead_ends_and_circles_are_named(references):
    known = references(
        {"A": "east"}, [("B", "X", "2020-01"), ("C", "D", "2020-01"), ("D", "C", "2020-01")]
    )
    assert find_dead_ends(known.units, known.crosswalk) == ["B", "C", "D"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from("ABCDE"),
            st.sampled_from("ABCDE"),
            st.integers(2015, 2024).map(lambda year: f"{year}-01"),
        ),
        max_size=8,
        unique_by=lambda event: (event[0], event[2]),
    )
)
def test_stretches_never_overlap_and_lead_to_units_of_today(references, events):
    known = references({"A": "east", "B": "west"}, events)
    names = list_names(known.units, known.crosswalk)
    for name in {n.name for n in names}:
        own = [n for n in names if n.name == name]
        assert all(first.until <= second.since for first, second in pairwise(own))
        assert own[0].since >= ALWAYS
        assert own[-1].until <= NEVER
    assert {n.unit for n in names} <= {"A", "B"}
    # A present unit is known by its name now, whatever it was called before.
    assert meaning(known, "A", datetime(2030, 1, 1)) == ["A"]
