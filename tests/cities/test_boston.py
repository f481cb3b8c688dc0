"""Boston: two systems, three vintages of headers, two clocks, one panel without a fake drop."""

import json

import pytest

LEGACY = {
    "case_enquiry_id": "101000000001",
    "open_dt": "2025-08-04 09:00:00",
    "sla_target_dt": None,
    "closed_dt": None,
    "on_time": "ONTIME",
    "case_status": "Open",
    "reason": "Street Cleaning",
    "type": "Requests for Street Cleaning",
    "neighborhood": "Roxbury",
    "source": "Constituent Call",
}
NEW = {
    "case_id": "BCS-00000001",
    "open_date": "2025-08-10 14:00:00+00",
    "target_close_date": None,
    "close_date": None,
    "on_time": "ONTIME",
    "case_status": "In progress",
    "case_topic": "Litter & Debris",
    "service_name": "Litter & Debris",
    "neighborhood": "Roxbury",
    "report_source": "BOS311",
}
CLEANING = "Requests for Street Cleaning"


def legacy(number, **cells):
    return {**LEGACY, "_id": number, "case_enquiry_id": f"1010000000{number:02}", **cells}


def new(number, **cells):
    return {**NEW, "_id": number, "case_id": f"BCS-000000{number:02}", **cells}


@pytest.fixture
def boston(city):
    return city("boston_tickets", first_period="2025-07", last_period="2025-10")


def test_a_type_that_moves_to_the_new_system_does_not_seem_to_stop(boston):
    # Three requests a month: all in the legacy system, some in each, all in the new one. Another
    # type goes on in the legacy system, as types do.
    boston.deliver(
        "legacy_2025",
        *(legacy(n, open_dt=f"2025-07-{10 + n} 09:00:00") for n in (1, 2, 3)),
        *(legacy(n, open_dt=f"2025-08-{10 + n} 09:00:00") for n in (4, 5)),
        *(legacy(n, open_dt=f"2025-{n}-05 09:00:00", type="Needle Pickup") for n in (9, 10)),
    )
    boston.deliver(
        "new_system",
        new(1, open_date="2025-08-20 14:00:00+00"),
        *(new(n, open_date=f"2025-09-{10 + n} 14:00:00+00") for n in (2, 3)),
        new(4, open_date="2025-09-20 14:00:00+00", service_name="Park Litter & Debris"),
        *(new(n, open_date=f"2025-10-{10 + n} 14:00:00+00") for n in (5, 6, 7)),
    )
    counts = boston.ingest()
    complaints = counts.by_category["complaints"]
    assert complaints.loc["Roxbury", CLEANING].tolist() == [3, 3, 3, 3]
    assert complaints.loc["Roxbury", "Needle Pickup"].tolist() == [0, 0, 1, 1]
    assert counts.by_unit.loc["Roxbury", "complaints"].tolist() == [3, 3, 4, 4]
    assert counts.set_aside == {}
    assert counts.done.kept == 14


def test_each_clock_is_brought_to_that_of_the_wall(boston):
    # Written 20:30 on 31 July, opened half past midnight in August: four hours early. Opened at
    # 03:30 UTC of 1 September, on the wall clock 23:30 of 31 August. In winter it is five hours.
    boston.deliver(
        "legacy_2025",
        legacy(1, open_dt="2025-07-31 19:59:59"),
        legacy(2, open_dt="2025-07-31 20:30:00"),
        legacy(3, open_dt="2025-09-10 12:00:00"),
        legacy(4, open_dt="2025-10-10T12:00:00", closed_dt="2025-11-20T12:00:00"),
    )
    boston.deliver(
        "new_system",
        new(1, open_date="2025-09-01T03:30:00Z"),
        new(2, open_date="2025-09-01 03:59:59.5+00"),
        new(3, open_date="2025-09-01 04:00:00+00"),
        new(4, open_date="2025-10-01T03:30:00"),
        new(5, open_date="2025-10-02 12:00:00+00"),
    )
    counts = boston.ingest()
    complaints = counts.by_unit["complaints"]
    assert complaints.loc["Roxbury"].to_dict() == {
        "2025-07": 1,
        "2025-08": 3,
        "2025-09": 3,
        "2025-10": 2,
    }
    cases = counts.cases
    assert str(cases.at["101000000002", "opened"]) == "2025-08-01 00:30:00"
    assert str(cases.at["101000000004", "closed"]) == "2025-11-20 17:00:00"
    assert str(cases.at["BCS-00000001", "opened"]) == "2025-08-31 23:30:00"
    assert str(cases.at["BCS-00000004", "opened"]) == "2025-09-30 23:30:00"


def test_files_with_the_older_headers_are_read_beside_the_newer(city):
    boston = city("boston_tickets", first_period="2023-12", last_period="2024-01")
    old = {"target_dt": "2023-12-20 08:00:00", "ontime": "OVERDUE"}
    kept = {
        name: value
        for name, value in LEGACY.items()
        if name not in ("sla_target_dt", "on_time", "case_enquiry_id")
    }
    boston.write(
        "legacy_2023/part-00001.jsonl.gz",
        json.dumps(
            {**kept, **old, "case_enquiry_id": "101000000001", "open_dt": "2023-12-18 08:00:00"}
        ),
    )
    boston.deliver("legacy_2024", legacy(2, open_dt="2024-01-08 08:00:00"))
    boston.deliver("new_system", new(1))
    table = boston.ingest().by_unit.loc["Roxbury"]
    assert table["complaints"].tolist() == [1, 1]
    assert table["with_deadline"].tolist() == [1, 0]
    assert table["on_time"].tolist() == [0, 0]


def test_who_opened_a_case_and_where_it_is(city):
    boston = city("boston_tickets", first_period="2019-05", last_period="2019-05")
    day = {"open_dt": "2019-05-06 09:00:00"}
    sources = ["Self Service", "Twitter", "City Worker App", "Employee Generated"]
    boston.deliver(
        "legacy_2019",
        *(legacy(n, source=source, **day) for n, source in enumerate(sources, start=1)),
        legacy(5, source="Maximo Integration", **day),
        legacy(6, neighborhood="Brighton", **day),
        legacy(7, neighborhood="Allston / Brighton", source="City Worker App", **day),
        legacy(8, neighborhood=" ", **day),
        legacy(9, neighborhood="Chestnut Hill", **day),
    )
    boston.deliver("new_system", new(1))
    counts = boston.ingest()
    table = counts.by_unit
    assert table.loc[("Roxbury", "2019-05"), ["complaints", "proactive_cases"]].tolist() == [2, 2]
    merged = table.loc[("Allston / Brighton", "2019-05")]
    assert merged[["complaints", "proactive_cases"]].tolist() == [1, 1]
    assert counts.set_aside == {"not a unit": 2, "outside the covered months": 1}
    assert len(table) == 2


def test_a_deadline_is_needed_to_be_on_time(boston):
    due, late = {"sla_target_dt": "2025-07-12 12:00:00"}, {"on_time": "OVERDUE"}
    months = [legacy(n, open_dt=f"2025-{n:02}-05 12:00:00") for n in (8, 9, 10)]
    boston.deliver(
        "legacy_2025",
        legacy(1, open_dt="2025-07-10 12:00:00"),
        legacy(2, open_dt="2025-07-10 12:00:00", **due),
        legacy(3, open_dt="2025-07-10 12:00:00", **due, **late),
        *months,
    )
    boston.deliver("new_system", *(new(n, open_date=f"2025-{n:02}-05 12:00:00Z") for n in (8, 9)))
    counts = boston.ingest()
    july = counts.by_unit.loc[("Roxbury", "2025-07")]
    assert july[["complaints", "with_deadline", "on_time"]].tolist() == [3, 2, 1]
    # The new system delivered nothing for October: the month is left out, not counted too low.
    assert "2025-10" not in counts.by_unit.loc["Roxbury"].index
    assert "source 'new_system'" in counts.done.left_out[0]


def test_the_two_systems_are_told_apart_by_no_shared_number(boston):
    boston.deliver(
        "legacy_2025",
        *(legacy(n, open_dt=f"2025-{n:02}-05 12:00:00") for n in (7, 8, 9, 10)),
        legacy(8, open_dt="2025-08-05 12:00:00", case_status="Closed"),
    )
    boston.deliver(
        "new_system", *(new(n, open_date=f"2025-{n:02}-05 12:00:00Z") for n in (8, 9, 10))
    )
    counts = boston.ingest()
    assert counts.done.kept == 7
    assert counts.set_aside == {"earlier version": 1}
    assert counts.cases.at["101000000008", "is_closed"]


def test_closing_texts_tell_tests_and_duplicates_if_they_are_downloaded(city):
    boston = city("boston_tickets", first_period="2019-05", last_period="2019-05")
    texts = ["Case Closed test case", "Case Closed Case Noted DUPLICATE of another", None]
    lines = [
        legacy(n, open_dt="2019-05-06 09:00:00", closure_reason=text)
        for n, text in enumerate(texts, start=1)
    ]
    dumps = json.dumps
    boston.write("legacy_2019/part-00001.jsonl.gz", "\n".join(map(dumps, lines)))
    boston.deliver("new_system", new(1))
    counts = boston.ingest()
    assert counts.set_aside == {"test_case": 1, "outside the covered months": 1}
    assert counts.cases["duplicate"].to_dict() == {"101000000002": True, "101000000003": False}
    assert counts.by_unit["complaints"].tolist() == [2]
