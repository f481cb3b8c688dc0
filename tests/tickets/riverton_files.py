"""The raw files of the invented city: two years' vintages, with dirt whose account is known."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

__all__ = ["FOLDER", "HEADERS", "PLANTED", "write_riverton"]

FOLDER = "riverton"
STREETS = {"河东街道": "东区", "河西街道": "西区", "山前镇": "西区", "山后镇": "东区"}
CATEGORIES = ("物业管理", "交通出行", "供暖", "咨询")
HEADERS = [
    "工单编号", "受理时间", "更新时间", "派单时间", "办结时间", "办理时限", "区", "街道",
    "一级分类", "二级分类", "诉求来源", "来电号码", "办理状态", "是否响应", "是否解决", "满意度",
    "重复工单", "诉求内容", "来电人",
]  # fmt: skip
# None of it may be found in anything that is made from these files.
PLANTED = (
    "13812345678", "１３９８７６５４３２１", "010-62785566", "110101199003074514",
    "li.si@example.org", "京A12345", "欧阳娜娜", "尉迟恭敬", "张三丰",
)  # fmt: skip


def write_riverton(raw: Path, *, rows: int = 400, seed: int = 5) -> dict[str, int]:
    """Write register, crosswalk and two files of tickets; return what was planted, by reason."""
    folder = raw / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "register.csv", ["unit", "district"], list(map(list, STREETS.items())), "utf-8")
    crosswalk = [["北街街道", "河东街道", "东区", "2022-05", "renamed"]]
    heads = ["former_unit", "unit", "district", "valid_from", "event"]
    _write(folder / "crosswalk.csv", heads, crosswalk, "utf-8")
    rng = np.random.default_rng(seed)
    tickets = [_ticket(number, rng) for number in range(rows)]
    planted = _plant(tickets)
    half = datetime(2022, 7, 1)
    first = [t for t in tickets if not _opened_after(t, half)]
    second = [t for t in tickets if _opened_after(t, half)]
    _write_tickets(folder / "hotline_a.csv", first, "%Y-%m-%d %H:%M:%S", HEADERS)
    # The second vintage writes moments otherwise, renamed two headers and never asked anyone.
    renamed = {"工单编号": "编号", "街道": "街道乡镇"}
    heads = [renamed.get(name, name) for name in HEADERS if name != "满意度"]
    _write_tickets(folder / "hotline_b.csv", second, "%Y/%m/%d %H:%M", heads, renamed)
    return planted


def _ticket(number: int, rng: np.random.Generator) -> dict[str, object]:
    opened = datetime(2022, 1, 1) + timedelta(minutes=int(rng.integers(0, 365 * 24 * 60)))
    street = str(rng.choice(list(STREETS)))
    staff = rng.random() < 0.3
    closed = opened + timedelta(hours=int(rng.integers(1, 24 * 20)))
    called = not staff and rng.random() < 0.7
    return {
        "工单编号": f"RT{number:06d}",
        "受理时间": opened,
        "更新时间": closed,
        "派单时间": opened,
        "办结时间": closed,
        "办理时限": opened + timedelta(days=10),
        "区": STREETS[street],
        "街道": "北街街道" if street == "河东街道" and opened < datetime(2022, 5, 1) else street,
        "一级分类": str(rng.choice(CATEGORIES[:3] if staff else CATEGORIES)),
        "二级分类": "其他",
        "诉求来源": "巡查" if staff else "电话",
        "来电号码": "" if staff else f"137{int(rng.integers(0, 60)):08d}",
        "办理状态": "已办结",
        "是否响应": "是" if called else "未回访",
        "是否解决": str(rng.choice(["是", "否"])) if called else "未回访",
        "满意度": str(rng.choice(["满意", "一般", "不满意"])) if called else "未回访",
        "重复工单": "",
        "诉求内容": "小区电梯故障, 请尽快处理",
        "来电人": "",
    }


def _plant(tickets: list[dict[str, object]]) -> dict[str, int]:
    """Spoil some tickets; one that is spoilt has no other fault."""
    spoil: list[tuple[str, dict[str, object]]] = [
        ("no id", {"工单编号": ""}),
        ("time:opened", {"受理时间": "上周三"}),
        ("unknown status", {"办理状态": "已转派"}),
        ("void", {"办理状态": "作废"}),
        ("test_case", {"诉求内容": "测试工单 请忽略"}),
        ("unknown unit", {"街道": "无此街道"}),
        ("not a unit", {"街道": "不详"}),
        ("unknown initiator", {"诉求来源": "传真"}),
    ]
    for place, (_, cells) in enumerate(spoil):
        tickets[place * 7].update(cells)
    tickets[60]["办结时间"] = datetime(2021, 12, 1)
    text = "，".join(f"来电 {value}" for value in PLANTED[:6])
    for place, name in zip((61, 62, 63), PLANTED[6:], strict=True):
        tickets[place]["来电人"] = name
        tickets[place]["诉求内容"] = f"{name}反映: {text}"
        tickets[place]["来电号码"] = PLANTED[0]
    tickets[64]["一级分类"] = f"投诉{PLANTED[0]}"
    return {reason: 1 for reason, _ in spoil}


def _opened_after(ticket: dict[str, object], moment: datetime) -> bool:
    opened = ticket["受理时间"]
    return isinstance(opened, datetime) and opened >= moment


def _write_tickets(
    path: Path,
    tickets: list[dict[str, object]],
    form: str,
    heads: list[str],
    renamed: dict[str, str] | None = None,
) -> None:
    back = {new: old for old, new in (renamed or {}).items()}
    rows = [[_text(ticket[back.get(name, name)], form) for name in heads] for ticket in tickets]
    _write(path, heads, rows, "gb18030")


def _text(cell: object, form: str) -> str:
    return cell.strftime(form) if isinstance(cell, datetime) else str(cell)


def _write(path: Path, heads: list[str], rows: list[list[str]], encoding: str) -> None:
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(heads)
        writer.writerows(rows)
