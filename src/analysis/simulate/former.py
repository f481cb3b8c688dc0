"""Units that were renamed or merged: reports before the event carry their former names."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

__all__ = ["EVENTS", "Event", "crosswalk", "use_former_names"]


@dataclass(frozen=True, slots=True)
class Event:
    """What became of one unit.

    Attributes
    ----------
    unit
        Its present name.
    former
        The names that stood in its place before: one if it was renamed, several if merged.
    valid_from
        The first month under the present name.
    word
        What happened, as the crosswalk says it.
    """

    unit: str
    former: tuple[str, ...]
    valid_from: str
    word: str


# One renaming and one merger, both when townships became towns, so each name tells its time.
EVENTS = (
    Event("通州第15镇", ("通州第15乡",), "2021-07", "更名"),
    Event("房山第28镇", ("房山第28乡", "房山第29乡"), "2020-10", "合并"),
)
# Assumption: the first part's share of a merged unit's cases before the merger.
FIRST_SHARE = 0.6


def crosswalk(register: pd.DataFrame) -> pd.DataFrame:
    """Tabulate the events: `former_unit`, `unit`, `district`, `valid_from` and `event`."""
    district = register.set_index("unit")["district"]
    rows = [
        (former, event.unit, district[event.unit], event.valid_from, event.word)
        for event in EVENTS
        for former in event.former
    ]
    return pd.DataFrame(rows, columns=["former_unit", "unit", "district", "valid_from", "event"])


def use_former_names(panel: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Put units back to what they were before each event.

    Parameters
    ----------
    panel
        One row per present unit and month, with all counts of a street report.
    rng
        Source of the split of a merged unit's cases.

    Returns
    -------
    pandas.DataFrame
        The panel with former names; a merged unit has a row for each part, and the parts' counts
        add up to what was given and keep the bounds between counts.
    """
    pieces = []
    for event in EVENTS:
        before = (panel["unit"] == event.unit) & (panel["period"] < event.valid_from)
        pieces.append(_split(panel[before], event, rng))
        panel = panel[~before]
    return pd.concat([panel, *pieces], ignore_index=True)


def _split(rows: pd.DataFrame, event: Event, rng: np.random.Generator) -> pd.DataFrame:
    if len(event.former) == 1:
        return rows.assign(unit=event.former[0])
    first = rows.copy()
    for name in ("complaints", "consultations", "proactive_cases"):
        first[name] = rng.binomial(rows[name].astype("int64"), FIRST_SHARE)
    # A sample without replacement never gives a part more than it has.
    for name, of in (
        ("surveyed", "complaints"),
        ("responded", "surveyed"),
        ("resolved", "surveyed"),
        ("satisfied", "surveyed"),
        ("repeat_complaints", "complaints"),
    ):
        mine = first[of].astype("int64")
        others = rows[of].astype("int64") - mine
        first[name] = rng.hypergeometric(mine, others, rows[name].astype("int64"))
    counts = ["complaints", "consultations", "proactive_cases", "surveyed", "responded"]
    counts += ["resolved", "satisfied", "repeat_complaints"]
    second = rows.assign(**{name: rows[name] - first[name] for name in counts})
    parts = [first.assign(unit=event.former[0]), second.assign(unit=event.former[1])]
    return pd.concat(parts, ignore_index=True).astype(dict.fromkeys(counts, "Int64"))
