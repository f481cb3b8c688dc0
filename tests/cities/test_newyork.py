"""New York: two parts of one table, nobody told as staff, boards that are none."""

import pytest

OLDER = {
    "unique_key": "45000001",
    "created_date": "2019-12-10T08:15:00.000",
    "closed_date": "2019-12-12T08:15:00.000",
    "due_date": "2019-12-11T08:15:00.000",
    "status": "Closed",
    "agency": "HPD",
    "complaint_type": "HEAT/HOT WATER",
    "descriptor": "ENTIRE BUILDING",
    "community_board": "01 BRONX",
    "borough": "BRONX",
    "open_data_channel_type": "PHONE",
    "resolution_action_updated_date": "2019-12-12T08:15:00.000",
}
NEWER = {
    **OLDER,
    "unique_key": "46000001",
    "created_date": "2020-01-10T08:15:00.000",
    "closed_date": "2020-01-12T08:15:00.000",
    "due_date": None,
}


def older(number, **cells):
    return {**OLDER, "unique_key": f"450000{number:02}", **cells}


def newer(number, **cells):
    return {**NEWER, "unique_key": f"460000{number:02}", **cells}


@pytest.fixture
def counts(city):
    newyork = city("newyork", first_period="2019-12", last_period="2020-01")
    still_open = {"closed_date": None, "due_date": None}
    newyork.deliver(
        "from_2010_to_2019",
        older(1),
        older(2, due_date="2019-12-20T00:00:00.000", open_data_channel_type="ONLINE"),
        # The wall clock of New York as it is written: a minute before the new year.
        older(3, created_date="2019-12-31T23:59:00.000", **still_open, status="Assigned"),
        older(4, community_board="0 Unspecified"),
        older(5, community_board="64 MANHATTAN", borough="MANHATTAN"),
        older(6, status="Closed - Testing"),
        older(7, community_board="02 QUEENS", borough="QUEENS", complaint_type="Noise"),
    )
    newyork.deliver(
        "since_2020",
        newer(1),
        newer(2, created_date="2020-01-01T00:00:00.000", open_data_channel_type="UNKNOWN"),
        newer(3, status="A state that nobody listed"),
        newer(4, community_board="Unspecified BRONX"),
        # The last update of a case that is in both parts decides.
        older(1, status="Open", resolution_action_updated_date="2019-12-11T00:00:00.000"),
        older(2, closed_date=None, resolution_action_updated_date="2020-01-02T00:00:00.000"),
    )
    return newyork.ingest()


def test_both_parts_make_one_panel(counts):
    assert counts.by_unit["complaints"].to_dict() == {
        ("01 BRONX", "2019-12"): 2,
        ("01 BRONX", "2020-01"): 3,
        ("02 QUEENS", "2019-12"): 1,
        ("02 QUEENS", "2020-01"): 0,
    }
    assert counts.by_unit.loc["02 QUEENS", "district"].unique() == ["QUEENS"]
    assert counts.by_category.loc[("02 QUEENS", "Noise", "2019-12"), "complaints"] == 1


def test_every_row_that_does_not_count_is_told(counts):
    assert counts.set_aside == {
        "not a unit": 3,
        "void": 1,
        "earlier version": 2,
        # The later version of 45000002 stands in the part that begins in 2020.
        "outside the covered months": 1,
    }


def test_no_case_is_called_staffs(counts):
    assert counts.by_unit["proactive_cases"].sum() == 0
    assert set(counts.cases["initiator"]) == {"resident"}


def test_closing_and_deadline_decide_what_is_on_time(counts):
    december = counts.by_unit.loc[("01 BRONX", "2019-12")]
    assert december[["with_deadline", "on_time"]].tolist() == [1, 0]


def test_boards_adopt_in_the_month_that_the_users_table_says(city):
    newyork = city("newyork", first_period="2019-12", last_period="2020-01")
    newyork.deliver("from_2010_to_2019", older(1), older(2, community_board="02 BRONX"))
    newyork.deliver("since_2020", newer(1), newer(2, community_board="02 BRONX"))
    newyork.write("adoption.csv", "unit,district,adoption_period\n02 BRONX,BRONX,2020-01\n")
    for panel in newyork.panels().values():
        adopts = panel.set_index("unit")["adoption_period"]
        assert adopts["01 BRONX"].isna().all()
        assert set(adopts["02 BRONX"].astype("str")) == {"2020-01"}
