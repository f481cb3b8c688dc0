"""Repairs touch the rows that they name, only those, and leave their name behind."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.study.ticket_codes import Codes, Repair

POINT = {"longitude": 116.4, "latitude": 39.9}


@pytest.fixture
def marked(city, riverton):
    """Riverton with a second source, and with the city's mark of being on time."""

    def change(repair):
        [hotline] = riverton.tickets.source
        hotline = replace(hotline, headers={**hotline.headers, "on_time": ("是否按时",)})
        return city(
            source=(hotline, replace(hotline, name="web")),
            on_time=Codes(yes=("是",), no=("否",)),
            repair=(repair,),
        )

    return change


def test_values_are_spelled_as_the_study_does(clean, ticket):
    rows = clean(ticket(street="河東街道"), ticket(street="河东街道"), ticket(street=None))
    assert [row["unit"] for row in rows] == ["河东街道", "河东街道", None]
    assert [row["changed"] for row in rows] == ["recode_street", None, None]


def test_a_recoded_channel_or_answer_means_what_its_new_value_means(clean, ticket, city):
    study = city(recode={"channel": {"12345": "电话"}, "resolved": {"Y": "是"}})
    [row] = clean(ticket(channel="12345", resolved="Y"), study=study)
    assert (row["initiator"], row["resolved"], row["unset"]) == ("resident", True, None)
    assert row["changed"] == "recode_channel,recode_resolved"


def test_values_can_be_exchanged(clean, ticket, city):
    study = city(recode={"street": {"甲": "乙", "乙": "甲"}})
    rows = clean(ticket(street="甲"), ticket(street="乙"), study=study)
    assert [row["unit"] for row in rows] == ["乙", "甲"]


def test_a_mark_of_being_on_time_needs_a_deadline(clean, ticket, marked):
    study = marked(Repair("on_time_without_due", "the default of the form", sources=("web",)))
    rows = clean(
        ticket(source="web", on_time="是", due=None),
        ticket(source="web", on_time="是"),
        ticket(source="web", on_time=None, due=None),
        ticket(source="hotline", on_time="是", due=None),
        study=study,
    )
    assert [row["on_time"] for row in rows] == [None, True, None, True]
    assert [row["changed"] for row in rows] == ["on_time_without_due", None, None, None]


def test_a_place_made_up_by_a_geocoder_is_no_place(clean, ticket, marked):
    study = marked(Repair("default_coordinates", "the middle of the city", **POINT))
    rows = clean(*(ticket(default_point=made_up) for made_up in (True, False, None)), study=study)
    assert [row["unit"] for row in rows] == [None, "河东街道", "河东街道"]
    assert [row["district"] for row in rows] == [None, "东城", "东城"]
    assert rows[0]["reason"] == "place made up by a geocoder"
    assert rows[0]["changed"] == "default_coordinates"
