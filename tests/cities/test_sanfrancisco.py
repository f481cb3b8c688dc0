"""San Francisco: three initiators, and closings before the opening."""

import pytest

CASE = {
    "service_request_id": "17000001",
    "requested_datetime": "2024-06-05T09:00:00.000",
    "closed_date": "2024-06-07T09:00:00.000",
    "updated_datetime": "2024-06-07T09:00:00.000",
    "status_description": "Closed",
    "agency_responsible": "DPW Ops Queue",
    "service_name": "Street and Sidewalk Cleaning",
    "service_subtype": "Bulky Items",
    "supervisor_district": "9",
    "analysis_neighborhood": "Mission",
    "source": "Mobile/Open311",
}


def case(number, **cells):
    return {**CASE, "service_request_id": f"170000{number:02}", **cells}


@pytest.fixture
def counts(city):
    sanfrancisco = city(
        "sanfrancisco", first_period="2024-06", last_period="2024-07", quarantine_limit=1
    )
    sanfrancisco.deliver(
        "cases",
        case(1),
        case(2, source="Phone", closed_date="2024-06-04T09:00:00.000"),
        case(3, source="Other Department"),
        case(4, source="Integrated Agency"),
        case(5, analysis_neighborhood=None),
        case(6, requested_datetime="2024-06-30T23:30:00.000", closed_date=None),
        case(7, requested_datetime="2024-07-01T00:10:00.000", closed_date=None, source="Web"),
        case(1, status_description="Open", updated_datetime="2024-06-06T09:00:00.000"),
    )
    return sanfrancisco.ingest()


def test_initiators_and_months(counts):
    table = counts.by_unit[["complaints", "proactive_cases"]]
    assert table.loc[("Mission", "2024-06")].tolist() == [3, 1]
    assert table.loc[("Mission", "2024-07")].tolist() == [1, 0]
    assert counts.cases["initiator"].value_counts()["system"] == 1


def test_a_closing_before_the_opening_is_set_missing_and_the_case_counts(counts):
    assert counts.set_missing == {"closed": 1}
    assert counts.cases.at["17000002", "closed"] != counts.cases.at["17000002", "closed"]


def test_every_row_that_does_not_count_is_told(counts):
    # The version that was updated last counts, though it comes first in the file.
    assert counts.set_aside == {"not a unit": 1, "earlier version": 1}
    assert counts.cases.at["17000001", "status"] == "Closed"
