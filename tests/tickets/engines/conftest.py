"""Landed tickets with a bit of everything, as Parquet files for an engine to read."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis.tickets.clean.references import TicketReferences
from analysis.tickets.contract import ticket_column

LANDED = (
    "id", "opened", "updated", "dispatched", "closed", "due", "district", "street", "category_1",
    "category_2", "channel", "caller", "status", "responded", "resolved", "satisfied",
    "duplicate_of", "text",
)  # fmt: skip


@pytest.fixture(scope="session")
def landed_files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two files of 300 tickets each, in which rows fail every step of cleaning."""
    folder = tmp_path_factory.mktemp("landed")
    return [_write(folder / f"{name}.parquet", name) for name in ("first", "second")]


@pytest.fixture(scope="session")
def known() -> TicketReferences:
    return TicketReferences(
        pd.DataFrame({"unit": ["河东街道", "新街", "老街"], "district": ["东城", "西城", "西城"]}),
        pd.DataFrame(
            {
                "former_unit": ["老街"],
                "unit": ["新街"],
                "valid_from": [pd.Period("2022-06", "M")],
            }
        ),
    )


def _write(path: Path, name: str) -> Path:
    rows = [_row(number, name) for number in range(2, 302)]
    fields = [
        pa.field("source", pa.string()),
        pa.field("file", pa.string()),
        pa.field("row", pa.int64()),
        pa.field("problem", pa.string()),
    ]
    fields += [
        pa.field(
            column, pa.timestamp("us") if ticket_column(column).kind == "time" else pa.string()
        )
        for column in LANDED
    ]
    pq.write_table(pa.Table.from_pylist(rows, schema=pa.schema(fields)), path)
    return path


def _row(number: int, name: str) -> dict[str, object]:
    """Return a ticket; the remainders of its number decide what is wrong with it."""
    month, day = number % 12 + 1, number % 28 + 1
    return {
        "source": "hotline",
        "file": f"{name}.csv",
        "row": number,
        "problem": {0: "cells", 1: "time:due,updated"}.get(number % 41),
        # Every tenth number comes in both files.
        "id": None if number % 37 == 0 else f"T{number}" if number % 10 == 0 else f"{name}{number}",
        "opened": datetime(2023 if number % 47 == 0 else 2022, month, day, number % 24, 59, 59),
        "updated": None if number % 20 == 0 else datetime(2022, 12, day),
        "closed": datetime(2022, 12, 28, 23, 59, 59) if number % 3 else None,
        "due": datetime(2022, month, day),
        "district": "东城",
        "street": ["河东街道", "河東街道", "老街", "不详", "火星", None, "老街"][number % 7],
        "category_1": ["环境卫生", "咨询", "内部事务"][number % 3],
        "channel": ["电话", "巡查", "系统导入", "电话", "?"][number % 5],
        "status": ["已办结", "办理中", "作废", None, "已办结", "已办结"][number % 6],
        "resolved": ["是", "否", "未回访", None, "?"][number % 5],
        "satisfied": "满意",
        "text": "测试工单 ÄÖ" if number % 29 == 0 else None,
    }
