"""Baltimore: pairs of types come together in one category, and the type tells who opened a case."""

from datetime import UTC, datetime
from itertools import count

import pytest

NUMBERS = count(1)


def milliseconds(*moment):
    return int(datetime(*moment, tzinfo=UTC).timestamp() * 1000)


def request_of(service, **cells):
    number = next(NUMBERS)
    return {
        "RowID": number,
        "SRRecordID": f"5001w00000{number:04}",
        "SRType": service,
        "SRStatus": "Closed",
        "CreatedDate": milliseconds(2023, 5, 10, 15),
        "CloseDate": milliseconds(2023, 5, 12, 15),
        "DueDate": milliseconds(2023, 5, 20, 15),
        "Agency": "Solid Waste   ",
        "MethodReceived": "Phone",
        "Neighborhood": "Canton",
        **cells,
    }


@pytest.fixture
def counts(city):
    baltimore = city("baltimore", first_period="2023-05", last_period="2023-06")
    alley, proactive = "SW-Dirty Alley", "SW-Dirty Alley Proactive"
    baltimore.deliver(
        "year_2023",
        request_of(alley),
        request_of(alley, CloseDate=milliseconds(2023, 5, 21, 15)),
        request_of(proactive),
        request_of(proactive, SRStatus="New"),
        request_of("SW-Rat Rubout Proactive"),
        request_of("HCD-Illegal Dumping"),
        request_of(alley, SRStatus="Closed (Duplicate)"),
        request_of(proactive, SRStatus="Closed (Transferred)"),
        request_of(alley, Neighborhood=None),
    )
    # Half past three of 1 June in UTC is half past eleven of 31 May on the wall clock.
    still_open = {"CloseDate": None, "DueDate": milliseconds(2023, 6, 20, 15)}
    baltimore.deliver(
        "year_current",
        request_of(alley, CreatedDate=milliseconds(2023, 6, 1, 3, 30), **still_open),
        request_of(alley, CreatedDate=milliseconds(2023, 6, 1, 4), **still_open),
    )
    return baltimore.ingest()


def test_a_pair_is_one_category_with_both_initiators(counts):
    table = counts.by_category[["complaints", "proactive_cases"]].astype("int64")
    assert table.loc[("Canton", "SW-Dirty Alley")].to_numpy().tolist() == [[3, 2], [1, 0]]
    assert table.loc[("Canton", "SW-Rat Rubout", "2023-05")].tolist() == [0, 1]
    assert table.loc[("Canton", "HCD-Illegal Dumping", "2023-05")].tolist() == [1, 0]
    categories = table.index.get_level_values("category")
    assert not categories.str.contains("Proactive").any()


def test_the_type_as_published_is_kept_beside_the_category(counts):
    types = counts.cases.groupby("category")["category_2"].agg(set)
    assert types["SW-Dirty Alley"] == {"SW-Dirty Alley", "SW-Dirty Alley Proactive"}


def test_every_row_that_does_not_count_is_told(counts):
    assert counts.set_aside == {"duplicate": 1, "transferred": 1, "not a unit": 1}


def test_deadlines_of_residents_cases_only(counts):
    may = counts.by_unit.loc[("Canton", "2023-05")]
    assert may[["with_deadline", "on_time"]].tolist() == [4, 2]
