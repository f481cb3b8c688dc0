"""The cases in the samples as the study file will read them, to see what they can carry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import pandas as pd

from analysis.new_study.look.moments import read_moment
from analysis.new_study.propose.sources import UNPUBLISHED, SourceProposal
from analysis.new_study.propose.table import Table
from analysis.new_study.propose.times import wall_times

__all__ = ["ANSWERED", "FOLLOW_UP_DAYS", "REPEAT_DAYS", "sampled_cases"]

# Answer of the call-back -> the rate that it makes.
ANSWERED = {
    "responded": "response_rate",
    "resolved": "resolution_rate",
    "satisfied": "satisfaction_rate",
}
REPEAT_DAYS = 90
# Cases are followed so long; what is closed later counts as not closed in time.
FOLLOW_UP_DAYS = 90

_COLUMNS = ("channel", "caller", "opened", "closed", "due", "status", "on_time", *ANSWERED)
_INITIATORS = ("resident", "proactive", "system")


def sampled_cases(
    sources: Sequence[SourceProposal],
    tables: Sequence[Table],
    unit: str,
    category: str,
    zone: str,
) -> pd.DataFrame:
    """Read the cases that were looked at: a sketch of what the ingest will do with all of them.

    Parameters
    ----------
    sources
        What was seen.
    tables
        What codes mean: tables of the study file, such as ``tickets.initiator``.
    unit, category
        The columns that are the panel's.
    zone
        The city's time zone.

    Returns
    -------
    pandas.DataFrame
        One row for each case that residents or staff opened and that is not void: `unit`,
        `category`, `month`, `initiator`; and for complaints, `response_rate`, `resolution_rate`,
        `satisfaction_rate`, `on_time_rate`, `repeat_share` and `consultation_share`: whether the
        case counts above the line of the fraction, missing if it does not count below it either;
        and `days`, how long it took, infinite if it is open, missing if it could not be followed
        for `FOLLOW_UP_DAYS`. It never leaves the memory, since callers are told apart in it.
    """
    named = {table.name: table for table in tables}
    flags = [table for table in tables if table.name == "tickets.flag"]
    rows = [
        _read(row, named, flags, category)
        for source in sources
        for row in _rows(source, unit, category, zone, flags)
    ]
    columns = ["unit", "category", "opened", "caller", "initiator", *ANSWERED.values()]
    read = pd.DataFrame(
        [row for row in rows if row is not None],
        columns=[*columns, "on_time_rate", "consultation_share", "closed"],
    ).astype({"opened": "datetime64[us]", "closed": "datetime64[us]"})
    cases = read[read["unit"].notna() & read["category"].notna() & read["opened"].notna()]
    months = cases["opened"].dt.to_period("M")
    found = {"month": months, "repeat_share": _repeats(cases), "days": _days(cases)}
    return cases.assign(**found).drop(columns="closed").reset_index(drop=True)


def _rows(
    source: SourceProposal, unit: str, category: str, zone: str, flags: Sequence[Table]
) -> Iterator[dict[str, object]]:
    flagged = tuple(str(flag.keys["column"].value) for flag in flags)
    columns = tuple(dict.fromkeys((unit, category, *_COLUMNS, *flagged)))
    month_first = not any(form.startswith("%d") for form in source.times.formats.value)
    elsewhere = {unit: "all", category: "all", "channel": UNPUBLISHED}
    constants = {c: value for c, value in elsewhere.items() if not source.has(c)}
    for cells in source.rows(*columns):
        row: dict[str, object] = {**dict(zip(columns, cells, strict=True)), **constants}
        times = {c: _moment(row[c], zone, month_first) for c in ("opened", "closed", "due")}
        for name in {"closed", "due"} & set(source.times.whole_days.value):
            if (day := times[name]) is not None:
                times[name] = day.replace(hour=23, minute=59, second=59)
        yield {**row, **times, "unit": row[unit], "category": row[category]}


def _moment(cell: object, zone: str, month_first: bool) -> datetime | None:
    moment = read_moment(cell, numbers=True) if isinstance(cell, str) else None
    return next(iter(wall_times([moment], zone, month_first)), None)


def _read(
    row: Mapping[str, object], named: Mapping[str, Table], flags: Sequence[Table], category: str
) -> dict[str, object] | None:
    """Read one case; None if it is void, no case of residents or staff, or nobody's complaint."""
    actions = {
        str(flag.keys["action"].value)
        for flag in flags
        if row[str(flag.keys["column"].value)] in _values(flag, "equals")
    }
    initiator = _initiator(row["channel"], named["tickets.initiator"])
    if initiator not in ("resident", "proactive") or actions - {"consultation"}:
        return None
    if row["status"] in _values(named.get("tickets.status"), "void"):
        return None
    recode = named.get(f"tickets.recode.{category}")
    again = recode.keys.get(str(row["category"])) if recode else None
    found = {name: row[name] for name in ("unit", "opened", "caller")}
    found |= {"initiator": initiator, "category": again.value if again else row["category"]}
    if initiator != "resident":
        return found
    found["consultation_share"] = consults = "consultation" in actions
    if consults:
        return found
    found |= {
        rate: _answer(row[column], named.get(f"tickets.{column}"))
        for column, rate in ANSWERED.items()
    }
    found["on_time_rate"] = _on_time(row, named.get("tickets.on_time"))
    return found | {"closed": row["closed"]}


def _initiator(channel: object, table: Table) -> str | None:
    named = next((who for who in _INITIATORS if channel in _values(table, who)), None)
    if named is None and "otherwise" in table.keys:
        return str(table.keys["otherwise"].value)
    return named


def _answer(cell: object, table: Table | None) -> bool | None:
    if cell in _values(table, "yes"):
        return True
    return False if cell in _values(table, "no") else None


def _on_time(row: Mapping[str, object], marks: Table | None) -> bool | None:
    due, closed = row["due"], row["closed"]
    if not isinstance(due, datetime):
        return None
    if marks is not None:
        return _answer(row["on_time"], marks)
    return isinstance(closed, datetime) and closed <= due


def _values(table: Table | None, key: str) -> tuple[object, ...]:
    found = table.keys.get(key) if table else None
    return found.value if found is not None and isinstance(found.value, tuple) else ()


def _days(cases: pd.DataFrame) -> pd.Series:
    """Say how long each complaint took, of the months whose last case was followed to the end."""
    taken = (cases["closed"] - cases["opened"]).dt.total_seconds() / 86_400
    latest = cases[["opened", "closed"]].max(axis=None)
    month_ends = cases["opened"].dt.to_period("M").dt.end_time
    followed = month_ends + pd.Timedelta(days=FOLLOW_UP_DAYS) <= latest
    within = taken.where(taken.between(0, FOLLOW_UP_DAYS), float("inf"))
    return within.where(followed & cases["consultation_share"].eq(False))


def _repeats(cases: pd.DataFrame) -> pd.Series:
    """Say of each complaint whether the caller complained of the same shortly before."""
    complains = cases["consultation_share"].eq(False)
    told = cases[complains & cases["caller"].notna()].sort_values("opened", kind="stable")
    since = told.groupby(["caller", "category"], sort=False)["opened"].diff()
    again = (since <= pd.Timedelta(days=REPEAT_DAYS)).astype("object")
    # A caller who is not known never repeats.
    nobody = complains & cases["caller"].isna()
    return again.reindex(cases.index).mask(nobody, False)
