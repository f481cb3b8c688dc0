"""Kansas City: two systems with other columns, codes and clocks make one series by district."""

import pytest

OLDER = {
    ":id": "row-aaaa.bbbb.cccc",
    "case_id": "2021000001",
    "source": "PHONE",
    "department": "NHS",
    "category": "Trash / Recycling",
    "type": "All",
    "creation_date": "2021-02-10T00:00:00.000",
    "creation_time": "11:45 PM",
    "status": "RESOL",
    "exceeded_est_timeframe": "N",
    "closed_date": "2021-02-12T00:00:00.000",
    "days_to_close": "2",
    "neighborhood": "Waldo",
    "council_district": "6",
}
NEWER = {
    ":id": "row-dddd.eeee.ffff",
    "reported_issue": "1000001",
    "current_status": "resolved",
    "open_date_time": "2021-03-10T23:45:00.000",
    "resolved_date": "2021-03-12T11:45:00.000",
    "last_updated": "2021-03-12T11:45:00.000",
    "report_source": "Phone Answered",
    "source_category": "Public (External)",
    "issue_type": "Trash Collection",
    "council_district": "6",
}


def older(number, **cells):
    return {**OLDER, "case_id": f"20210000{number:02}", **cells}


def newer(number, **cells):
    return {**NEWER, "reported_issue": f"10000{number:02}", **cells}


@pytest.fixture
def counts(city):
    kansascity = city("kansascity", first_period="2021-02", last_period="2021-04")
    still_open = {"resolved_date": None, "current_status": "Assigned"}
    kansascity.deliver(
        "from_2007_to_2021",
        older(1),
        older(2, source="WEB", creation_date="2021-02-28T00:00:00.000", closed_date=None),
        older(3, source="INSPE"),
        older(4, source="SYS"),
        older(5, status="CANC"),
        older(6, status="DUP"),
        older(7, creation_date="2021-03-01T00:00:00.000", closed_date=None),
        older(8, council_district=None),
    )
    kansascity.deliver(
        "since_2021",
        newer(1),
        newer(2, open_date_time="2021-03-31T23:59:00.000", **still_open),
        newer(3, source_category="Employee (Internal)", current_status="CLOSED"),
        newer(4, current_status="Canceled"),
        newer(5, open_date_time="2021-04-01T00:01:00.000", council_district="1", **still_open),
        newer(1, workorder_="W-2", last_updated="2021-03-11T00:00:00.000"),
    )
    return kansascity.ingest()


def test_both_systems_make_one_series(counts):
    table = counts.by_unit[["complaints", "proactive_cases"]].astype("int64")
    assert table.loc[6].to_numpy().tolist() == [[3, 1], [2, 1], [0, 0]]
    assert table.loc[1].to_numpy().tolist() == [[0, 0], [0, 0], [1, 0]]
    assert counts.cases["initiator"].value_counts()["system"] == 1


def test_only_the_date_of_the_older_system_is_used(counts):
    cases = counts.cases
    assert str(cases.at["2021000001", "opened"]) == "2021-02-10 00:00:00"
    assert str(cases.at["1000001", "opened"]) == "2021-03-10 23:45:00"
    # Of the complaints of February two were closed after 2 days, one is open.
    assert counts.by_unit.loc[(6, "2021-02"), "median_days"] == 2


def test_every_row_that_does_not_count_is_told(counts):
    assert counts.set_aside == {
        "cancelled": 2,
        "outside the covered months": 1,
        "not a unit": 1,
        "earlier version": 1,
    }
    assert counts.cases["duplicate"].sum() == 1


def test_states_are_read_whatever_their_case(counts):
    closed = counts.cases["is_closed"]
    assert closed[["1000001", "1000003", "2021000006"]].all()
    assert not closed[["1000002", "1000005"]].any()
