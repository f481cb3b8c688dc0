"""Checked tickets, written as short as a test can say them."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest

from analysis.tickets.contract import ticket_columns

_BOOLS = ("on_time", "responded", "resolved", "satisfied")
_ADDED = {
    "unit": pa.string(),
    "category": pa.string(),
    "period": pa.date32(),
    "initiator": pa.string(),
    "duplicate": pa.bool_(),
    "internal": pa.bool_(),
    "consultation": pa.bool_(),
    "is_closed": pa.bool_(),
    "step": pa.string(),
    "reason": pa.string(),
    "unset": pa.string(),
    "changed": pa.string(),
}


def _type(name: str) -> pa.DataType:
    if name in _BOOLS:
        return pa.bool_()
    return pa.timestamp("us") if name in ticket_columns("time") else pa.string()


SCHEMA = pa.schema(
    {"source": pa.string(), "file": pa.string(), "row": pa.int64()}
    | {name: _type(name) for name in ticket_columns() if name not in ("longitude", "latitude")}
    | _ADDED
)


def complete(number: int, given: Mapping[str, Any]) -> dict[str, Any]:
    """Fill a row: an open complaint of unit A about roads, unless said otherwise."""
    plain = {
        "source": "hotline",
        "file": "hotline_2022.csv",
        "row": number + 2,
        "id": f"{number:08d}",
        "opened": datetime(2022, 6, 1, 9),
        "district": "North",
        "unit": "A",
        "category": "roads",
        "initiator": "resident",
        "duplicate": False,
        "internal": False,
        "consultation": False,
    }
    row = dict.fromkeys(SCHEMA.names) | plain | dict(given)
    for name in ticket_columns("time"):
        if isinstance(row[name], str):
            row[name] = datetime.fromisoformat(row[name])
    row["period"] = row["opened"].date().replace(day=1)
    if row["is_closed"] is None:
        row["is_closed"] = row["closed"] is not None
    return row


def arrow(rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist([complete(n, row) for n, row in enumerate(rows)], schema=SCHEMA)


Build = Callable[[Iterable[Mapping[str, Any]]], ir.Table]


@pytest.fixture(scope="session")
def checked() -> Build:
    """Make a checked table in memory of rows that say only what matters."""
    return lambda rows: ibis.memtable(arrow(rows))


@pytest.fixture(scope="session")
def random_tickets() -> ModuleType:
    """The module beside this one; tests are no package from which it could be imported."""
    path = Path(__file__).with_name("random_tickets.py")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
