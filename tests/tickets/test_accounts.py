"""The account adds up, from raw rows to rows of the tables."""

from __future__ import annotations

import pandas as pd

from analysis.tickets.accounts import COLUMNS, full_account
from analysis.tickets.counts.count import Counted
from analysis.tickets.counts.left_out import LeftOut


def entry(step: str, rows_in: int, rows_out: int, **done: object) -> dict[str, object]:
    nothing = {"action": "", "reason": "", "column": "", "rows": 0, "foreseen": True, "places": ""}
    return {
        "source": "a",
        "step": step,
        "rows_in": rows_in,
        "rows_out": rows_out,
        **nothing,
        **done,
    }


def test_cases_become_rows_without_a_gap():
    """Catches cases that are in no row, or rows that come from nowhere."""
    aside = {"action": "row set aside", "rows": 2}
    cleaning = pd.DataFrame(
        [
            entry("read", 12, 12),
            entry("versions", 12, 10, reason="earlier version", **aside),
            entry("codes", 10, 8, reason="void", **aside),
            entry("places", 8, 8, action="cell set missing", column="closed", reason="x", rows=3),
        ]
    )
    table = pd.DataFrame({"complaints": [4, 0, 2], "proactive_cases": [0, 0, 1]})
    late = LeftOut("no delivery", ("2022-02",), tables=("tickets",), cases=1)
    told = full_account(cleaning, Counted({"tickets": table}, (late,)))
    assert tuple(told.columns) == COLUMNS
    actions = dict(zip(told["reason"], told["action"], strict=True))
    assert (actions["earlier version"], actions["void"]) == ("restated", "dropped")
    assert actions["closed: x"] == "set missing"
    counting = told[told["step"] == "count"]
    assert dict(zip(counting["action"], counting["rows"], strict=True)) == {
        "filled": 1,
        "dropped": 1,
    }
    for _, rows in told.groupby(["table", "step"]):
        by_action = rows.groupby("action")["rows"].sum()
        gone = by_action.get("dropped", 0) + by_action.get("restated", 0)
        filled = by_action.get("filled", 0)
        step = rows.iloc[0]
        assert step["rows_out"] == step["rows_in"] - step["joined"] - gone + filled
