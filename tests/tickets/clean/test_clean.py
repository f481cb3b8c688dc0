"""Cleaning as a whole: no row is lost, none counts twice, and order does not matter."""

from __future__ import annotations

from datetime import datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.tickets.clean.clean import CHECKED_COLUMNS, clean_tickets
from analysis.tickets.clean.reasons import STEPS
from analysis.tickets.contract import ticket_columns

# Each example compiles and runs the whole of cleaning.
some = settings(max_examples=12, deadline=None)

MOMENTS = st.none() | st.integers(-40, 420).map(
    lambda day: datetime(2022, 1, 1) + timedelta(days=day)
)
CELLS = {
    "id": st.none() | st.sampled_from(["A", "B", "C", "D", "E"]),
    "file": st.sampled_from(["a.csv", "b.csv"]),
    "problem": st.sampled_from([None, None, None, "cells", "time:opened", "time:closed"]),
    "opened": MOMENTS,
    "updated": MOMENTS,
    "closed": MOMENTS,
    "due": MOMENTS,
    "street": st.sampled_from([None, "河东街道", "河東街道", "老街", "不详", "某街"]),
    "category_1": st.sampled_from([None, "环境卫生", "咨询", "内部事务"]),
    "channel": st.sampled_from([None, "电话", "巡查", "系统导入", "?"]),
    "status": st.sampled_from([None, "已办结", "办理中", "作废", "?"]),
    "satisfied": st.sampled_from([None, "满意", "一般", "未回访", "?"]),
    "text": st.sampled_from([None, "测试工单", "楼下"]),
}
TICKETS = st.lists(st.fixed_dictionaries(CELLS), min_size=1, max_size=12)
CROSSWALK = [("老街", "新街", "2022-06")]


@pytest.fixture(scope="session")
def known(references):
    return references({"河东街道": "东城", "新街": "西城"}, CROSSWALK)


def numbered(ticket, rows):
    return [ticket(**row, row=number) for number, row in enumerate(rows, start=2)]


def place(row):
    return row["file"], row["row"]


@pytest.mark.slow
@some
@given(TICKETS)
def test_every_landed_row_is_there_once_and_says_what_became_of_it(clean, ticket, known, rows):
    landed = numbered(ticket, rows)
    checked = clean(*landed, known=known)
    assert [place(row) for row in checked] == sorted(place(row) for row in landed)
    for row in checked:
        assert row["step"] in (None, *STEPS)
        assert (row["step"] is None) == (row["reason"] is None)
        if row["step"] is None:
            assert None not in (row["id"], row["unit"], row["period"], row["initiator"])
            assert row["closed"] is None or row["closed"] >= row["opened"]


@pytest.mark.slow
@some
@given(TICKETS)
def test_one_row_of_each_case_is_its_latest_version(clean, ticket, known, rows):
    checked = clean(*numbered(ticket, rows), known=known)
    identified = [row for row in checked if row["step"] not in ("read", "identify")]
    latest = [row["id"] for row in identified if row["step"] != "versions"]
    assert sorted(latest) == sorted({row["id"] for row in identified})


@pytest.mark.slow
@some
@given(TICKETS, st.randoms(use_true_random=False))
def test_the_order_of_rows_is_nothing(clean, ticket, known, rows, random):
    landed = numbered(ticket, rows)
    shuffled = random.sample(landed, len(landed))
    assert clean(*landed, known=known) == clean(*shuffled, known=known)


@pytest.mark.slow
@some
@given(TICKETS)
def test_kept_rows_are_kept_as_they_are_when_cleaned_again(clean, ticket, known, rows):
    landed = numbered(ticket, rows)
    kept = [row for row in clean(*landed, known=known) if row["step"] is None]
    places = {place(row) for row in kept}
    again = clean(*(row for row in landed if place(row) in places), known=known)
    assert again == kept


def test_the_number_of_files_read_is_nothing(land, ticket, riverton, known, tmp_path):
    import ibis
    import pyarrow.parquet as pq

    rows = [ticket(id=f"T{n % 4}", row=n, updated=None) for n in range(2, 12)]
    whole = land(riverton, rows).to_pyarrow()
    pq.write_table(whole, tmp_path / "whole.parquet")
    for part in range(3):
        rest = whole.filter(pa.array([n % 3 == part for n in range(10)]))
        pq.write_table(rest, tmp_path / f"part_{part}.parquet")
    engine = ibis.duckdb.connect()
    results = [
        clean_tickets(engine.read_parquet(str(tmp_path / name)), riverton, known)
        .order_by("row")
        .to_pyarrow()
        for name in ("whole.parquet", "part_*.parquet")
    ]
    assert results[0].equals(results[1])


def test_the_checked_table_has_the_declared_columns(land, ticket, riverton, known):
    checked = clean_tickets(land(riverton, [ticket()]), riverton, known)
    answers = ("on_time", "responded", "resolved", "satisfied")
    kept = [
        name
        for name in ticket_columns()
        if name in riverton.tickets.columns and name not in answers
    ]
    assert checked.columns == ("source", "file", "row", *kept, *CHECKED_COLUMNS)
    types = {name: str(kind) for name, kind in checked.schema().items()}
    assert types["period"] == "date"
    assert {types[name] for name in answers} == {"boolean"}
    assert {types[name] for name in ("step", "reason", "unset", "changed")} == {"string"}


def test_months_are_those_of_the_citys_wall_clock(clean, ticket):
    ends = [datetime(2022, 3, 31, 23, 59, 59), datetime(2022, 4, 1)]
    rows = clean(*(ticket(opened=opened, closed=None, due=None) for opened in ends))
    assert [row["period"].isoformat() for row in rows] == ["2022-03-01", "2022-04-01"]
