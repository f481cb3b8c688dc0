"""The peer in pandas: every file read whole, all of it in memory."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis.bench.ingest.balance import hash_of, read_names, write_tables
from analysis.bench.ingest.rules import (
    ANY_KIND,
    CELL_NAMES,
    COUNTS,
    KINDS,
    NUMBERS,
    QUANTILES,
    TABLES,
    Rules,
)
from analysis.study.schema import Study

__all__ = ["run"]


def run(study: Study, raw: Path, to: Path, memory: str) -> None:
    """Turn raw tickets into panels; pandas knows no limit of memory."""
    rules = Rules.of(study)
    names, district = read_names(raw)
    files = sorted(raw.glob("hotline_*.csv"))
    tickets = pd.concat([_land(file, rules) for file in files], ignore_index=True)
    _check(tickets, names, district, rules)
    kept = tickets[tickets["step"].isna()].drop(columns=["step", "reason"])
    kept.to_parquet(to / "cases.parquet", index=False)
    aside = tickets.loc[tickets["step"].notna(), ["file", "row", "id", "step", "reason"]]
    aside.to_parquet(to / "quarantine.parquet", index=False)
    counted = _count_as(kept, rules)
    handled = {keys: _handled(counted, list(keys), rules) for keys in TABLES.values()}
    write_tables(_cells(counted, rules), handled, district, rules, to)


def _land(file: Path, rules: Rules) -> pd.DataFrame:
    # By place, because the header of one column changes.
    table = pd.read_csv(file, names=list(CELL_NAMES), header=0, dtype="str", keep_default_na=False)
    table["file"], table["row"] = file.name, range(2, len(table) + 2)
    for name in CELL_NAMES:
        cells = table[name].str.strip()
        table[name] = cells.mask(cells.isin(rules.missing))
    written = table["opened"].notna()
    for name in ("opened", "updated", "closed", "due"):
        table[name] = _moments(table[name])
    table["bad_opened"] = written & table["opened"].isna()
    distinct = table["caller"].dropna().unique()
    table["caller"] = table["caller"].map(dict(zip(distinct, hash_of(distinct), strict=True)))
    table["street"] = table["street"].replace(rules.recode)
    table["dropped"] = False
    for value in rules.dropped_texts:
        table["dropped"] |= table["text"].str.contains(value, regex=False, na=False)
    _take_out(table)
    return table


def _take_out(table: pd.DataFrame) -> None:
    """Free texts and numbers of what is personal, in place; look at all once, and at few again."""
    personal = table["id"].str.contains(NUMBERS, na=False)
    table.loc[personal, "id"] = hash_of(table.loc[personal, "id"])
    holds = table["text"].str.contains(ANY_KIND, na=False)
    freed = table.loc[holds, "text"]
    for looks, mark in KINDS:
        freed = freed.str.replace(looks, mark, regex=True)
    table.loc[holds, "text"] = freed


def _moments(cells: pd.Series) -> pd.Series:
    full = pd.to_datetime(cells, format="%Y-%m-%d %H:%M:%S", errors="coerce")
    if full.isna().sum() == cells.isna().sum():
        return full.astype("datetime64[us]")
    minute = pd.to_datetime(cells, format="%Y/%m/%d %H:%M", errors="coerce")
    seconds = (pd.to_numeric(cells, errors="coerce") * 86_400).round()
    serial = pd.Timestamp("1899-12-30") + pd.to_timedelta(seconds, unit="s")
    return full.fillna(minute).fillna(serial).astype("datetime64[us]")


def _check(
    tickets: pd.DataFrame, names: dict[str, str], district: dict[str, str], rules: Rules
) -> None:
    """Add what the panels are counted from, `step` and `reason`, in place."""
    begin, end, known = map(pd.Timestamp, (rules.begin, rules.end, rules.end_of_data))
    versions = _superseded(tickets)
    opened, status, street = tickets["opened"], tickets["status"], tickets["street"]
    closed = tickets["closed"]
    tickets["closed"] = closed.mask((closed < opened) | (closed >= known))
    tickets["due"] = tickets["due"].mask(tickets["due"] < opened)
    channels = {v: name for name, values in rules.initiators.items() for v in values}
    tickets["initiator"] = tickets["channel"].map(channels)
    tickets["unit"] = street.map(names)
    tickets["district"] = tickets["unit"].map(district).fillna(tickets["district"])
    tickets["category"] = tickets["category_1"]
    tickets["period"] = opened.dt.to_period("M").dt.to_timestamp()
    tickets["internal"] = tickets["category"].isin(rules.internal)
    tickets["consultation"] = tickets["category"].isin(rules.consultation)
    tickets["is_closed"] = status.isin(rules.closed)
    for name, (yes, no) in rules.answers.items():
        meanings = dict.fromkeys(yes, True) | dict.fromkeys(no, False)
        tickets[name] = tickets[name].map(meanings).astype("boolean")
    reasons = (
        (tickets["bad_opened"], "read", "time:opened"),
        (tickets["id"].isna(), "identify", "no id"),
        (opened.isna(), "identify", "no time of opening"),
        (versions == "repeated row", "versions", "repeated row"),
        (versions == "earlier version", "versions", "earlier version"),
        (opened >= known, "validate", "opened in the future"),
        ((opened < begin) | (opened >= end), "validate", "outside the covered months"),
        (tickets["initiator"].isna(), "codes", "unknown initiator"),
        (status.isin(rules.void), "codes", "void"),
        (~status.isin([*rules.open, *rules.closed]), "codes", "unknown status"),
        (tickets["dropped"], "flags", "test_case"),
        (street.isna(), "places", "no unit"),
        (street.isin(rules.not_a_unit), "places", "not a unit"),
        (tickets["unit"].isna(), "places", "unknown unit"),
    )
    tickets["step"] = pd.Series(pd.NA, index=tickets.index, dtype="str")
    tickets["reason"] = tickets["step"]
    for holds, step, reason in reversed(reasons):
        tickets.loc[holds, ["step", "reason"]] = [step, reason]
    del tickets["bad_opened"], tickets["dropped"]


def _superseded(tickets: pd.DataFrame) -> pd.Series:
    """Give the reason of every row that has a later version; missing for the others."""
    usable = tickets[tickets["id"].notna() & tickets["opened"].notna()]
    several = usable[usable.duplicated("id", keep=False)]
    order = ["id", "updated", "file", "row"]
    ordered = several.sort_values(order, na_position="first")
    latest = ordered.drop_duplicates("id", keep="last")
    earlier = ordered.drop(latest.index)
    contents = list(CELL_NAMES)
    marks = pd.util.hash_pandas_object(ordered[contents], index=False)
    kept = ordered["id"].map(dict(zip(latest["id"], marks[latest.index], strict=True)))
    reasons = (marks == kept).map({True: "repeated row", False: "earlier version"})
    return reasons[earlier.index].reindex(tickets.index)


def _count_as(cases: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    complaint = (cases["initiator"] == "resident") & ~cases["internal"] & ~cases["consultation"]
    ours = ~cases["internal"]
    answers = cases[list(rules.answers)]
    window = rules.follow_up_seconds
    taken = (cases["closed"] - cases["opened"]).dt.total_seconds()
    within = taken.clip(upper=window).where(cases["is_closed"], window)
    followed = complaint & (cases["period"] <= pd.Timestamp(rules.last_followed))
    return cases[["unit", "category", "period", "caller", "opened"]].assign(
        complaints=complaint,
        consultations=ours & (cases["initiator"] == "resident") & cases["consultation"],
        proactive_cases=ours & (cases["initiator"] == "proactive") & ~cases["consultation"],
        surveyed=complaint & answers.notna().any(axis=1),
        **{name: complaint & answers[name].fillna(False).astype("bool") for name in rules.answers},
        with_deadline=complaint & cases["due"].notna(),
        on_time=complaint & (cases["closed"] <= cases["due"]),
        within=within.where(followed),
    )


def _cells(counted: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    keys = ["unit", "category", "period"]
    callers = counted[counted["complaints"] & counted["caller"].notna()]
    ordered = callers.sort_values(["caller", "category", "opened", "unit"])
    before = ordered[["caller", "category", "opened"]].shift()
    same = (ordered["caller"] == before["caller"]) & (ordered["category"] == before["category"])
    soon = (ordered["opened"] - before["opened"]).dt.total_seconds() <= rules.repeat_seconds
    counted = counted.assign(
        repeat_complaints=(same & soon).reindex(counted.index, fill_value=False)
    )
    return counted.groupby(keys, as_index=False)[[*COUNTS, "repeat_complaints"]].sum()


def _handled(counted: pd.DataFrame, keys: list[str], rules: Rules) -> pd.DataFrame:
    followed = counted[counted["within"].notna()]
    groups = followed.assign(early=followed["within"] < rules.follow_up_seconds).groupby(keys)
    found = groups.agg(followed=("within", "size"), closed_within=("early", "sum"))
    for name, (part, whole) in QUANTILES.items():
        found[name] = groups["within"].quantile(part / whole)
    return found.reset_index()
