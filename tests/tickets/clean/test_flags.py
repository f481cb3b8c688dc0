"""Flags find what they name, whatever the case of its letters, and do what they say."""

from __future__ import annotations

from analysis.study.ticket_codes import Flag


def marks(row):
    return row["duplicate"], row["internal"], row["consultation"]


def test_each_action_has_its_own_mark(clean, ticket):
    rows = clean(
        ticket(),
        ticket(category_1="咨询"),
        ticket(category_1="内部事务"),
        ticket(duplicate_of="T1"),
        ticket(text="这是测试工单，请忽略"),
        ticket(text=None),
    )
    assert [marks(row) for row in rows] == [
        (False, False, False),
        (False, False, True),
        (False, True, False),
        (True, False, False),
        (False, False, False),
        (False, False, False),
    ]
    assert [row["reason"] for row in rows] == [None] * 4 + ["test_case", None]
    assert rows[4]["step"] == "flags"


def test_a_case_is_no_duplicate_of_itself(clean, ticket):
    [row] = clean(ticket(id="A", duplicate_of="A"))
    assert row["duplicate"] is False


def test_letters_count_the_same_in_upper_and_lower_case(clean, ticket, city):
    flag = Flag("trial", "drop", "text", "a trial", equals=("Straße",), contains=("TEST",))
    study = city(flag=(flag,))
    texts = ["a Test run", "straße", "Straßen", "tes t"]
    rows = clean(*(ticket(text=text) for text in texts), study=study)
    assert [row["reason"] for row in rows] == ["trial", "trial", None, None]


def test_a_flag_reads_answers_as_they_were_published(clean, ticket, city):
    flag = Flag("refused", "internal", "satisfied", "no call-back", equals=("未回访",))
    rows = clean(ticket(satisfied="未回访"), ticket(), study=city(flag=(flag,)))
    assert [row["internal"] for row in rows] == [True, False]


def test_signs_of_search_patterns_stand_for_themselves(clean, ticket, city):
    flag = Flag("rate", "drop", "text", "reason", contains=("100%_",))
    rows = clean(ticket(text="100 of x"), ticket(text="a 100%_ b"), study=city(flag=(flag,)))
    assert [row["reason"] for row in rows] == [None, "rate"]
