"""A table with planted faults gives the account, the quarantine and the errors that it must."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from analysis.errors import DataError
from analysis.tickets.clean.account import ACCOUNT_COLUMNS, account
from analysis.tickets.clean.clean import clean_tickets
from analysis.tickets.clean.limits import check_limits
from analysis.tickets.clean.quarantine import QUARANTINE_COLUMNS, quarantine
from analysis.tickets.clean.references import NO_REFERENCES

FUTURE = datetime(2024, 1, 1)
# What is planted -> how often, and the step and reason that must answer for it.
PLANTED = [
    ({"problem": "cells"}, 3, "read", "cells"),
    ({"id": None}, 2, "identify", "no id"),
    ({"id": "T2", "updated": None}, 4, "versions", "earlier version"),
    ({"opened": FUTURE, "closed": None, "due": None}, 5, "validate", "opened in the future"),
    ({"channel": "传真"}, 12, "codes", "unknown initiator"),
    ({"channel": "13800138000"}, 1, "codes", "unknown initiator"),
    ({"status": "作废"}, 6, "codes", "void"),
    ({"text": "测试工单"}, 7, "flags", "test_case"),
    ({"street": "不详"}, 8, "places", "not a unit"),
    ({"street": None}, 9, "places", "no unit"),
]
UNSET = [
    ({"closed": datetime(2020, 1, 1)}, 10, "closed"),
    ({"satisfied": "满 意"}, 11, "satisfied"),
]
SOUND = 40


@pytest.fixture(scope="module")
def landed(land, ticket, riverton):
    rows = [ticket() for _ in range(SOUND)]
    for differences, times, *_ in [*PLANTED, *UNSET]:
        rows += [ticket(**differences) for _ in range(times)]
    return land(riverton, rows)


@pytest.fixture(scope="module")
def checked(landed, riverton):
    import ibis

    # Computed once, as an engine would have written it.
    return ibis.memtable(clean_tickets(landed, riverton, NO_REFERENCES).to_pyarrow())


def planted_rows():
    counts = {}
    for _, times, step, reason in PLANTED:
        counts[step, reason] = counts.get((step, reason), 0) + times
    return counts


def test_the_account_names_what_was_planted_and_nothing_else(checked):
    table = account(checked)
    assert list(table.columns) == list(ACCOUNT_COLUMNS)
    aside = table[table["action"] == "row set aside"]
    found = aside.set_index(["step", "reason"])["rows"].to_dict()
    assert found == planted_rows()
    cells = table[table["action"] == "cell set missing"].set_index("column")["rows"]
    assert cells.to_dict() == {column: times for _, times, column in UNSET}


def test_rows_add_up_from_step_to_step(checked):
    steps = account(checked).drop_duplicates("step")
    total = SOUND + sum(times for _, times, *_ in [*PLANTED, *UNSET])
    assert steps["rows_in"].iloc[0] == total
    assert list(steps["rows_in"].iloc[1:]) == list(steps["rows_out"].iloc[:-1])
    assert steps["rows_out"].iloc[-1] == total - sum(planted_rows().values())


def test_foreseen_reasons_are_told_from_the_others(checked):
    table = account(checked)
    foreseen = set(table["reason"][table["foreseen"]]) - {""}
    assert foreseen == {"earlier version", "void", "test_case", "not a unit"}


def test_a_step_that_does_nothing_is_accounted_for(land, ticket, riverton):
    table = account(clean_tickets(land(riverton, [ticket()]), riverton, NO_REFERENCES))
    assert list(table["rows"]) == [0] * 7
    assert set(table["rows_in"]) == set(table["rows_out"]) == {1}


def test_examples_name_files_and_their_first_rows(land, ticket, riverton):
    rows = [ticket(file=f"{name}.csv", street=None, row=n) for name in "edcba" for n in (9, 7)]
    table = account(clean_tickets(land(riverton, rows), riverton, NO_REFERENCES))
    [places] = table["places"][table["reason"] == "no unit"]
    # Of each file's two rows the ids differ only by file; all are cases of their own.
    assert places == "a.csv, row 7; b.csv, row 7; c.csv, row 7; and 2 more files"


def test_the_quarantine_lists_places_and_no_contents(checked):
    listed = quarantine(checked)
    assert listed.columns == QUARANTINE_COLUMNS
    rows = listed.to_pyarrow().to_pylist()
    assert len(rows) == sum(planted_rows().values()) + sum(times for _, times, _ in UNSET)
    cells = {(r["column"], r["step"], r["reason"]) for r in rows if r["column"]}
    assert cells == {
        ("closed", "validate", "cannot be read, or cannot be true"),
        ("satisfied", "codes", "unknown answer"),
    }
    assert "13800138000" not in str(rows)


@pytest.fixture(scope="module")
def refusal(checked, landed, riverton):
    with pytest.raises(DataError) as failure:
        check_limits(account(checked), checked, landed, riverton.tickets, NO_REFERENCES)
    return {
        re.split(r" in \d+ rows", problem.what)[0]: problem for problem in failure.value.problems
    }


def test_every_unforeseen_reason_over_the_limit_is_a_problem(refusal):
    assert sorted(refusal) == sorted(
        [
            "wrong number of cells",
            "no id",
            "opened in the future",
            "unknown initiator",
            "no unit",
            "cannot be read, or cannot be true in 'closed'",
            "unknown answer in 'satisfied'",
        ]
    )


def test_frequent_values_are_named_and_rare_ones_only_counted(refusal):
    problem = refusal["unknown initiator"]
    assert problem.what == (
        "unknown initiator in 13 rows of 'hotline': '传真' (12 rows), rarer than 10 times: 1"
    )
    assert problem.where == "hotline_2022.csv, row 56"
    assert "'tickets.initiator'" in problem.hint


def test_unknown_answers_come_with_the_nearest_known_one(refusal):
    problem = refusal["unknown answer in 'satisfied'"]
    assert "'满 意' (11 rows, did you mean '满意'?)" in problem.what
    assert "'tickets.satisfied'" in problem.hint


def test_within_the_limit_nothing_happens(checked, landed, city):
    check_limits(
        account(checked), checked, landed, city(quarantine_limit=0.5).tickets, NO_REFERENCES
    )


def test_the_limit_itself_may_be_reached(land, ticket, city):
    # Two of eight rows and a limit of a quarter; one more is too much.
    study = city(quarantine_limit=0.25)
    for wrong, sound, refused in ((2, 6, False), (3, 5, True)):
        rows = [ticket(street=None)] * wrong + [ticket()] * sound
        landed = land(study, rows)
        checked = clean_tickets(landed, study, NO_REFERENCES)
        try:
            check_limits(account(checked), checked, landed, study.tickets, NO_REFERENCES)
        except DataError:
            assert refused
        else:
            assert not refused


def test_unknown_units_are_compared_with_register_and_crosswalk(land, ticket, riverton, references):
    known = references({"河东街道": "东城"}, [("老街口", "河东街道", "2022-06")])
    landed = land(riverton, [ticket(street="老街囗")] * 10)
    checked = clean_tickets(landed, riverton, known)
    with pytest.raises(DataError, match="did you mean '老街口'"):
        check_limits(account(checked), checked, landed, riverton.tickets, known)
