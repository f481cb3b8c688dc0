"""What every connector checks of an answer before it trusts it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from analysis.connectors.connector import Position
from analysis.errors import Problem, RunError, did_you_mean
from analysis.study.download import Download

__all__ = ["check_columns", "following", "sql_literal", "unexpected"]


def check_columns(download: Download, known: Iterable[str]) -> None:
    """Refuse a column that the portal does not have, naming the nearest that it has.

    Raises
    ------
    RunError
        With one problem for each such column.
    """
    names = list(known)
    problems = [
        Problem(f"there is no column {name!r}", download.folder, did_you_mean(name, names))
        for name in download.select
        if name not in names
    ]
    if problems:
        raise RunError(f"{download.address} has other columns", problems)


def following(download: Download, records: tuple[Any, ...]) -> Position | None:
    """Say where the page after these records begins, if pages follow `order`; `None` after none.

    An empty page, and not a short one, is the end: a portal may give fewer rows than asked for.
    """
    if not records:
        return None
    last = records[-1].get(download.order)
    if isinstance(last, float) and last.is_integer():
        last = int(last)
    if isinstance(last, bool) or not isinstance(last, (int, str)):
        hint = "choose a column of whole numbers or text for 'order', never empty"
        what = f"the last row of a page has {download.order!r} = {last!r}"
        raise RunError("the pages cannot follow each other", [Problem(what, download.folder, hint)])
    return {"after": last}


def sql_literal(value: int | str) -> str:
    """Write a value as SQL and SoQL do.

    Examples
    --------
    >>> sql_literal(7), sql_literal("O'Hare")
    ('7', "'O''Hare'")
    """
    if isinstance(value, int):
        return str(value)
    return "'" + value.replace("'", "''") + "'"


def unexpected(download: Download, what: str) -> RunError:
    """Make the error for an answer that is JSON, but not of the protocol."""
    hint = f"see that 'protocol' is right: {download.protocol} is expected there"
    return RunError("the answer is not of the protocol", [Problem(what, download.address, hint)])
