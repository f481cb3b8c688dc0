"""The ticket, declared once: what each column of a list of single cases is and may hold.

A city's export has its own columns; the study file says which of them are these. What the panel is
counted from, what is personal and what every list must have is read here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["TICKET_COLUMNS", "TicketColumn", "ticket_column", "ticket_columns"]

Kind = Literal["text", "time", "number"]
Need = Literal["always", "where published"]
Care = Literal["none", "strip", "hash", "never kept"]


@dataclass(frozen=True, slots=True)
class TicketColumn:
    """One column of a list of tickets.

    Attributes
    ----------
    name
        Its name in every table of tickets.
    label_en, label_zh
        What a reader sees.
    kind
        ``text``, ``time`` (to the second, on the city's wall clock) or ``number``.
    need
        Whether every list must have it, or only those whose city publishes it.
    care
        What is done, before anything is written to disk, because it may tell who someone is:
        ``strip`` takes telephone and identity numbers, addresses of e-mail and number plates out of
        a text, ``hash`` puts a keyed hash in its place, ``never kept`` lets it do its work and go.
    meaning
        What it says of a case.
    """

    name: str
    label_en: str
    label_zh: str
    kind: Kind
    need: Need
    care: Care
    meaning: str


TICKET_COLUMNS: tuple[TicketColumn, ...] = (
    TicketColumn(
        "id", "Case number", "工单编号", "text", "always", "none",
        "identifies a case; a number that comes again is a later version of the same case",
    ),
    TicketColumn(
        "opened", "Opened", "受理时间", "time", "always", "none",
        "when the case was opened; decides the month in which it counts",
    ),
    TicketColumn(
        "updated", "Updated", "更新时间", "time", "where published", "none",
        "when this version of the case was written; the latest is kept",
    ),
    TicketColumn(
        "dispatched", "Dispatched", "派单时间", "time", "where published", "none",
        "when the case was sent to the unit that handles it",
    ),
    TicketColumn(
        "closed", "Closed", "办结时间", "time", "where published", "none",
        "when the case was closed; empty while it is open",
    ),
    TicketColumn(
        "due", "Due", "办理时限", "time", "where published", "none",
        "when the case should be closed at the latest; empty if it has no deadline",
    ),
    TicketColumn(
        "on_time", "On time", "是否按时", "text", "where published", "none",
        "the city's own mark of whether the deadline was kept; else closed and due decide",
    ),
    TicketColumn(
        "district", "District", "区", "text", "where published", "strip",
        "the large area in which the case is",
    ),
    TicketColumn(
        "street", "Street or neighbourhood", "街道乡镇", "text", "where published", "strip",
        "the small area in which the case is: street or town, ward, neighbourhood",
    ),
    TicketColumn(
        "category_1", "Category", "一级分类", "text", "where published", "strip",
        "what the case is about, at the highest level of the city's classification",
    ),
    TicketColumn(
        "category_2", "Category, second level", "二级分类", "text", "where published", "strip",
        "what the case is about, one level below",
    ),
    TicketColumn(
        "category_3", "Category, third level", "三级分类", "text", "where published", "strip",
        "what the case is about, at the lowest level",
    ),
    TicketColumn(
        "channel", "Channel", "诉求来源", "text", "where published", "strip",
        "the way in which the case came in; tells residents from staff",
    ),
    TicketColumn(
        "caller", "Caller", "来电标识", "text", "where published", "hash",
        "the same for all cases of one person; only a keyed hash of it is ever written",
    ),
    TicketColumn(
        "status", "Status", "办理状态", "text", "where published", "strip",
        "whether the case is open, closed or void",
    ),
    TicketColumn(
        "responded", "Responded", "是否响应", "text", "where published", "strip",
        "the call-back's answer: had the unit contacted the resident",
    ),
    TicketColumn(
        "resolved", "Resolved", "是否解决", "text", "where published", "strip",
        "the call-back's answer: is the matter solved",
    ),
    TicketColumn(
        "satisfied", "Satisfied", "是否满意", "text", "where published", "strip",
        "the call-back's answer: is the resident satisfied, on whatever scale",
    ),
    TicketColumn(
        "duplicate_of", "Duplicate of", "重复工单编号", "text", "where published", "none",
        "the number of the case that this one repeats; empty if it repeats none",
    ),
    TicketColumn(
        "text", "Text", "诉求内容", "text", "where published", "strip",
        "what the resident or staff wrote; written only if the study asks for it",
    ),
    TicketColumn(
        "longitude", "Longitude", "经度", "number", "where published", "never kept",
        "degrees east; only tells places that a geocoder made up",
    ),
    TicketColumn(
        "latitude", "Latitude", "纬度", "number", "where published", "never kept",
        "degrees north; only tells places that a geocoder made up",
    ),
)  # fmt: skip

_BY_NAME = {declared.name: declared for declared in TICKET_COLUMNS}


def ticket_column(name: str) -> TicketColumn:
    """Look up one declared column.

    Parameters
    ----------
    name
        Its name.

    Raises
    ------
    KeyError
        If the ticket contract has no such column.

    Examples
    --------
    >>> ticket_column("caller").care
    'hash'
    """
    return _BY_NAME[name]


def ticket_columns(kind: Kind | None = None) -> tuple[str, ...]:
    """Name the columns, all or those of one kind, in the order of the contract.

    Examples
    --------
    >>> ticket_columns("number")
    ('longitude', 'latitude')
    """
    return tuple(
        declared.name for declared in TICKET_COLUMNS if kind is None or declared.kind == kind
    )
