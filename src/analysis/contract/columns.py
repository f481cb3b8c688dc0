"""The complaint panel, declared once: what each column is, holds and may hold.

Everything that must know a column reads it here: validation, the codebook, the simulator, the
cleaners and the dtypes of the cleaned tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["COLUMNS", "Column", "column", "count_columns", "key_columns"]

Kind = Literal["text", "month", "count", "days", "share"]
Need = Literal["always", "where published"]

# The pandas dtype of each kind. Counts are nullable: a report that never came is missing, not 0.
DTYPES: dict[Kind, str] = {
    "text": "str",
    "month": "period[M]",
    "count": "Int64",
    "days": "float64",
    "share": "float64",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the complaint panel.

    Attributes
    ----------
    name
        Its name in every table of the compendium.
    label_en, label_zh
        What a reader sees.
    kind
        ``text``, ``month``, ``count`` (whole, 0 or more), ``days`` (a length of time, 0 or more)
        or ``share`` (0 to 1).
    unit
        The unit in which its values are counted.
    need
        Whether every panel has it, or only those whose city publishes it.
    key
        Whether it is part of what identifies a row.
    at_most
        Columns that bound it from above, row by row (`satisfied` cannot exceed `surveyed`).
    source
        Where it comes from, or the formula that makes it.
    """

    name: str
    label_en: str
    label_zh: str
    kind: Kind
    unit: str
    need: Need
    source: str
    key: bool = False
    at_most: tuple[str, ...] = ()

    @property
    def dtype(self) -> str:
        """The pandas dtype of the column in a cleaned panel."""
        return DTYPES[self.kind]

    @property
    def allowed(self) -> str:
        """The allowed range, in words."""
        match self.kind:
            case "count":
                bounds = "".join(f", at most `{bound}`" for bound in self.at_most)
                return f"whole number, 0 or more{bounds}"
            case "days":
                return "0 or more"
            case "share":
                return "0 to 1"
            case "month":
                return "a calendar month"
            case "text":
                return "not empty"


COLUMNS: tuple[Column, ...] = (
    Column(
        "unit",
        "Unit",
        "单元",
        "text",
        "street/town, district or neighbourhood",
        "always",
        "register of units; renamed and merged units carry their present name",
        key=True,
    ),
    Column(
        "district",
        "District",
        "区",
        "text",
        "district",
        "always",
        "register of units: the district to which the unit belongs",
        key=True,
    ),
    Column(
        "category",
        "Category",
        "问题分类",
        "text",
        "request category",
        "where published",
        "the city's own classification; absent where a row is all of a unit's month",
        key=True,
    ),
    Column(
        "period",
        "Month",
        "月份",
        "month",
        "calendar month",
        "always",
        "the month that the report is for, not the month in which it was published",
        key=True,
    ),
    Column(
        "population",
        "Resident population",
        "常住人口",
        "count",
        "persons",
        "where published",
        "population census; constant over the panel",
    ),
    Column(
        "complaints",
        "Complaints",
        "诉求",
        "count",
        "cases",
        "always",
        "cases opened by residents that ask for action, in the month in which they were opened",
    ),
    Column(
        "consultations",
        "Consultations",
        "咨询",
        "count",
        "cases",
        "where published",
        "calls answered with information; no case is dispatched",
    ),
    Column(
        "proactive_cases",
        "Proactive cases",
        "主动治理案件",
        "count",
        "cases",
        "always",
        "cases opened by staff before anyone complained",
    ),
    Column(
        "surveyed",
        "Surveyed",
        "回访",
        "count",
        "call-backs",
        "where published",
        "complaints whose resident was reached by the call-back",
        at_most=("complaints",),
    ),
    Column(
        "responded",
        "Responded",
        "响应",
        "count",
        "call-backs",
        "where published",
        "of those surveyed: the unit had contacted the resident",
        at_most=("surveyed",),
    ),
    Column(
        "resolved",
        "Resolved",
        "解决",
        "count",
        "call-backs",
        "where published",
        "of those surveyed: the resident says that the matter is solved",
        at_most=("surveyed",),
    ),
    Column(
        "satisfied",
        "Satisfied",
        "满意",
        "count",
        "call-backs",
        "where published",
        "of those surveyed: the resident is satisfied with the handling",
        at_most=("surveyed",),
    ),
    Column(
        "repeat_complaints",
        "Repeat complaints",
        "重复诉求",
        "count",
        "cases",
        "where published",
        "complaints about a matter that was complained about before",
        at_most=("complaints",),
    ),
    Column(
        "with_deadline",
        "With deadline",
        "有时限",
        "count",
        "cases",
        "where published",
        "complaints that carry a due date; without one, on time means nothing",
        at_most=("complaints",),
    ),
    Column(
        "on_time",
        "On time",
        "按时办结",
        "count",
        "cases",
        "where published",
        "of those with a deadline: closed by it",
        at_most=("with_deadline",),
    ),
    Column(
        "median_days",
        "Median handling time",
        "办理时长中位数",
        "days",
        "days",
        "where published",
        "days from opening to closing that half of the complaints took at most; missing if it is "
        "not reached within the time for which every case is followed",
    ),
    Column(
        "p90_days",
        "90th percentile of handling time",
        "办理时长第九十百分位数",
        "days",
        "days",
        "where published",
        "days from opening to closing that nine of ten complaints took at most; missing like the "
        "median",
    ),
    Column(
        "adoption_period",
        "Adoption month",
        "试点起始月",
        "month",
        "calendar month",
        "where published",
        "first month under the programme; missing = never under it",
    ),
    Column(
        "coverage",
        "Programme coverage",
        "试点覆盖率",
        "share",
        "share of population",
        "where published",
        "share of the unit's population living in streets under the programme in that month",
    ),
)

_BY_NAME = {declared.name: declared for declared in COLUMNS}


def column(name: str) -> Column:
    """Look up one declared column.

    Parameters
    ----------
    name
        Its name.

    Raises
    ------
    KeyError
        If the contract has no such column.

    Examples
    --------
    >>> column("satisfied").at_most
    ('surveyed',)
    """
    return _BY_NAME[name]


def key_columns() -> tuple[str, ...]:
    """Name the columns that can identify a row, in the order of the contract."""
    return tuple(declared.name for declared in COLUMNS if declared.key)


def count_columns() -> tuple[str, ...]:
    """Name the columns that count cases or calls and so add up over units and categories.

    `population` is a count too, but of people, who are the same in every category and month.
    """
    return tuple(
        declared.name
        for declared in COLUMNS
        if declared.kind == "count" and declared.name != "population"
    )
