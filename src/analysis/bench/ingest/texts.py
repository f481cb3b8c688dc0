"""Write tickets as the cells of a city's export, with the dirt that such cells have."""

from __future__ import annotations

from functools import cache
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from analysis.bench.ingest.city import CATEGORIES, EVENTS, STREETS
from analysis.bench.ingest.draws import (
    CHANNELS,
    NEVER,
    SATISFIED,
    STATUSES,
    YES_NO,
    Integers,
    Tickets,
)

__all__ = ["HEADERS", "TimeFormat", "csv_lines"]

HEADERS = (
    "工单编号", "受理时间", "更新时间", "办结时间", "办理时限", "区", "街道", "一级分类",
    "二级分类", "诉求来源", "来电号码", "办理状态", "是否响应", "是否解决", "满意度", "诉求内容",
)  # fmt: skip

# How a file writes moments: in full, to the minute, or as a spreadsheet keeps them.
TimeFormat = Literal["full", "minute", "excel"]

_OPENINGS = (
    "市民来电反映，", "市民反映，", "来电人称", "网友留言：", "居民多次反映，", "市民询问，",
    "您好, ", "尊敬的领导：", "来电人表示", "投诉：", "举报：", "建议：",
)  # fmt: skip
_MATTERS = (
    "小区物业长期不作为，电梯经常停运，老人出行困难", "夜间施工噪声很大，严重影响休息",
    "路边商户占道经营，行人只能走机动车道", "垃圾多日无人清运，气味难闻", "地下停车费擅自上涨",
    "暖气不热，室内只有十四度", "楼上私搭乱建，存在安全隐患", '公交站牌写着"暂停"，但无人告知原因',
    "路灯不亮, 已经持续两个星期", "培训机构拒绝退费，联系不上负责人", "自来水发黄，有异味",
    "井盖破损，车辆经过时声响很大", "孩子入学材料不知道交到哪里", "医保卡在药店不能使用",
    "预付卡商家关门，余额无法退还", "暴雨后道路积水，车辆无法通行",
)  # fmt: skip
_REQUESTS = (
    "，希望有关部门尽快核实处理。", "，要求给予答复。", "，请相关单位解决。",
    "，此前已反映过一次，未见改善。", "，诉求：尽快修复。", "，请求回电。", "。",
    "，希望协调解决，谢谢！",
)  # fmt: skip
_TEST = "测试工单，请勿派单"

# Of 10,000 rows, how many have it: cells of streets, then of texts.
_BLANK, _NOWHERE, _OUTSIDE, _UNKNOWN, _PADDED, _OLD_SPELLING = 100, 50, 20, 10, 50, 300
_PHONE, _MAIL, _IDENTITY, _PLATE, _TESTS = 1_800, 100, 50, 100, 10
_BAD_OPENED, _BAD_CLOSED = 10, 10
_OLD_SPELLINGS = {"东岸街道": "東岸街道", "龙泉街道": "龍泉街道"}
# A name that was given up is still written by so many in 10,000.
_STALE = 100


def csv_lines(tickets: Tickets, month: str, written: TimeFormat) -> pa.Array:
    """Write tickets as lines of CSV.

    Parameters
    ----------
    tickets
        The tickets.
    month
        The month of the file, which decides what streets are called.
    written
        ``full``, ``minute`` or ``excel``.

    Returns
    -------
    pyarrow.Array
        One text for each ticket, ended by a line feed; its buffer is the file.
    """
    opened = _replace(_moments(tickets.opened, written), _of(tickets, 0) < _BAD_OPENED, "昨天上午")
    closed = _moments(tickets.closed, written)
    has_closed = tickets.closed != NEVER
    closed = _replace(closed, has_closed & (_of(tickets, 1) < _BAD_CLOSED), "0000-00-00 00:00:00")
    cells = (
        pc.cast(pa.array(tickets.number), pa.string()),
        opened,
        _moments(tickets.updated, written),
        closed,
        _moments(tickets.due, written),
        _look_up([street.district for street in STREETS], tickets.street),
        _street_names(tickets, month),
        _look_up(list(CATEGORIES), tickets.category),
        _second_level(tickets),
        _look_up(list(CHANNELS), tickets.channel),
        _callers(tickets),
        _look_up(STATUSES, tickets.status),
        _look_up(YES_NO, tickets.responded),
        _look_up(YES_NO, tickets.resolved),
        _look_up(SATISFIED, tickets.satisfied),
    )
    rows = pc.binary_join_element_wise(*cells, _sentences(tickets), ",")
    return _joined(rows, "\n")


def _of(tickets: Tickets, place: int) -> Integers:
    """Take one of the four numbers from 0 to 9,999 that a ticket's noise holds."""
    found: Integers = tickets.noise // 10_000**place % 10_000
    return found


def _look_up(values: list[str] | tuple[str, ...], places: Integers) -> pa.Array:
    return pa.array(values, pa.string()).take(pa.array(places))


def _replace(cells: pa.Array, where: npt.NDArray[np.bool_], value: str) -> pa.Array:
    return pc.if_else(pa.array(where), pa.scalar(value), cells)


def _moments(seconds: Integers, written: TimeFormat) -> pa.Array:
    known = np.where(seconds == NEVER, 0, seconds)
    if written == "excel":
        # Days since the end of 1899, as spreadsheets count them.
        texts = pc.cast(pa.array(known / 86_400 + 25_569), pa.string())
    else:
        texts = pc.cast(pc.cast(pa.array(known), pa.timestamp("s")), pa.string())
    if written == "minute":
        texts = pc.utf8_slice_codeunits(pc.replace_substring(texts, "-", "/"), 0, 16)
    return _replace(texts, seconds == NEVER, "")


def _street_names(tickets: Tickets, month: str) -> pa.Array:
    names = _look_up(_names_in(month), tickets.street)
    stale = _look_up(_names_in("2000-01"), tickets.street)
    dirt = _of(tickets, 2)
    names = pc.if_else(pa.array(dirt >= 10_000 - _STALE), stale, names)
    padded = _joined(" ", names, "  ")
    old = _look_up([_OLD_SPELLINGS.get(name, name) for name in _names_in(month)], tickets.street)
    edge = 0
    for share, value in (
        (_BLANK, pa.scalar("")),
        (_NOWHERE, pa.scalar("不详")),
        (_OUTSIDE, pa.scalar("市外")),
        (_UNKNOWN, pa.scalar("云外街道")),
        (_PADDED, padded),
        (_OLD_SPELLING, old),
    ):
        names = pc.if_else(pa.array((dirt >= edge) & (dirt < edge + share)), value, names)
        edge += share
    return names


@cache
def _names_in(month: str) -> tuple[str, ...]:
    """Return what streets were called in a month; of several parts, the first."""
    names = []
    for street in STREETS:
        name = street.name
        while True:
            later = [e for e in EVENTS if e.name == name != e.former and e.valid_from > month]
            if not later:
                break
            name = later[0].former
        names.append(name)
    return tuple(names)


def _second_level(tickets: Tickets) -> pa.Array:
    values = [second for seconds in CATEGORIES.values() for second in seconds]
    return _look_up(values, tickets.category * 4 + tickets.noise % 4)


def _callers(tickets: Tickets) -> pa.Array:
    # An odd factor scatters neighbours over all numbers, and no two meet.
    scattered = tickets.caller * 7_368_787 % 1_000_000_000
    numbers = pc.cast(pa.array(13_000_000_000 + scattered), pa.string())
    return _replace(numbers, tickets.caller < 0, "")


def _sentences(tickets: Tickets) -> pa.Array:
    """Write what people say, in quotation marks; some of them leave their number."""
    noise, dirt = tickets.noise, _of(tickets, 3)
    number = pc.cast(pa.array(13_500_000_000 + noise % 499_999_993), pa.string())
    four = pc.cast(pa.array(1_000 + noise % 8_999), pa.string())
    additions = (
        (_PHONE, _joined("联系电话", number, "。")),
        (_MAIL, _joined("邮箱user", four, "@example.com")),
        (_IDENTITY, _joined("身份证110101199003", four, "1X")),
        (_PLATE, _joined("车牌京A", four, "8。")),
    )
    addition: pa.Array = pa.array([""] * len(tickets))
    edge = 0
    for share, value in additions:
        addition = pc.if_else(pa.array((dirt >= edge) & (dirt < edge + share)), value, addition)
        edge += share
    text = _joined(
        '"',
        _look_up(_OPENINGS, noise // 7 % len(_OPENINGS)),
        _look_up([street.name for street in STREETS], tickets.street),
        _look_up([matter.replace('"', '""') for matter in _MATTERS], noise // 97 % len(_MATTERS)),
        _look_up(_REQUESTS, noise // 1_013 % len(_REQUESTS)),
        addition,
        '"',
    )
    return _replace(text, dirt >= 10_000 - _TESTS, f'"{_TEST}"')


def _joined(*parts: pa.Array | str) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "")
