"""Chicago: calls for information are no cases, and the entry of a case tells who opened it."""

import pytest

REQUEST = {
    "sr_number": "SR24-00000001",
    "sr_type": "Pothole in Street Complaint",
    "sr_short_code": "PHF",
    "created_department": "311 City Services",
    "owner_department": "CDOT - Department of Transportation",
    "status": "Completed",
    "origin": "Phone Call",
    "created_date": "2024-03-05T09:00:00.000",
    "last_modified_date": "2024-03-15T09:00:00.000",
    "closed_date": "2024-03-15T09:00:00.000",
    "duplicate": False,
    "legacy_record": False,
    "community_area": "24",
    "ward": "1",
}


def request_of(number, **cells):
    return {**REQUEST, "sr_number": f"SR24-000000{number:02}", **cells}


@pytest.fixture
def counts(city):
    chicago = city("chicago", first_period="2024-03", last_period="2024-04")
    still_open = {"closed_date": None, "status": "Open"}
    chicago.deliver(
        "requests",
        request_of(1),
        request_of(2, origin="Internet", duplicate=True, parent_sr_number="SR24-00000001"),
        request_of(3, origin="Generated In House", created_department="Streets and Sanitation"),
        request_of(4, origin="Mass Entry"),
        request_of(5, sr_type="311 INFORMATION ONLY CALL"),
        request_of(6, status="Canceled"),
        request_of(7, community_area=None),
        request_of(8, created_date="2024-03-31T23:59:59.000", **still_open),
        request_of(9, created_date="2024-04-01T00:00:00", community_area="25", **still_open),
    )
    return chicago.ingest()


def test_initiators_and_months(counts):
    table = counts.by_unit[["complaints", "proactive_cases"]]
    assert table.loc[(24, "2024-03")].tolist() == [3, 2]
    assert table.loc[(24, "2024-04")].tolist() == [0, 0]
    assert table.loc[(25, "2024-04")].tolist() == [1, 0]


def test_a_duplicate_is_marked_and_counts(counts):
    assert counts.cases["duplicate"].sum() == 1
    assert counts.cases.at["SR24-00000002", "duplicate"]


def test_every_row_that_does_not_count_is_told(counts):
    assert counts.set_aside == {"information_only": 1, "void": 1, "not a unit": 1}


def test_handling_takes_ten_days_and_there_are_no_deadlines(counts):
    assert counts.by_unit.loc[(24, "2024-03"), "median_days"] == 10
    assert "with_deadline" not in counts.by_unit
