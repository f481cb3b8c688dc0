"""The Chinese template: an export in GB18030, another by Pingshan's headers, nobody told."""

import pytest

HEADERS = [
    "工单编号", "受理时间", "派单时间", "办结时间", "办理时限", "区", "街道", "一级分类",
    "二级分类", "诉求来源", "来电号码", "来电人", "办理状态", "是否响应", "是否解决", "满意度",
    "诉求内容",
]  # fmt: skip
TICKET = {
    "工单编号": "GD001",
    "受理时间": "2019-02-11 09:30:00",
    "派单时间": "2019-02-11 10:00:00",
    "办结时间": "2019-02-13 09:30:00",
    "办理时限": "2019-02-18 09:30:00",
    "区": "东城区",
    "街道": "河东街道",
    "一级分类": "环境卫生",
    "二级分类": "垃圾清运",
    "诉求来源": "电话",
    "来电号码": "13812345678",
    "来电人": "诸葛测试",
    "办理状态": "已办结",
    "是否响应": "是",
    "是否解决": "是",
    "满意度": "基本满意",
    "诉求内容": "诸葛测试反映楼下垃圾，电话13812345678",
}
OPEN = {
    "派单时间": "",
    "办结时间": "",
    "办理时限": "",
    "办理状态": "办理中",
    "是否响应": "",
    "是否解决": "",
    "满意度": "",
    "来电号码": "13812345678",
}
REGISTER = """unit,district,population
河东街道,东城区,50000
新桥街道,东城区,40000
"""
CROSSWALK = """former_unit,unit,district,valid_from,event
老桥街道,新桥街道,东城区,2019-03,renamed
"""
PINGSHAN = """REC_ID,REPORT_NUM,CREATE_TIME,DISTRICT_NAME,STREET_NAME,EVENT_TYPE_NAME,\
MAIN_TYPE_NAME,SUB_TYPE_NAME,EVENT_SRC_NAME
P1,R1,2019/2/14 8:05,东城区,新桥街道,环境卫生,垃圾,清运,网格上报
P2,R2,2019-02-28 23:59:59,东城区,河东街道,环境卫生,垃圾,清运,微信
"""


def export(*tickets):
    lines = [",".join(HEADERS)]
    for number, cells in enumerate(tickets, start=1):
        ticket = {**TICKET, "工单编号": f"GD{number:03}", **cells}
        lines.append(",".join(ticket[header] for header in HEADERS))
    return "\r\n".join(lines) + "\r\n"


@pytest.fixture
def hotline(city):
    hotline = city("hotline_12345", first_period="2019-02", last_period="2019-06")
    hotline.write("register.csv", REGISTER)
    hotline.write("crosswalk.csv", CROSSWALK)
    return hotline


@pytest.fixture
def counts(hotline):
    asked_in_vain = {"是否响应": "未回访", "是否解决": "未回访", "满意度": "未回访"}
    tickets = export(
        {},
        {"满意度": "一般", "办结时间": "2019-02-20 09:30:00"},
        {"是否解决": "否", "满意度": "非常不满意", "来电号码": "13900000001"},
        {"受理时间": "2019/2/11 9:30", **asked_in_vain, "来电号码": "13900000002"},
        {"诉求来源": "巡查", **asked_in_vain},
        {"一级分类": "咨询", **asked_in_vain},
        {"一级分类": "测试工单"},
        {"办理状态": "作废"},
        {"街道": "不详"},
        {"街道": "老桥街道", "来电号码": "13900000003", **asked_in_vain},
        *({"受理时间": f"2019-0{month}-12 09:30:00", **OPEN} for month in (3, 4, 5, 6)),
    )
    hotline.write("tickets/2019.csv", tickets, "gb18030")
    return hotline.ingest()


def test_initiators_questions_and_what_does_not_count(counts):
    february = counts.by_unit.loc[("河东街道", "2019-02")]
    assert february[["complaints", "proactive_cases", "consultations"]].tolist() == [4, 1, 1]
    assert counts.set_aside == {"test": 1, "void": 1, "not a unit": 1}


def test_a_street_is_counted_under_its_present_name(counts):
    assert counts.by_unit.loc[("新桥街道", "2019-02"), "complaints"] == 1
    assert "老桥街道" not in counts.by_unit.index.get_level_values("unit")


def test_the_call_back_is_scored_on_five_points(counts):
    february = counts.by_unit.loc[("河东街道", "2019-02")]
    answers = ["surveyed", "responded", "resolved", "satisfied"]
    assert february[answers].tolist() == [3, 3, 2, 1]


def test_deadlines_and_days(counts):
    february = counts.by_unit.loc[("河东街道", "2019-02")]
    assert february[["with_deadline", "on_time"]].tolist() == [4, 3]
    # Closed after 2, 9, 2 and 2 days; of one the opening is written in another way.
    assert february["median_days"] == 2


def test_the_same_caller_and_category_within_90_days_is_a_repeat(counts):
    repeats = counts.by_unit["repeat_complaints"].loc["河东街道"]
    # 90 days before 1 May is 31 January, and nobody knows who called before February.
    assert repeats[["2019-02", "2019-03", "2019-04", "2019-05"]].isna().all()
    assert repeats["2019-06"] == 1


def test_nothing_personal_is_written_anywhere(counts, hotline):
    planted = ["诸葛测试", "13812345678", "13900000001"]
    written = [
        path
        for path in hotline.root.rglob("*")
        if path.is_file() and hotline.raw not in path.parents
    ]
    assert any(path.suffix == ".parquet" for path in written)
    for path in written:
        content = path.read_bytes()
        assert not [text for text in planted if text.encode() in content]
    # Parquet packs what it holds, so that its cells are read, too.
    cells = counts.cases.to_csv()
    assert not [text for text in planted if text in cells]
    assert counts.cases["caller"].dropna().str.fullmatch("[0-9a-f]{16}").all()


def test_headers_of_pingshan_are_known(hotline):
    hotline.write("tickets/pingshan.csv", PINGSHAN, "gb18030")
    counts = hotline.ingest()
    table = counts.by_unit.loc[(slice(None), "2019-02"), :]
    assert table["complaints"].to_dict() == {
        ("新桥街道", "2019-02"): 0,
        ("河东街道", "2019-02"): 1,
    }
    assert table["proactive_cases"].to_dict() == {
        ("新桥街道", "2019-02"): 1,
        ("河东街道", "2019-02"): 0,
    }
    assert counts.cases["category_3"].tolist() == ["清运", "清运"]
    assert counts.set_aside == {}


def test_streets_adopt_and_districts_are_covered(hotline):
    months = [{"受理时间": f"2019-0{month}-12 09:30:00", **OPEN} for month in (2, 3, 4, 5, 6)]
    hotline.write("tickets/2019.csv", export(*months), "gb18030")
    hotline.write("adoption.csv", "unit,district,adoption_period\n河东街道,东城区,2019-04\n")
    panels = hotline.panels()
    street = panels["street"].set_index("unit")
    assert street.loc["新桥街道", "complaints"].tolist() == [0, 0, 0, 0, 0]
    assert street.loc["新桥街道", "adoption_period"].isna().all()
    assert set(street.loc["河东街道", "adoption_period"].astype("str")) == {"2019-04"}
    # 50,000 of 90,000 residents live in the street that adopts.
    assert panels["district"]["coverage"].round(3).tolist() == [0, 0, 0.556, 0.556, 0.556]
