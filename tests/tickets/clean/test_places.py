"""Each case is brought to a unit of today, or says why it is in none."""

from __future__ import annotations

from datetime import datetime

import pytest

BEFORE, AFTER = datetime(2022, 5, 31, 23, 59), datetime(2022, 6, 1)
NO_MOMENTS = {"dispatched": None, "closed": None, "due": None}


def places(rows):
    return [(row["unit"], row["district"], row["reason"]) for row in rows]


def test_without_a_register_names_are_taken_as_they_are(clean, ticket):
    rows = clean(ticket(street="某街"), ticket(street="不详"), ticket(street=None))
    assert places(rows) == [
        ("某街", "东城", None),
        ("不详", "东城", "not a unit"),
        (None, "东城", "no unit"),
    ]


def test_a_mark_of_what_was_taken_out_is_no_unit(clean, ticket):
    """Catches a telephone number in the wrong column that becomes a place of the panel."""
    rows = clean(ticket(street="〔电话〕"), ticket(street="河东街道〔电话〕"))
    assert places(rows) == [
        ("〔电话〕", "东城", "no unit"),
        ("河东街道〔电话〕", "东城", None),
    ]


def test_a_register_knows_its_units_and_their_districts(clean, ticket, references):
    known = references({"河东街道": "河区"})
    rows = clean(ticket(), ticket(street="某街"), ticket(district=None), known=known)
    assert places(rows) == [
        ("河东街道", "河区", None),
        ("某街", "东城", "unknown unit"),
        ("河东街道", "河区", None),
    ]


@pytest.mark.parametrize("opened", [BEFORE, AFTER])
def test_a_former_name_means_its_successor_before_the_change_and_out_of_habit_after(
    clean, ticket, references, opened
):
    known = references({"新街": "西城"}, [("老街", "新街", "2022-06")])
    rows = clean(ticket(street="老街", opened=opened, **NO_MOMENTS), known=known)
    assert places(rows) == [("新街", "西城", None)]
    assert rows[0]["changed"] == "crosswalk"
    assert rows[0]["street"] == "老街"


def test_a_name_used_again_means_another_unit_from_the_first_second_of_the_month(
    clean, ticket, references
):
    known = references({"老街": "东城", "新街": "西城"}, [("老街", "新街", "2022-06")])
    rows = clean(
        *(ticket(street="老街", opened=opened, **NO_MOMENTS) for opened in (BEFORE, AFTER)),
        known=known,
    )
    assert places(rows) == [("新街", "西城", None), ("老街", "东城", None)]
    assert [row["changed"] for row in rows] == ["crosswalk", None]


def test_an_empty_cell_can_be_declared_to_be_no_unit(clean, ticket, city):
    [row] = clean(ticket(street=None), study=city(not_a_unit=("",)))
    assert row["reason"] == "not a unit"


def test_the_district_can_be_the_unit(clean, ticket, city, references):
    known = references({"东城": "东城"})
    rows = clean(ticket(), ticket(district="火星"), study=city(unit="district"), known=known)
    assert places(rows) == [("东城", "东城", None), ("火星", "火星", "unknown unit")]
