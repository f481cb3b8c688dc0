"""A new study of 300 invented tickets of a Chinese hotline in GB18030."""

from __future__ import annotations

import pytest


@pytest.fixture
def made(propose, write_csv, chinese_headers, chinese_rows):
    path = write_csv("工单2022.csv", chinese_headers, chinese_rows, encoding="gb18030")
    return propose([path], title="Riverton", title_zh="河屯")


def test_each_header_is_mapped(made):
    """Would catch a usual header of a 12345 export that is taken for another column, or missed."""
    source = made[0].tickets.source[0]
    assert source.headers == {
        "id": ("工单编号",),
        "opened": ("受理时间",),
        "dispatched": ("派单时间",),
        "closed": ("办结时间",),
        "due": ("办理时限",),
        "district": ("所属区",),
        "street": ("街道（乡镇）",),
        "category_1": ("一级分类",),
        "category_2": ("二级分类",),
        "channel": ("诉求来源",),
        "caller": ("来电号码",),
        "status": ("办理状态",),
        "responded": ("是否响应",),
        "resolved": ("是否解决",),
        "satisfied": ("是否满意",),
    }


def test_how_the_file_is_read(made):
    """Would catch a wrong encoding, a wrong format of moments, or a pattern that finds no file."""
    source = made[0].tickets.source[0]
    assert (source.encoding, source.delimiter, source.times) == ("gb18030", ",", ("iso",))
    assert source.files == "工单*.csv"
    assert made[0].tickets.zone == "Asia/Shanghai"


def test_codes_are_sorted(made):
    """Would catch staff's cases counted as residents', or a scale scored the wrong way round."""
    tickets = made[0].tickets
    assert set(tickets.initiator.resident) == {"电话", "微信"}
    assert set(tickets.initiator.proactive) == {"主动发现", "网格上报"}
    assert tickets.initiator.system == ("系统导入",)
    assert (tickets.status.open, tickets.status.closed) == (("办理中",), ("已办结",))
    assert tickets.resolved.yes == ("基本解决",)
    assert tickets.resolved.none == ("未回访",)
    assert tickets.satisfied.yes == ("满意",)
    assert set(tickets.satisfied.no) == {"一般", "非常不满意"}
    assert [(flag.action, flag.equals) for flag in tickets.flag] == [("consultation", ("咨询",))]


def test_panels_follow_from_the_columns(made):
    """Would catch a design without both initiators, or an outcome that is the same everywhere."""
    (street,) = made[0].level
    assert street.treatment == "dose"
    # In these rows nobody is late, nobody calls twice soon, and each street has one answer only to
    # whether cases are resolved.
    assert set(street.outcomes) == {"complaints", "satisfaction_rate"}
    assert "# samples: response_rate, resolution_rate, on_time_rate, repeat_share" in made[2]
    assert "# No panel by unit and category: a unit has about 0.83 complaints" in made[2]
    assert (made[0].first_period, made[0].last_period) == ("2022-01", "2023-12")


def test_districts_that_cut_across_streets_are_left_out(
    propose, write_csv, chinese_headers, chinese_rows
):
    """Would catch a unit that lies in two districts, whose rows in a panel would be two."""
    for number, row in enumerate(chinese_rows):
        row[5] = ("河东区", "河西区")[number // 6 % 2]
    study, _, text = propose([write_csv("a.csv", chinese_headers, chinese_rows)], place="Riverton")
    assert "district" not in study.tickets.source[0].headers
    assert study.tickets.source[0].constants == {"district": "Riverton"}
    assert "cut across" in text


def test_a_deadline_in_days_is_no_time(propose, write_csv, chinese_headers, chinese_rows):
    """Would catch a column called as one of times whose cells are not."""
    for row in chinese_rows:
        row[4] = "5个工作日"
    study, _, _ = propose([write_csv("a.csv", chinese_headers, chinese_rows)])
    assert "due" not in study.tickets.source[0].headers
    assert "on_time_rate" not in study.level[0].outcomes


def test_an_unknown_channel_is_loud(propose, write_csv, chinese_headers, chinese_rows):
    """Would catch a channel that is put anywhere without a word."""
    for row in chinese_rows[::10]:
        row[9] = "甲渠"
    study, proposal, text = propose([write_csv("a.csv", chinese_headers, chinese_rows)])
    assert "甲渠" in study.tickets.initiator.resident
    assert "NOT KNOWN" in text
    assert any(t.name == "tickets.initiator" and t.check for t in proposal.tables)


def test_without_staff_the_treatment_is_adoption(propose, write_csv, chinese_headers, chinese_rows):
    """Would catch a dose of cases that nobody can tell apart."""
    for row in chinese_rows:
        row[9] = "电话"
    study, _, text = propose([write_csv("a.csv", chinese_headers, chinese_rows)])
    assert {level.treatment for level in study.level} == {"adoption"}
    assert study.adoption.file == "adoption.csv"
    assert "unit,district,adoption_period" in text


@pytest.mark.parametrize(
    ("only_days", "proposed"),
    [
        (("办结时间",), ("closed",)),
        (("办结时间", "办理时限"), ("closed", "due")),
        (("受理时间", "办结时间", "办理时限"), ()),
        (("受理时间", "办理时限"), ("due",)),
    ],
)
def test_moments_that_are_only_days_count_to_their_end(
    propose, write_csv, chinese_headers, chinese_rows, only_days, proposed
):
    """Catches cases closed on their first day that seem closed before they were opened."""
    for row in chinese_rows:
        for header in only_days:
            place = chinese_headers.index(header)
            row[place] = row[place].split()[0]
    study, _, text = propose(
        [write_csv("a.csv", chinese_headers, chinese_rows, encoding="gb18030")]
    )
    assert study.tickets.source[0].whole_days == proposed
    assert ("they count to the end of the day" in text) == bool(proposed)
