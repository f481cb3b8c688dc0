"""Categories: those that both residents and staff file are kept; the rest are counted."""

from __future__ import annotations

import pandas as pd

from analysis.panel.keep import FEW, ONE_SIDED, keep_categories
from analysis.study.levels import Keep

KEEP = Keep(minimum_share_of_each_initiator=0.05, minimum_cases=100)


def test_limits_that_are_just_met_keep_a_category():
    """Catches a limit that is taken as exceeded when it is met, on either side."""
    rows = [("residents", 95, 5), ("staff", 5, 95)]
    table = pd.DataFrame(rows, columns=["category", "complaints", "proactive_cases"])
    kept, _ = keep_categories(table.astype({"complaints": "Int64"}), KEEP)
    assert kept["category"].tolist() == ["residents", "staff"]


def test_each_rule_drops_its_category_and_says_why():
    """Catches a category that only staff can file, and rows that are judged one by one."""
    rows = [("met", 95, 5), ("rare", 90, 9), ("staff", 4, 96), ("residents", 96, 4), ("none", 0, 0)]
    table = pd.DataFrame(rows, columns=["category", "complaints", "proactive_cases"])
    table = table.astype({"complaints": "Int64", "proactive_cases": "Int64"})
    kept, ledger = keep_categories(pd.concat([table, table.assign(complaints=0)]), KEEP)
    # The second copy adds staff's cases only, so "met" stays at 95 to 10.
    assert set(kept["category"]) == {"met", "rare", "residents"}
    left = {entry.category: entry for entry in ledger.entries}
    assert (left["staff"].reason, left["staff"].rows) == (ONE_SIDED, 2)
    assert left["staff"].before == "196 cases, 98.0% of them proactive"
    assert (left["none"].reason, left["none"].before) == (f"{FEW}; {ONE_SIDED}", "0 cases")
