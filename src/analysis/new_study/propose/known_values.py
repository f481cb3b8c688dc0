"""What values that cities publish mean: channels, statuses, answers and the like."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from analysis.new_study.propose.headers import plain

__all__ = [
    "ANSWERS",
    "CATEGORIES",
    "CHANNELS",
    "MISSING",
    "NO_UNIT",
    "STATUSES",
    "is_known",
    "meaning_of",
    "opposites",
]

Sure = Literal["known", "likely"]


def _plain_all(table: dict[str, str]) -> dict[str, str]:
    return {
        plain(value): meaning for meaning, values in table.items() for value in values.split(",")
    }


CHANNELS = _plain_all(
    {
        "resident": "电话,12345热线,12345电话,热线,热线电话,来电,网络,网站,微信,微信公众号,微博,"
        "APP,小程序,短信,邮件,信件,来信,来访,现场,市长信箱,领导信箱,网上12345,人民网,政务网站,"
        "支付宝,Constituent Call,Citizens Connect App,Self Service,Twitter,PHONE,ONLINE,MOBILE,"
        "Mobile/Open311,Web,Email,Mail,E-Mail,VOICE,WALK,FAX,TWIR,BOT,iOS,Android,"
        "Phone Answered,Public (External),External,Public,API,Internet,Phone Call,Mobile Device,"
        "Open311 Interface,Chat,Walk In,Text,SMS,Website",
        "proactive": "主动发现,主动治理,主动上报,巡查,日常巡查,巡查发现,网格巡查,网格上报,"
        "网格员上报,网格,自查,自行发现,未诉先办,City Worker App,Employee Generated,"
        "Generated In House,Mass Entry,INSPE,Inspector,Internal,Employee (Internal),Staff,"
        "Proactive,KCEPD,KCMPD,EDC,EIP,CMO,CTI,Other Department",
        "system": "系统导入,系统推送,系统对接,自动生成,Maximo Integration,Integrated Agency,SYS,"
        "System,Interface,Integration",
    }
)
_CHANNEL_PARTS = {
    "proactive": ("主动", "巡查", "网格", "自查", "employee", "cityworker", "inspect", "inhouse"),
    "system": ("系统", "导入", "推送", "integration", "interface"),
    "resident": (
        *("电话", "热线", "来电", "微信", "微博", "网", "app", "小程序", "短信", "邮", "信箱"),
        *("来信", "来访"),
        *("phone", "call", "web", "online", "mobile", "twitter", "citizen", "constituent"),
    ),
}  # fmt: skip

STATUSES = _plain_all(
    {
        "open": "办理中,处理中,待派单,待办,待办理,待处理,待受理,已受理,已派单,已转办,待签收,"
        "已签收,待审核,待回访,未办结,Open,New,Received,Assigned,ASSIG,Referred,Active,"
        "In Progress,Pending,Started,Unspecified,Apply,Create,Submit,Email Sent,Open - Dup",
        "closed": "已办结,办结,已结案,结案,已完成,完成,已关闭,关闭,已归档,归档,已回访,已答复,"
        "Closed,Resolved,RESOL,Completed,Complete,Done,Archived",
        "void": "作废,已作废,无效,撤销,已撤销,撤单,退单,已退单,Canceled,Cancelled,CANC,Void,"
        "Error,Transferred,Closed (Transferred),Closed - Transferred,Invalid",
        "duplicate": "重复,重复件,重复工单,Duplicate,DUP,Closed (Duplicate),Closed - Duplicate,"
        "Duplicate (Closed),Closed - Dup",
    }
)
_STATUS_PARTS = {
    "duplicate": ("重复", "duplicate"),
    "void": ("作废", "撤销", "cancel", "transfer"),
    "open": ("未办", "待", "办理中", "处理中", "progress", "pending"),
    "closed": ("办结", "结案", "完成", "closed", "resolved"),
}

ANSWERS = _plain_all(
    {
        "yes": "是,已响应,已联系,响应,已解决,解决,基本解决,完全解决,非常满意,很满意,满意,"
        "基本满意,比较满意,按时,按期,按时办结,按期办结,Y,Yes,True,Very Satisfied,Satisfied,"
        "Strongly Agree,Agree,ONTIME,On Time",
        "no": "否,未响应,未联系,未解决,部分解决,没有解决,一般,不满意,非常不满意,很不满意,超期,"
        "超时,逾期,逾期办结,超期办结,N,No,False,Neutral,Dissatisfied,Very Dissatisfied,Disagree,"
        "Strongly Disagree,Neither,OVERDUE,Late",
        "none": "未回访,无法接通,无人接听,未接通,未评价,未作答,拒绝评价,不需回访,无需回访,"
        "未接听,拒访,N/A,Not Applicable,No Answer,Not Surveyed,No Response",
    }
)

# What stands on the other side of an answer, where the samples happen to have one side only.
_OPPOSITES = {
    "是": "否",
    "满意": "不满意",
    "解决": "未解决",
    "已解决": "未解决",
    "响应": "未响应",
    "已响应": "未响应",
    "已联系": "未联系",
    "按时": "超时",
    "按期": "超期",
    "按时办结": "超时办结",
    "按期办结": "超期办结",
    "ONTIME": "OVERDUE",
    "Y": "N",
    "Yes": "No",
    "yes": "no",
    "YES": "NO",
    "true": "false",
    "True": "False",
    "TRUE": "FALSE",
    "Satisfied": "Dissatisfied",
}

CATEGORIES = _plain_all(
    {
        "consultation": "咨询,咨询类,政策咨询,业务咨询,信息咨询,311 INFORMATION ONLY CALL,"
        "Information Only,General Information",
        "internal": "内部事务,内部工单,Internal",
        "drop": "测试,测试工单,Test,Test Case",
    }
)

NO_UNIT = _plain_all(
    {
        "none": "不详,未知,其他,其它,全市,市级,市属,无,Unspecified,0 Unspecified,Unknown,Other,"
        "None,(missing),City Wide,Citywide",
    }
)

# Cells that stand for nothing; compared as they are, since they are often signs only.
_SIGNS = ("—", "——", "-", "--", "/", "\\", "\\N")
_WORDS = ("无", "空", "NULL", "null", "Null", "(null)", "None", "NONE", "none", "N/A", "n/a", "NA")
MISSING = frozenset((*_SIGNS, *_WORDS, "#N/A", "nan", "NaN"))

_PARTS = {id(CHANNELS): _CHANNEL_PARTS, id(STATUSES): _STATUS_PARTS}


def meaning_of(value: str, table: dict[str, str]) -> tuple[str, Sure] | None:
    """Tell what a value means: known as it stands, or likely by a word in it.

    Examples
    --------
    >>> meaning_of("City Worker App", CHANNELS), meaning_of("街道巡查队", CHANNELS)
    (('proactive', 'known'), ('proactive', 'likely'))
    """
    written = plain(value)
    if written in table:
        return table[written], "known"
    for meaning, parts in _PARTS.get(id(table), {}).items():
        if any(part in written for part in parts):
            return meaning, "likely"
    return None


def opposites(values: Iterable[str], side: Literal["yes", "no"]) -> list[str]:
    """Give what would be the answers of one side, from those of the other.

    Examples
    --------
    >>> opposites(["是"], "no"), opposites(["N"], "yes")
    (['否'], ['Y'])
    """
    other = _OPPOSITES if side == "no" else {no: yes for yes, no in _OPPOSITES.items()}
    return list(dict.fromkeys(other[value] for value in values if value in other))


def is_known(value: str, table: dict[str, str]) -> bool:
    """Say whether a value is declared here, so that showing it tells nothing of anybody."""
    return plain(value) in table
