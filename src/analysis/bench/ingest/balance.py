"""What the peers in Polars and pandas share: names of streets, hashes, balanced tables."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from analysis.bench.ingest.rules import COLUMNS, COUNTS, KEY, QUANTILES, TABLES, Rules

__all__ = ["hash_of", "read_names", "write_tables"]

_DIGITS = 16


def hash_of(callers: Iterable[str]) -> list[str]:
    """Hash what tells callers apart, by HMAC-SHA256."""
    return [hmac.digest(KEY, caller.encode(), "sha256").hex()[:_DIGITS] for caller in callers]


def read_names(raw: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Return every name that a street has had -> its name today, and that -> its district."""
    register = pd.read_csv(raw / "register.csv")
    district = dict(zip(register["unit"], register["district"], strict=True))
    changes = pd.read_csv(raw / "crosswalk.csv")
    becomes = dict(zip(changes["former_unit"], changes["unit"], strict=True))
    names = {name: name for name in district}
    for former in becomes:
        today = former
        while today not in district:
            today = becomes[today]
        names[former] = today
    return names, district


def write_tables(
    cells: pd.DataFrame,
    handled: Mapping[tuple[str, ...], pd.DataFrame],
    district: Mapping[str, str],
    rules: Rules,
    to: Path,
) -> None:
    """Balance both tables and write them.

    Parameters
    ----------
    cells
        `unit`, `category`, `period` (the first of a month) and counts.
    handled
        Keys of a table -> those keys, `followed`, `closed_within` and quantiles in seconds.
    district
        Unit -> district.
    rules
        The study.
    to
        Where to write.
    """
    months = cells[["period"]].drop_duplicates()
    cells = cells[cells[["complaints", "consultations", "proactive_cases"]].sum(axis=1) > 0]
    counts = [*COUNTS, "repeat_complaints"]
    for table, key_names in TABLES.items():
        keys = list(key_names)
        units = pd.DataFrame({"unit": list(district)})
        if "category" in keys:
            units = cells[["unit", "category"]].drop_duplicates()
        grid = units.merge(months, how="cross")
        sums = cells.groupby(keys, as_index=False)[counts].sum()
        panel = grid.merge(sums, on=keys, how="left").merge(handled[key_names], on=keys, how="left")
        panel[counts] = panel[counts].fillna(0).astype("Int64")
        early = panel["period"] < pd.Timestamp(rules.first_with_history)
        panel.loc[early, "repeat_complaints"] = pd.NA
        panel.loc[panel["period"] > pd.Timestamp(rules.last_followed), "on_time"] = pd.NA
        for name, (part, whole) in QUANTILES.items():
            above = -((1 - panel["followed"]) * part // whole)
            panel[name] = (panel[name] / 86_400).where(above < panel["closed_within"])
        panel["district"] = panel["unit"].map(district)
        panel = panel.sort_values(keys)
        panel["period"] = panel["period"].dt.strftime("%Y-%m")
        head = [name for name in ("unit", "district", "category", "period") if name in panel]
        panel[[*head, *COLUMNS]].to_csv(to / f"{table}.csv", index=False)
