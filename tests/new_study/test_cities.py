"""New studies of samples in the shapes that cities publish, with invented rows."""

from __future__ import annotations

import datetime
import json

import pytest

BEGIN = datetime.datetime(2023, 1, 2, 9, 30, 15)
DAYS = 400


def named(headers: str) -> list[str]:
    return [header.strip() for header in headers.split(",")]


# Header -> what stands in row n, by city; other headers are empty.
ID = "id"
OPENED, CLOSED, DUE = "opened", "closed", "due"

BOSTON_1 = named(
    "CASE_ENQUIRY_ID, OPEN_DT, TARGET_DT, CLOSED_DT, OnTime_Status, CASE_STATUS, "
    "CLOSURE_REASON, CASE_TITLE, SUBJECT, REASON, TYPE, QUEUE, Department, SubmittedPhoto, "
    "ClosedPhoto, Location, neighborhood, neighborhood_services_district, ward, precinct, "
    "fire_district, LOCATION_STREET_NAME, LOCATION_ZIPCODE, LATITUDE, LONGITUDE, Source"
)
BOSTON_2 = [header.lower() for header in BOSTON_1]
BOSTON_2[4] = "ontime"
BOSTON_3 = ["_id", *BOSTON_2, "geom_4326"]
BOSTON_3[3], BOSTON_3[5] = "sla_target_dt", "on_time"
BOSTON_4 = named(
    "case_id, open_date, target_close_date, close_date, on_time, case_status, closure_reason, "
    "closure_comments, case_topic, service_name, assigned_department, assigned_team, "
    "full_address, street_number, street_name, zip_code, neighborhood, public_works_district, "
    "ward, precinct, longitude, latitude, report_source"
)
NEW_YORK = named(
    "unique_key, created_date, closed_date, agency, agency_name, complaint_type, descriptor, "
    "location_type, incident_zip, incident_address, street_name, city, status, due_date, "
    "resolution_description, resolution_action_updated_date, community_board, bbl, borough, "
    "open_data_channel_type, latitude, longitude, location, council_district"
)
CHICAGO = named(
    "sr_number, sr_type, sr_short_code, created_department, owner_department, status, origin, "
    "created_date, last_modified_date, closed_date, street_address, city, state, zip_code, "
    "street_name, duplicate, legacy_record, parent_sr_number, community_area, ward, "
    "police_district, latitude, longitude, location"
)
SAN_FRANCISCO = named(
    "service_request_id, requested_datetime, closed_date, updated_datetime, "
    "status_description, status_notes, agency_responsible, service_name, service_subtype, "
    "service_details, address, street, supervisor_district, neighborhoods_sffind_boundaries, "
    "police_district, lat, long, point, source"
)
KANSAS_CITY = named(
    "reported_issue, workorder_, current_status, open_date_time, resolved_date, last_updated, "
    "days_to_close, report_source, source_category, issue_type, issue_sub_type, "
    "department_work_group, incident_address, council_district, latitude, longitude, lat_long"
)
KANSAS_CITY_OLD = named(
    "CASE ID, SOURCE, DEPARTMENT, WORK GROUP, REQUEST TYPE, CATEGORY, TYPE, DETAIL, CREATION "
    "DATE, CREATION TIME, STATUS, EXCEEDED EST TIMEFRAME, CLOSED DATE, STREET ADDRESS, "
    "NEIGHBORHOOD, COUNCIL DISTRICT, LATITUDE, LONGITUDE, CASE URL"
)
BALTIMORE = named(
    "SRRecordID, SRType, SRStatus, CreatedDate, CloseDate, Neighborhood, Latitude, Longitude, "
    "Address"
)
PINGSHAN = named(
    "REC_ID, REPORT_NUM, CREATE_TIME, DISTRICT_NAME, DISTRICT_ID, STREET_NAME, STREET_ID, "
    "COMMUNITY_NAME, EVENT_TYPE_NAME, MAIN_TYPE_NAME, SUB_TYPE_NAME, DISPOSE_UNIT_NAME, "
    "EVENT_SRC_NAME, OCCUR_PLACE"
)


def rows_of(headers, form, **columns):
    """400 rows, one a day: times in that format, and values that take turns."""
    rows = []
    for n in range(DAYS):
        opened = BEGIN + datetime.timedelta(days=n, hours=n % 13)
        times = {
            OPENED: opened,
            CLOSED: opened + datetime.timedelta(days=2),
            DUE: opened + datetime.timedelta(days=5),
        }

        def cell(header, n=n, times=times):
            given = columns.get(header, "")
            if given == ID:
                return f"C-{n:04d}"
            if isinstance(given, list):
                return given[n % len(given)]
            if given in times:
                return times[given].strftime(form)
            return given

        rows.append([cell(header) for header in headers])
    return rows


AREAS = ["Northside", "Southside", "Eastside", "Westside"]
US = "%m/%d/%Y %I:%M:%S %p"
ISO = "%Y-%m-%d %H:%M:%S"

CASES = {
    "boston_1": (BOSTON_1, US, {
        "CASE_ENQUIRY_ID": ID, "OPEN_DT": OPENED, "TARGET_DT": DUE, "CLOSED_DT": CLOSED,
        "OnTime_Status": ["ONTIME", "OVERDUE"], "CASE_STATUS": ["Closed", "Open"],
        "SUBJECT": ["Works"], "REASON": ["Roads", "Trees"], "TYPE": ["Pothole", "Sign", "Tree"],
        "neighborhood": AREAS, "Source": ["Constituent Call", "City Worker App"],
    }, {"id": "CASE_ENQUIRY_ID", "opened": "OPEN_DT", "due": "TARGET_DT", "street": "neighborhood",
        "category_3": "TYPE", "channel": "Source", "on_time": "OnTime_Status"}),
    "boston_4": (BOSTON_4, "%Y-%m-%d %H:%M:%S+00", {
        "case_id": ID, "open_date": OPENED, "target_close_date": DUE, "close_date": CLOSED,
        "on_time": ["ONTIME", "OVERDUE"], "case_status": ["In progress", "Closed"],
        "case_topic": ["Roads", "Trees"], "service_name": ["Pothole", "Sign"],
        "neighborhood": AREAS, "report_source": ["Constituent Call", "Employee Generated"],
    }, {"id": "case_id", "opened": "open_date", "due": "target_close_date",
        "closed": "close_date", "channel": "report_source"}),
    "new_york": (NEW_YORK, "%Y-%m-%dT%H:%M:%S.000", {
        "unique_key": ID, "created_date": OPENED, "closed_date": CLOSED, "due_date": "",
        "complaint_type": ["Noise", "Heat"], "descriptor": ["Loud Music", "No Heat"],
        "status": ["Closed", "Open"], "community_board": ["01 X", "02 X", "01 Y"],
        "borough": ["X", "X", "Y"], "open_data_channel_type": ["PHONE", "ONLINE", "MOBILE"],
    }, {"id": "unique_key", "street": "community_board", "district": "borough",
        "category_1": "complaint_type", "category_2": "descriptor",
        "channel": "open_data_channel_type"}),
    "chicago": (CHICAGO, "%Y-%m-%dT%H:%M:%S.000", {
        "sr_number": ID, "sr_type": ["Pothole", "311 INFORMATION ONLY CALL"],
        "status": ["Completed", "Open", "Canceled"], "created_date": OPENED,
        "last_modified_date": CLOSED, "closed_date": CLOSED, "community_area": ["1", "2", "3"],
        "ward": ["7", "8"], "origin": ["Phone Call", "Generated In House", "Internet"],
        "street_name": [f"S {n} ST" for n in range(300)],
    }, {"id": "sr_number", "street": "community_area", "category_1": "sr_type",
        "updated": "last_modified_date", "channel": "origin"}),
    "san_francisco": (SAN_FRANCISCO, "%Y-%m-%dT%H:%M:%S.000", {
        "service_request_id": ID, "requested_datetime": OPENED, "closed_date": CLOSED,
        "updated_datetime": CLOSED, "status_description": ["Closed", "Open"],
        "service_name": ["Graffiti", "Cleaning"], "service_subtype": ["a", "b", "c"],
        "supervisor_district": ["1", "2"], "neighborhoods_sffind_boundaries": AREAS,
        "street": [f"ROAD {n}" for n in range(300)],
        "source": ["Mobile/Open311", "Phone", "Integrated Agency", "Other Department"],
    }, {"id": "service_request_id", "opened": "requested_datetime",
        "street": "neighborhoods_sffind_boundaries", "district": "supervisor_district",
        "channel": "source"}),
    "kansas_city": (KANSAS_CITY, "%Y-%m-%dT%H:%M:%S.000", {
        "reported_issue": ID, "current_status": ["resolved", "new", "canceled"],
        "open_date_time": OPENED, "resolved_date": CLOSED, "last_updated": CLOSED,
        "report_source": ["iOS", "Phone Answered"], "issue_type": ["Trash", "Trees"],
        "issue_sub_type": ["a", "b", "c"], "council_district": ["1", "2", "3"],
        "source_category": ["Public (External)", "Employee (Internal)"],
    }, {"id": "reported_issue", "channel": "source_category", "district": "council_district",
        "category_1": "issue_type", "category_2": "issue_sub_type", "closed": "resolved_date"}),
    "kansas_city_old": (KANSAS_CITY_OLD, "%m/%d/%Y", {
        "CASE ID": ID, "SOURCE": ["PHONE", "INSPE", "SYS"], "CATEGORY": ["Trash", "Trees"],
        "TYPE": ["a", "b", "c"], "DETAIL": ["d", "e"], "CREATION DATE": OPENED,
        "CREATION TIME": "08:00 AM", "STATUS": ["RESOL", "OPEN", "CANC", "DUP"],
        "EXCEEDED EST TIMEFRAME": ["N", "Y"], "CLOSED DATE": CLOSED, "NEIGHBORHOOD": AREAS,
    }, {"id": "CASE ID", "opened": "CREATION DATE", "closed": "CLOSED DATE", "channel": "SOURCE",
        "street": "NEIGHBORHOOD", "on_time": "EXCEEDED EST TIMEFRAME"}),
    "baltimore": (BALTIMORE, ISO, {
        "SRRecordID": ID, "CreatedDate": OPENED, "CloseDate": CLOSED, "Neighborhood": AREAS,
        "SRType": ["SW-Dirty Alley", "SW-Dirty Alley Proactive", "SW-Rat Rubout"],
        "SRStatus": ["Closed", "Closed (Duplicate)", "Closed (Transferred)"],
    }, {"id": "SRRecordID", "opened": "CreatedDate", "category_1": "SRType",
        "status": "SRStatus", "street": "Neighborhood"}),
    "pingshan": (PINGSHAN, "%Y/%m/%d %H:%M", {
        "REC_ID": ID, "CREATE_TIME": OPENED, "DISTRICT_NAME": ["坪山区"],
        "STREET_NAME": ["甲街道", "乙街道"], "EVENT_TYPE_NAME": ["投诉", "咨询"],
        "MAIN_TYPE_NAME": ["环境", "交通"], "SUB_TYPE_NAME": ["噪音", "垃圾", "停车"],
        "EVENT_SRC_NAME": ["电话", "网格巡查"],
    }, {"id": "REC_ID", "opened": "CREATE_TIME", "street": "STREET_NAME",
        "district": "DISTRICT_NAME", "category_1": "EVENT_TYPE_NAME",
        "category_3": "SUB_TYPE_NAME", "channel": "EVENT_SRC_NAME"}),
}  # fmt: skip


@pytest.fixture
def made(request, propose, write_csv):
    headers, form, columns, expected = CASES[request.param]
    path = write_csv(f"{request.param}.csv", headers, rows_of(headers, form, **columns))
    study, proposal, text = propose([path], zone="America/New_York", place="Somewhere")
    return request.param, study, proposal, text, expected


@pytest.mark.parametrize("made", CASES, indirect=True)
def test_columns_of_the_city_are_found(made):
    """Would catch a synonym that is lost, or a street of an address taken for a unit."""
    _, study, _, _, expected = made
    headers = study.tickets.source[0].headers
    assert {column: headers.get(column) for column in expected} == {
        column: (header,) for column, header in expected.items()
    }


@pytest.mark.parametrize("made", ["baltimore"], indirect=True)
def test_proactive_categories_join_their_pair(made):
    """Would catch Baltimore's staff cases counted as complaints of a category of their own."""
    tickets = made[1].tickets
    assert (tickets.initiator.column, tickets.initiator.otherwise) == ("channel", "resident")
    # The recoded category no longer tells staff's cases, so the channel keeps what it was.
    assert tickets.source[0].headers["channel"] == ("SRType",)
    assert tickets.initiator.proactive == ("SW-Dirty Alley Proactive",)
    assert tickets.recode == {"category_1": {"SW-Dirty Alley Proactive": "SW-Dirty Alley"}}
    assert tickets.status.void == ("Closed (Transferred)",)
    assert [flag.action for flag in tickets.flag] == ["duplicate"]


@pytest.mark.parametrize("made", ["kansas_city_old"], indirect=True)
def test_a_mark_of_lateness_is_turned_round(made):
    """Would catch late cases counted as on time."""
    tickets = made[1].tickets
    assert (tickets.on_time.yes, tickets.on_time.no) == (("N",), ("Y",))
    assert tickets.initiator.proactive == ("INSPE",)
    assert tickets.source[0].times == ("%m/%d/%Y %I:%M %p", "%m/%d/%Y")
    assert tickets.source[0].times_of_day == {"opened": ("CREATION TIME",)}


@pytest.mark.parametrize("made", ["boston_4"], indirect=True)
def test_a_clock_in_utc_is_seen(made):
    """Would catch moments of UTC taken for the city's wall clock."""
    assert made[1].tickets.source[0].clock == "utc"
    assert made[1].tickets.source[0].times == ("iso",)


@pytest.mark.parametrize("made", ["chicago"], indirect=True)
def test_calls_for_information_are_consultations(made):
    """Would catch calls for information counted as complaints."""
    flags = made[1].tickets.flag
    assert [(f.action, f.equals) for f in flags] == [
        ("consultation", ("311 INFORMATION ONLY CALL",))
    ]


def test_headers_that_changed_stand_together(propose, write_csv):
    """Would catch Boston's vintages taken for different columns."""
    first, form, columns, _ = CASES["boston_1"]
    lower = {header.lower(): given for header, given in columns.items()}
    third = lower | {"sla_target_dt": DUE, "on_time": ["ONTIME"], "Source": columns["Source"]}
    second = lower | {"ontime": ["ONTIME"]}
    study, _, _ = propose(
        [
            write_csv("b2016.csv", first, rows_of(first, form, **columns)),
            write_csv("b2019.csv", BOSTON_2, rows_of(BOSTON_2, ISO, **second)),
            write_csv("b2024.csv", BOSTON_3, rows_of(BOSTON_3, ISO, **third)),
        ],
        zone="America/New_York",
    )
    source = study.tickets.source[0]
    assert source.files == "b*.csv"
    assert source.headers["opened"] == ("OPEN_DT", "open_dt")
    assert set(source.headers["due"]) == {"TARGET_DT", "target_dt", "sla_target_dt"}
    assert set(source.headers["on_time"]) == {"OnTime_Status", "ontime", "on_time"}
    assert set(source.times) == {"iso", "%m/%d/%Y %I:%M:%S %p"}
    assert source.optional == ()


def test_columns_of_some_files_are_optional(propose, write_csv):
    """Would catch a column that a later file lacks and whose absence would stop the ingest."""
    headers, form, columns, _ = CASES["boston_1"]
    fewer = [header for header in headers if header != "TARGET_DT"]
    study, _, _ = propose(
        [
            write_csv("b2016.csv", headers, rows_of(headers, form, **columns)),
            write_csv("b2017.csv", fewer, rows_of(fewer, form, **columns)),
        ],
        zone="America/New_York",
    )
    assert study.tickets.source[0].optional == ("due",)


def test_files_written_otherwise_are_another_source(propose, write_csv, tmp_path):
    """Would catch JSON lines read as csv, or both read from one folder."""
    headers, form, columns, _ = CASES["new_york"]
    rows = rows_of(headers, form, **columns)
    lines = [json.dumps(dict(zip(headers, row, strict=True))) for row in rows]
    later = tmp_path / "later.jsonl"
    later.write_text("\n".join(lines))
    study, _, _ = propose([write_csv("a.csv", headers, rows), later], zone="America/New_York")
    assert [(s.format, s.files) for s in study.tickets.source] == [
        ("csv", "tickets_1/a.csv"),
        ("json_lines", "tickets_2/later.jsonl"),
    ]
