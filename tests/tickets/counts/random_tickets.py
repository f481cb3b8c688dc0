"""Random checked tickets with all that makes counting hard, and a plain count of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

FIRST, DAYS = datetime(2022, 1, 1), 365


def draw_tickets(rng: np.random.Generator, size: int) -> list[dict[str, Any]]:
    """Draw tickets of three units, three categories and few callers, over the year 2022."""

    def choose(values: list[Any], chances: list[float]) -> list[Any]:
        return [values[place] for place in rng.choice(len(values), size, p=chances)]

    drawn = pd.DataFrame(
        {
            "unit": choose(["A", "B", "C"], [0.6, 0.3, 0.1]),
            "category": choose(["roads", "water", None], [0.6, 0.35, 0.05]),
            "caller": choose([None, *"abcdefgh"], [0.2, *[0.1] * 8]),
            "initiator": choose(["resident", "proactive", "system"], [0.75, 0.2, 0.05]),
            "step": choose([None, "codes"], [0.95, 0.05]),
            **{
                name: choose([False, True], [0.9, 0.1])
                for name in ("duplicate", "internal", "consultation")
            },
            **{
                name: choose([None, False, True], [0.5, 0.2, 0.3])
                for name in ("responded", "resolved", "satisfied")
            },
        },
        dtype=object,
    )
    rows = drawn.to_dict("records")
    for row, at in zip(rows, rng.integers(0, DAYS * 86_400, size), strict=True):
        row["opened"] = FIRST + timedelta(seconds=int(at))
        # Whole days now and then, so that borders are met exactly.
        taken = int(rng.integers(0, 45)) * 86_400 + int(rng.choice([0, 0, 4_321]))
        row["closed"] = None if rng.random() < 0.1 else row["opened"] + timedelta(seconds=taken)
        allowed = int(rng.integers(1, 45))
        row["due"] = None if rng.random() < 0.3 else row["opened"] + timedelta(days=allowed)
    return rows


def count_plainly(rows: list[dict[str, Any]], keys: list[str], repeat: int, follow: int) -> Any:
    """Count tickets one by one: (unit, [category,] month) -> column -> value, where not empty."""
    kept = [row for row in rows if row["step"] is None and not row["internal"]]
    cells: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in kept:
        key = tuple(f"{row['opened']:%Y-%m}" if k == "period" else row[k] for k in keys)
        if None in key or row["initiator"] == "system":
            continue
        cell = cells.setdefault(key, {"days": []})

        def add(name: str, holds: bool, cell: dict[str, Any] = cell) -> None:
            cell[name] = cell.get(name, 0) + int(holds)

        if row["initiator"] == "proactive":
            add("proactive_cases", not row["consultation"])
            continue
        add("consultations", row["consultation"])
        if row["consultation"]:
            continue
        answers = [row[name] for name in ("responded", "resolved", "satisfied")]
        add("complaints", True)
        add("surveyed", any(answer is not None for answer in answers))
        for name, answer in zip(("responded", "resolved", "satisfied"), answers, strict=True):
            add(name, answer is True)
        due, closed = row["due"], row["closed"]
        add("with_deadline", due is not None)
        add("on_time", due is not None and closed is not None and closed <= due)
        add("repeat_complaints", _repeats(row, kept, repeat))
        taken = follow if closed is None else (closed - row["opened"]).total_seconds() / 86_400
        cell["days"].append(min(taken, follow))
    for cell in cells.values():
        cell |= _quantiles(cell.pop("days"), follow)
    return cells


def _repeats(row: dict[str, Any], kept: list[dict[str, Any]], days: int) -> bool:
    """Look through all complaints for an earlier one."""
    if row["caller"] is None or row["category"] is None:
        return False
    return any(
        timedelta(0) < row["opened"] - other["opened"] <= timedelta(days=days)
        for other in kept
        if other["initiator"] == "resident"
        and not other["consultation"]
        and (other["caller"], other["category"]) == (row["caller"], row["category"])
    )


def _quantiles(days: list[float], follow: int) -> dict[str, float]:
    """Interpolate with numpy; unknown if the case at or above the quantile was not closed."""
    known = {}
    for name, share in (("median_days", 0.5), ("p90_days", 0.9)):
        if days and np.quantile(days, share, method="higher") < follow:
            known[name] = float(np.quantile(days, share))
    return known
