"""A compendium with a ledger of flows, a panel and what cleaning did."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from analysis.ledger.flow import Dropped, RowFlow
from analysis.workspace import file_hash

PANEL = "data/processed/toy/panel_street.csv"

FLOWS = {
    "complaints.twfe": RowFlow(
        10, (Dropped("outcome missing", 2, "2-3"), Dropped("zero outcome", 1, "7")), 0, 7, 5, 5
    ),
    "complaints.stacked": RowFlow(
        10, (Dropped("outcome missing", 2, "3-4"), Dropped("in no window", 3, "9-11")), 4, 9, 4, 4
    ),
    "complaints.check.01": RowFlow(10, (Dropped("not in the part", 4),), 0, 6, 3, 3),
}
LEDGER = """\
table,step,action,reason,file,row,unit,category,period,column,before,after,rows
all_streets,total rows,dropped,sums up other rows,a.csv,9,,,,,,,1
all_streets,total rows,dropped,sums up other rows,a.csv,10,,,,,,,2
all_streets,total rows,set missing,a count below zero,a.csv,3,,,,complaints,-1,,1
panel_street,balance,filled,no report,,,b,,2024-01,,,,2
"""
CLEANING: dict[str, Any] = {
    "columns": ["Where", "Step", "Rows in", "Rows out", "Dropped", "Filled", "Set missing"],
    "rows": [
        ["all streets", "total rows", "1,011", "1,008", "3", "", "1"],
        ["panel street", "balance", "1,008", "1,010", "", "2", ""],
    ],
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "notebooks" / "studies").mkdir(parents=True)
    panel = tmp_path / PANEL
    panel.parent.mkdir(parents=True)
    rows = [f"u{row},2024-{row:02d},5" for row in range(2, 12)]
    panel.write_text("\n".join(["unit,period,complaints", *rows]) + "\n", encoding="utf-8")
    (panel.parent / "cleaning_ledger.csv").write_text(LEDGER, encoding="utf-8")
    run = {
        "notebook": "03_effect",
        "parameters": {},
        **dict.fromkeys(("source", "study", "code", "lock"), "0"),
        "inputs": {PANEL: file_hash(panel)},
    }
    made = {"run": "03_effect", "cell": "cell-02", "line": 5, "panel": PANEL, "label": ""}
    ledger = {
        "study": "toy",
        "runs": {"03_effect": run},
        **{kind: {} for kind in ("numbers", "figures", "tables")},
        "flows": {f"toy.street.{k}": dataclasses.asdict(f) | made for k, f in FLOWS.items()},
    }
    for name, content in {"ledger/toy": ledger, "tables/toy-cleaning": CLEANING}.items():
        path = tmp_path / "paper" / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content), encoding="utf-8")
    return tmp_path
