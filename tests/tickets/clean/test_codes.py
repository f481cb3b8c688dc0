"""What values mean, and what becomes of a row or cell whose value means nothing known."""

from __future__ import annotations

from dataclasses import replace

import pytest


@pytest.mark.parametrize(
    ("channel", "initiator", "reason"),
    [
        ("电话", "resident", None),
        ("巡查", "proactive", None),
        ("系统导入", "system", None),
        ("电 话", None, "unknown initiator"),
        (None, None, "no initiator"),
    ],
)
def test_who_opened_a_case(clean, ticket, channel, initiator, reason):
    [row] = clean(ticket(channel=channel))
    assert (row["initiator"], row["reason"]) == (initiator, reason)


def test_any_other_value_can_be_declared_to_mean_something(clean, ticket, city, riverton):
    study = city(initiator=replace(riverton.tickets.initiator, otherwise="resident"))
    rows = clean(ticket(channel="?"), ticket(channel=None), ticket(channel="巡查"), study=study)
    assert [row["initiator"] for row in rows] == ["resident", "resident", "proactive"]
    assert [row["step"] for row in rows] == [None] * 3


@pytest.mark.parametrize(
    ("differences", "is_closed", "reason"),
    [
        ({"status": "已办结"}, True, None),
        ({"status": "办理中"}, False, None),
        ({"status": "作废"}, False, "void"),
        ({"status": "办结"}, False, "unknown status"),
        ({"status": None}, True, None),
        ({"status": None, "closed": None}, False, None),
        # That the closing cannot be read does not make the case an open one.
        ({"status": None, "closed": None, "problem": "time:closed"}, True, None),
    ],
)
def test_what_became_of_a_case(clean, ticket, differences, is_closed, reason):
    [row] = clean(ticket(**differences))
    assert (row["is_closed"], row["reason"]) == (is_closed, reason)


@pytest.mark.parametrize(
    ("answer", "meaning", "unset"),
    [
        ("满意", True, None),
        ("一般", False, None),
        ("未回访", None, None),
        (None, None, None),
        ("十分满意", None, "satisfied"),
    ],
)
def test_answers_are_true_false_or_missing(clean, ticket, answer, meaning, unset):
    [row] = clean(ticket(satisfied=answer))
    assert (row["satisfied"], row["unset"], row["step"]) == (meaning, unset, None)


def test_a_mark_that_no_source_has_is_missing_everywhere(clean, ticket):
    [row] = clean(ticket())
    assert row["on_time"] is None


def test_any_other_status_can_be_declared_to_mean_something(clean, ticket, city, riverton):
    study = city(status=replace(riverton.tickets.status, otherwise="void"))
    rows = clean(ticket(status="?"), ticket(status=None), ticket(status="已办结"), study=study)
    assert [row["reason"] for row in rows] == ["void", None, None]
    assert [row["is_closed"] for row in rows] == [False, True, True]
