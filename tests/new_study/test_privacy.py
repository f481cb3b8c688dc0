"""Nothing that could tell who somebody is gets into a study file, a report or a message."""

from __future__ import annotations

import pytest

from analysis.errors import CompendiumError
from analysis.new_study.report import proposal_as_json, proposal_as_text

HEADERS = [
    "工单编号",
    "受理时间",
    "街道",
    "诉求来源",
    "来电号码",
    "来电人",
    "办理状态",
    "诉求内容",
    "住址",
    "备注",
]
PLANTED = {
    "phone": "13812345678",
    "name": "欧阳娜娜",
    "identity": "11010519491231002X",
    "mail": "nana@example.cn",
    "plate": "京A12345",
    "address": "人民路9号院3单元501",
    "words": "我家楼上每天半夜装修",
    "rare": "张记者来访",
}


@pytest.fixture
def path(write_csv):
    """Write planted data, often enough to be shown if only their number decided."""
    rows = [
        [
            f"GD{n:05d}",
            f"2024-0{n % 9 + 1}-15 08:00:00",
            "甲乙"[n % 2] + "街道",
            # A code list into which a hurried clerk typed other things.
            [*["电话"] * 7, PLANTED["phone"], PLANTED["mail"], PLANTED["plate"]][n % 10]
            if n != 5
            else PLANTED["rare"],
            PLANTED["phone"],
            PLANTED["name"],
            "已办结" if n % 9 else PLANTED["identity"],
            PLANTED["words"],
            PLANTED["address"],
            f"{PLANTED['name']} {PLANTED['mail']}",
        ]
        for n in range(200)
    ]
    return write_csv("a.csv", HEADERS, rows)


@pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED)
def test_planted_data_are_nowhere(propose, path, planted):
    """Would catch a cell that is written, printed or told to a program."""
    _, proposal, text = propose([path])
    for told in (text, proposal_as_text(proposal), proposal_as_json(proposal), repr(proposal)):
        assert planted not in told


def test_errors_tell_no_cell(propose, write_csv):
    """Would catch a message that quotes the cells that it complains of."""
    rows = [[PLANTED["name"], PLANTED["phone"], PLANTED["words"]]] * 50
    with pytest.raises(CompendiumError) as caught:
        propose([write_csv("b.csv", ["姓名", "电话", "内容"], rows)])
    assert not any(planted in str(caught.value) for planted in PLANTED.values())


def test_people_are_put_under_privacy(propose, path):
    """Would catch names that stay in the texts, or a caller that no hash stands for."""
    study, _, text = propose([path])
    assert study.tickets.privacy.names == ("来电人",)
    assert study.tickets.privacy.text == "drop"
    assert study.tickets.source[0].headers["caller"] == ("来电号码",)
    assert "诉求内容, 住址, 备注 (may tell who or where somebody is, and is not kept)." in text
