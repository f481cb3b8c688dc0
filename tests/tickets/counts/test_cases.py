"""What each kept case counts as, on examples counted by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import StudyError
from analysis.study.load import read_study
from analysis.study.schema import Study
from analysis.tickets.counts.count import count_tickets
from analysis.workspace import find_workspace


def june(checked, study: Study, rows: list[dict], **changes: object) -> pd.Series:
    """Count rows as unit A's, and return its row of June 2022."""
    study = replace(study, tickets=replace(study.tickets, **changes))
    table = count_tickets(checked(rows), study).tables["tickets"]
    return table.set_index(["unit", "period"]).loc[("A", "2022-06")]


@pytest.mark.parametrize(
    ("row", "complaints", "consultations", "proactive"),
    [
        ({}, 2, 0, 0),
        ({"initiator": "proactive"}, 1, 0, 1),
        ({"initiator": "system"}, 1, 0, 0),
        ({"consultation": True}, 1, 1, 0),
        ({"consultation": True, "initiator": "proactive"}, 1, 0, 0),
        ({"internal": True}, 1, 0, 0),
        ({"internal": True, "initiator": "proactive"}, 1, 0, 0),
        ({"step": "versions", "reason": "earlier version"}, 1, 0, 0),
        ({"duplicate": True}, 2, 0, 0),
    ],
)
def test_a_case_counts_as_one_thing_or_as_nothing(
    checked, riverton, row, complaints, consultations, proactive
):
    """Catches a case of quarantine, staff, software or the hotline itself as a complaint."""
    found = june(checked, riverton, [{}, row])
    assert found["complaints"] == complaints
    assert found["consultations"] == consultations
    assert found["proactive_cases"] == proactive


def test_duplicates_count_only_if_the_study_says_so(checked, riverton):
    rows = [{}, {"duplicate": True}, {"duplicate": True, "initiator": "proactive"}]
    found = june(checked, riverton, rows, count_duplicates=False)
    assert (found["complaints"], found["proactive_cases"]) == (1, 0)


def test_answers_are_those_of_complaints(checked, riverton):
    """Catches answers of consultations, and no answer taken for a no or a yes."""
    rows = [
        {"responded": True, "resolved": False, "satisfied": None},
        {"responded": False, "resolved": True, "satisfied": True},
        {"satisfied": False},
        {},
        {"consultation": True, "responded": True, "satisfied": True},
        {"initiator": "proactive", "resolved": True},
    ]
    found = june(checked, riverton, rows)
    counts = ["complaints", "surveyed", "responded", "resolved", "satisfied"]
    assert found[counts].tolist() == [4, 3, 1, 1, 1]


@pytest.mark.parametrize(
    ("row", "with_deadline", "on_time"),
    [
        ({"closed": "2022-06-03T12:00:00", "due": "2022-06-03T12:00:00"}, 1, 1),
        ({"closed": "2022-06-03T12:00:01", "due": "2022-06-03T12:00:00"}, 1, 0),
        ({"due": "2022-06-03"}, 1, 0),
        ({"closed": "2022-06-03"}, 0, 0),
        ({"closed": "2022-06-02", "due": "2022-06-03", "initiator": "proactive"}, 0, 0),
    ],
)
def test_on_time_is_closed_by_the_deadline(checked, riverton, row, with_deadline, on_time):
    """Catches a case due at the moment of closing as late, and one without deadline as on time."""
    found = june(checked, riverton, [row, {"due": "2022-07-01"}])
    assert (found["with_deadline"], found["on_time"]) == (1 + with_deadline, on_time)


def test_the_citys_own_mark_comes_before_the_clock(checked, riverton):
    """Catches a mark that is not read, or one that counts where there is no deadline."""
    source = riverton.tickets.source[0]
    marked = replace(source, headers=source.headers | {"on_time": ("按时",)})
    rows = [
        {"on_time": True, "closed": "2022-06-09", "due": "2022-06-03"},
        {"on_time": False, "closed": "2022-06-02", "due": "2022-06-03"},
        {"on_time": None, "closed": "2022-06-02", "due": "2022-06-03"},
        {"on_time": None, "due": "2022-06-03"},
        {"on_time": True, "due": None},
    ]
    codes = riverton.tickets.resolved
    found = june(checked, riverton, rows, source=(marked,), on_time=codes)
    assert (found["with_deadline"], found["on_time"]) == (4, 2)


def test_tables_have_only_columns_that_the_tickets_allow(checked, riverton):
    """Catches a column of noughts for what a city does not publish, or a need for its column."""
    source = riverton.tickets.source[0]
    few = ("id", "opened", "district", "street", "category_1", "channel")
    bare = replace(source, headers={name: source.headers[name] for name in few}, optional=())
    nothing = {"status": None, "responded": None, "resolved": None, "satisfied": None, "flag": ()}
    tickets = replace(riverton.tickets, source=(bare,), **nothing)
    given = checked([{}])
    others = set(riverton.tickets.columns) - set(few)
    given = given.drop(*[name for name in given.columns if name in others | {"on_time"}])
    table = count_tickets(given, replace(riverton, tickets=tickets)).tables["tickets"]
    assert list(table.columns) == ["unit", "district", "period", "complaints", "proactive_cases"]


def test_a_study_without_tickets_is_refused(checked):
    root = find_workspace(Path(__file__).parent).root
    boston = read_study(root / "notebooks" / "studies" / "boston.toml")
    with pytest.raises(StudyError, match=r"boston\.toml: there is nothing to count"):
        count_tickets(checked([{}]), replace(boston, tickets=None))
