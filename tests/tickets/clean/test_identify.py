"""Rows that could not be read, or do not say which case they are, are set aside by name."""

from __future__ import annotations

import pytest

NOTHING = dict.fromkeys(
    ["id", "opened", "updated", "dispatched", "closed", "due", "channel", "street", "status"]
)


def outcome(row):
    return row["step"], row["reason"], row["unset"]


@pytest.mark.parametrize(
    ("differences", "expected"),
    [
        ({"problem": "cells", **NOTHING}, ("read", "cells", None)),
        ({"problem": "unreadable_json", **NOTHING}, ("read", "unreadable_json", None)),
        ({"problem": "time:opened", "opened": None}, ("read", "time:opened", None)),
        # A case whose closing cannot be read is still a case.
        ({"problem": "time:closed", "closed": None}, (None, None, "closed")),
        ({"problem": "time:updated", "updated": None}, (None, None, "updated")),
        ({"id": None}, ("identify", "no id", None)),
        ({"opened": None}, ("identify", "no time of opening", None)),
        ({}, (None, None, None)),
    ],
)
def test_the_first_thing_that_is_wrong_names_the_row(clean, ticket, differences, expected):
    [row] = clean(ticket(**differences))
    assert outcome(row) == expected


def test_several_unreadable_moments_are_all_named(clean, ticket):
    [row] = clean(ticket(problem="time:closed,due", closed=None, due=None))
    assert outcome(row) == (None, None, "closed,due")
    [row] = clean(ticket(problem="time:closed,opened", closed=None, opened=None))
    assert row["step"] == "read"


def test_a_row_of_nothing_but_nulls_is_set_aside_and_not_lost(clean, ticket):
    [row] = clean(ticket(**dict.fromkeys(ticket().keys() - {"source", "file"}), id=None))
    assert outcome(row) == ("identify", "no id", None)
