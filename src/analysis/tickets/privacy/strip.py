"""Take personal data out of a column of texts and leave marks that tell only their kind."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import ibis
import pyarrow as pa
from ibis.expr.types import BooleanValue, StringValue

from analysis.tickets.database import connect
from analysis.tickets.privacy.patterns import (
    CALLER_MARK,
    NAME_MARK,
    PATTERNS,
    Pattern,
    pattern_of,
)

__all__ = ["strip_codes", "strip_shown", "strip_text", "take_out"]

# A single character is a family name at most, and taking it out would tear every text.
SHORTEST_NAME = 2
# A caller's short number may be the number of anything.
SHORTEST_CALLER = 5
_COURTESIES = "(?:先生|女士|小姐|同志|老师|师傅)$"


def strip_codes(cells: StringValue) -> StringValue:
    """Free categories, places and answers of what is personal.

    Parameters
    ----------
    cells
        The column.

    Returns
    -------
    ibis.expr.types.StringValue
        The same texts with marks such as ``〔电话〕`` in place of what was personal.

    Examples
    --------
    >>> import duckdb
    >>> cells = ibis.literal("1345号院，12345热线，13800001234")
    >>> duckdb.sql(str(ibis.to_sql(strip_codes(cells)))).fetchall()
    [('1345号院，12345热线，〔电话〕',)]
    """
    return _replace(cells, free_text=False)


def strip_text(cells: StringValue) -> StringValue:
    """Free free text of what is personal: rather too much is taken out than too little.

    Parameters
    ----------
    cells
        The column.

    Returns
    -------
    ibis.expr.types.StringValue
        The same texts with marks in place of what was personal.

    Examples
    --------
    >>> import duckdb
    >>> cells = ibis.literal("2023-01-05，电话82345678")
    >>> duckdb.sql(str(ibis.to_sql(strip_text(cells)))).fetchall()
    [('2023-01-05，电话〔电话〕',)]
    """
    return _replace(cells, free_text=True)


def strip_shown(texts: Sequence[str]) -> list[str]:
    """Free a few texts that are to be shown, headers or unknown values, of what is personal.

    Parameters
    ----------
    texts
        As they stand in a file.

    Returns
    -------
    list of str
        The same with marks, as `strip_text` leaves them.

    Examples
    --------
    >>> strip_shown(["来电", "82345678"])
    ['来电', '〔电话〕']
    """
    with connect() as engine:
        engine.register("shown", pa.table({"text": pa.array(texts, pa.string())}))
        return [text for (text,) in engine.execute(_strip_shown_query()).fetchall()]


@cache
def _strip_shown_query() -> str:
    shown = ibis.table({"text": "string"}, name="shown")
    return str(ibis.to_sql(shown.select(text=strip_text(shown["text"])), dialect="duckdb"))


def take_out(
    cells: StringValue, names: Sequence[StringValue], callers: Sequence[StringValue] = ()
) -> StringValue:
    """Take out of each text the names and callers that stand in other columns of its row.

    Parameters
    ----------
    cells
        The column of texts.
    names
        Columns of names; courtesies such as 女士 at their end are not part of a name. Names of one
        character stay.
    callers
        Columns of other marks of a person.

    Examples
    --------
    >>> import duckdb
    >>> cells, name = ibis.literal("张伟家漏水"), ibis.literal("张伟先生")
    >>> duckdb.sql(str(ibis.to_sql(take_out(cells, [name])))).fetchall()
    [('〔姓名〕家漏水',)]
    """
    plain_names = [name.re_replace(_COURTESIES, "").strip() for name in names]
    for mark, columns, shortest in (
        (NAME_MARK, plain_names, SHORTEST_NAME),
        (CALLER_MARK, callers, SHORTEST_CALLER),
    ):
        for column in columns:
            long = column.length() >= shortest
            cells = ibis.ifelse(long, cells.replace(column, mark), cells)
    return cells


def _replace(cells: StringValue, *, free_text: bool) -> StringValue:
    def holds(patterns: Sequence[Pattern]) -> BooleanValue:
        return cells.re_search(pattern_of(patterns, free_text=free_text))

    def take_out_all(patterns: Sequence[Pattern], texts: StringValue) -> StringValue:
        for pattern in patterns:
            looks = pattern.in_text if free_text else pattern.in_codes
            texts = texts.re_replace(looks, pattern.mark)
        return texts

    # Few cells hold anything, and most that do hold only a telephone number, which is the last
    # kind: a look or two is quicker than a replacement for every kind.
    *others, last = PATTERNS
    stripped = ibis.ifelse(holds(others), take_out_all(others, cells), cells)
    return ibis.ifelse(holds(PATTERNS), take_out_all([last], stripped), cells)
