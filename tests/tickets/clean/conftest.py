"""Landed tickets for tests: one sound ticket, and tables of tickets that differ from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import ibis
import pandas as pd
import pyarrow as pa
import pytest

from analysis.study.schema import Study
from analysis.tickets.clean.clean import clean_tickets
from analysis.tickets.clean.references import NO_REFERENCES, TicketReferences
from analysis.tickets.contract import ticket_column

Row = dict[str, Any]

SOUND: Row = {
    "source": "hotline",
    "file": "hotline_2022.csv",
    "problem": None,
    "opened": datetime(2022, 3, 5, 9, 30),
    "updated": datetime(2022, 3, 9, 10, 0),
    "dispatched": datetime(2022, 3, 5, 9, 45),
    "closed": datetime(2022, 3, 8, 16, 0),
    "due": datetime(2022, 3, 12, 9, 30),
    "district": "东城",
    "street": "河东街道",
    "category_1": "环境卫生",
    "category_2": "垃圾",
    "channel": "电话",
    "caller": "0123456789abcdef",
    "status": "已办结",
    "responded": "是",
    "resolved": "是",
    "satisfied": "满意",
    "duplicate_of": None,
    "text": "楼下垃圾未清",
}


def make_ticket(**differences: Any) -> Row:
    """Return a sound ticket with some cells changed; its number is its row unless it is given."""
    return {**SOUND, **differences}


def land_rows(study: Study, rows: Sequence[Row]) -> ibis.Table:
    """Return the landed table of some tickets, with exactly the columns that landing writes."""
    assert study.tickets is not None
    left_out = {"longitude", "latitude"}
    if study.tickets.privacy.text == "drop":
        left_out.add("text")
    contents = [name for name in study.tickets.columns if name not in left_out]
    fields = [
        pa.field("source", pa.string()),
        pa.field("file", pa.string()),
        pa.field("row", pa.int64()),
        pa.field("problem", pa.string()),
        *(
            pa.field(
                name,
                pa.timestamp("us") if ticket_column(name).kind == "time" else pa.string(),
            )
            for name in contents
        ),
    ]
    if any(repair.kind == "default_coordinates" for repair in study.tickets.repair):
        fields.append(pa.field("default_point", pa.bool_()))
    complete = [{"row": n, "id": f"T{n}", **row} for n, row in enumerate(rows, start=2)]
    names = {f.name for f in fields}
    landed = [{k: v for k, v in row.items() if k in names} for row in complete]
    return ibis.memtable(pa.Table.from_pylist(landed, schema=pa.schema(fields)))


def make_references(
    units: dict[str, str], crosswalk: Sequence[tuple[str, str, str]] = ()
) -> TicketReferences:
    """Return a register (unit -> district) and a crosswalk (former, unit, month)."""
    return TicketReferences(
        pd.DataFrame({"unit": list(units), "district": list(units.values())}),
        pd.DataFrame(
            [(former, unit, pd.Period(month, "M")) for former, unit, month in crosswalk],
            columns=["former_unit", "unit", "valid_from"],
        ),
    )


Clean = Callable[..., list[Row]]


def clean_rows(*rows: Row, study: Study, known: TicketReferences = NO_REFERENCES) -> list[Row]:
    """Clean tickets, and return the checked rows in the order of file and row."""
    checked = clean_tickets(land_rows(study, rows), study, known)
    return sorted(checked.to_pyarrow().to_pylist(), key=lambda row: (row["file"], row["row"]))


@pytest.fixture(scope="session")
def ticket() -> Callable[..., Row]:
    return make_ticket


@pytest.fixture(scope="session")
def land() -> Callable[..., ibis.Table]:
    return land_rows


@pytest.fixture(scope="session")
def references() -> Callable[..., TicketReferences]:
    return make_references


@pytest.fixture(scope="session")
def clean(riverton: Study) -> Clean:
    return partial(clean_rows, study=riverton)


@pytest.fixture(scope="session")
def city(riverton: Study) -> Callable[..., Study]:
    """Return Riverton with some keys of its table of tickets changed."""

    def change(**differences: Any) -> Study:
        assert riverton.tickets is not None
        return replace(riverton, tickets=replace(riverton.tickets, **differences))

    return change
