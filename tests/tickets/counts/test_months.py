"""Months: which can be counted, and which columns are known in them; the rest is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import pytest

from analysis.study.schema import Study
from analysis.tickets.counts.count import Counted, count_tickets
from analysis.tickets.counts.left_out import LeftOut, months_in_words

YEAR = [f"2022-{month:02d}" for month in range(1, 13)]
ANSWERED = {"responded": True, "resolved": True, "satisfied": True}


def monthly(months: Sequence[str], **row: object) -> list[dict]:
    return [{"opened": f"{month}-15", "closed": f"{month}-16", **row} for month in months]


def with_sources(study: Study, **changes: dict) -> Study:
    """Give a study several sources: name -> what is different from the hotline."""
    hotline = study.tickets.source[0]
    sources = tuple(replace(hotline, name=name, **given) for name, given in changes.items())
    return replace(study, tickets=replace(study.tickets, source=sources))


def without(study: Study, *columns: str) -> dict:
    headers = study.tickets.source[0].headers
    return {
        "headers": {name: heads for name, heads in headers.items() if name not in columns},
        "optional": (),
    }


def missing(counted: Counted, column: str) -> list[str]:
    table = counted.tables["tickets"]
    return sorted({str(month) for month in table.loc[table[column].isna(), "period"]})


def test_a_month_without_any_ticket_is_no_month_of_noughts(checked, riverton):
    """Catches a file that was not delivered and looks like a city without complaints."""
    months = [month for month in YEAR if month not in ("2022-03", "2022-04", "2022-10")]
    rows = monthly(months, unit="A") + monthly(months[:1], unit="B")
    counted = count_tickets(checked(rows), riverton)
    for table in counted.tables.values():
        assert sorted({str(month) for month in table["period"]}) == months
    table = counted.tables["tickets"]
    assert table.loc[table["unit"] == "B", "complaints"].tolist() == [1] + [0] * 8
    (left_out,) = [left for left in counted.left_out if not left.columns]
    assert str(left_out) == (
        "rows, 2022-03 to 2022-04 and 2022-10: no ticket in a whole month, a delivery is missing: "
        "source 'hotline'"
    )


def test_a_missing_delivery_takes_the_other_sources_month_along(checked, riverton):
    """Catches a drop where one of two sources delivered nothing, and cases lost without a word."""
    study = with_sources(riverton, hotline={}, app={"first_period": "2022-03"})
    rows = monthly(YEAR) + monthly(YEAR[2:8] + YEAR[9:], source="app")
    counted = count_tickets(checked(rows), study)
    table = counted.tables["tickets"]
    assert table["complaints"].tolist() == [1] * 2 + [2] * 9
    (left_out,) = [left for left in counted.left_out if not left.columns]
    assert (left_out.months, left_out.cases) == (("2022-09",), 1)
    assert "source 'app'" in left_out.reason


def test_months_that_no_source_covers_are_named(checked, riverton):
    study = with_sources(riverton, hotline={"last_period": "2022-10"})
    counted = count_tickets(checked(monthly(YEAR[:10])), study)
    (left_out,) = [left for left in counted.left_out if not left.columns]
    assert left_out.months == ("2022-11", "2022-12")
    assert left_out.reason == "no source covers these months"


def test_a_source_that_begins_before_the_study_lacks_none_of_its_months(checked, riverton):
    """Catches months before the study that are named as deliveries that never came."""
    study = with_sources(riverton, hotline={"first_period": "2021-06", "last_period": "2023-06"})
    counted = count_tickets(checked(monthly(YEAR)), study)
    assert [left for left in counted.left_out if not left.columns] == []
    assert sorted({str(month) for month in counted.tables["tickets"]["period"]}) == YEAR


@pytest.mark.parametrize(
    ("days", "unknown"),
    [(90, YEAR[:3]), (31, YEAR[:1]), (32, YEAR[:2]), (59, YEAR[:2]), (60, YEAR[:3])],
)
def test_the_first_months_know_no_repeats(checked, riverton, days, unknown):
    """Catches a rise of repeats that is only the list's beginning.

    January and February 2022 have 59 days, so March is known if repeats last so long.
    """
    study = replace(riverton, tickets=replace(riverton.tickets, repeat_days=days))
    counted = count_tickets(checked(monthly(YEAR, caller="x")), study)
    assert missing(counted, "repeat_complaints") == unknown


def test_after_a_missing_delivery_repeats_are_not_known_either(checked, riverton):
    months = [*YEAR[:5], *YEAR[6:]]
    counted = count_tickets(checked(monthly(months, caller="x")), riverton)
    assert missing(counted, "repeat_complaints") == [*YEAR[:3], *YEAR[6:9]]


def test_a_new_source_starts_without_a_past(checked, riverton):
    """Catches fewer repeats after a change of system, in which callers have other names."""
    study = with_sources(
        riverton, hotline={"last_period": "2022-06"}, app={"first_period": "2022-07"}
    )
    rows = monthly(YEAR[:6], caller="x") + monthly(YEAR[6:], caller="x", source="app")
    counted = count_tickets(checked(rows), study)
    assert missing(counted, "repeat_complaints") == [*YEAR[:3], *YEAR[6:9]]


def test_a_column_that_one_years_files_lack_is_missing(checked, riverton):
    """Catches satisfaction of 0 in files that had no such column: it is optional."""
    asked = {"responded": True, "resolved": True}
    rows = monthly(YEAR[:4], **asked) + monthly(YEAR[4:], **ANSWERED)
    counted = count_tickets(checked(rows), riverton)
    assert missing(counted, "satisfied") == YEAR[:4]
    assert missing(counted, "resolved") == missing(counted, "surveyed") == []


def test_where_nobody_was_surveyed_nobody_was_satisfied(checked, riverton):
    """Catches an explicit nought that is taken for a missing question."""
    counted = count_tickets(checked(monthly(YEAR[:6]) + monthly(YEAR[6:], **ANSWERED)), riverton)
    assert missing(counted, "resolved") == []
    table = counted.tables["tickets"].set_index("period")
    assert table.loc["2022-01", ["surveyed", "responded", "satisfied"]].tolist() == [0, 0, 0]


def test_an_answer_is_known_if_all_who_survey_ask_for_it(checked, riverton):
    """Catches satisfaction as a share of call-backs of which some never asked for it."""
    study = with_sources(riverton, hotline={}, app=without(riverton, "satisfied"))
    asked = {"responded": True, "resolved": True, "source": "app"}
    rows = monthly(YEAR, **ANSWERED) + monthly(YEAR[:6], **asked) + monthly(YEAR[6:], source="app")
    counted = count_tickets(checked(rows), study)
    assert missing(counted, "satisfied") == YEAR[:6]
    assert missing(counted, "surveyed") == []


def test_a_deadline_of_one_source_is_enough(checked, riverton):
    """A case of the other has none, which is true; handling times and callers need them all."""
    study = with_sources(
        riverton,
        hotline={},
        app=without(riverton, "due", "closed", "caller") | {"first_period": "2022-07"},
    )
    rows = monthly(YEAR, due="2022-12-31", caller="x")
    rows += monthly(YEAR[6:], source="app", closed=None)
    counted = count_tickets(checked(rows), study)
    assert missing(counted, "with_deadline") == missing(counted, "on_time") == []
    assert missing(counted, "median_days") == YEAR[6:]
    assert missing(counted, "repeat_complaints") == [*YEAR[:3], *YEAR[6:]]


def test_on_time_needs_to_know_when_cases_were_closed(checked, riverton):
    study = with_sources(riverton, hotline={}, app=without(riverton, "closed"))
    rows = monthly(YEAR, due="2022-12-31") + monthly(YEAR, due="2022-12-31", source="app")
    counted = count_tickets(checked(rows), study)
    assert missing(counted, "with_deadline") == []
    assert missing(counted, "on_time") == YEAR


def test_every_missing_value_is_named(checked, riverton):
    """Catches a month that is missing in a table and not in the account of it."""
    study = replace(riverton, tickets=replace(riverton.tickets, extracted="2022-12-15"))
    rows = monthly(YEAR[:4], responded=True, resolved=True, caller="x")
    counted = count_tickets(checked(rows + monthly(YEAR[4:], **ANSWERED)), study)
    table = counted.tables["tickets"]
    for column in table.columns.drop(["unit", "district", "period"]):
        named = [m for left in counted.left_out if column in left.columns for m in left.months]
        assert sorted(named) == missing(counted, column), column


def test_months_are_told_as_stretches():
    left = LeftOut("why", ("2022-11", "2022-12", "2023-01", "2023-03", "2023-05"), ("a", "b"))
    assert str(left) == "a, b, 2022-11 to 2023-01, 2023-03 and 2023-05: why"
    assert months_in_words([]) == ""
    assert pd.Period("2022-12", "M") + 1 == pd.Period("2023-01", "M")


def test_where_a_source_does_not_tell_staff_their_cases_are_missing_not_none(checked, riverton):
    """Catches a city that moved to a system without staff's channel and seems to do nothing."""
    app = without(riverton) | {"first_period": "2022-07", "tells_staff": False}
    study = with_sources(riverton, hotline={}, app=app)
    rows = monthly(YEAR) + monthly(YEAR[6:], source="app")
    counted = count_tickets(checked(rows), study)
    assert missing(counted, "proactive_cases") == YEAR[6:]
    assert missing(counted, "complaints") == []
