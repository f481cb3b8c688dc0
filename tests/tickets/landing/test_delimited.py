"""Whatever text is in the cells of a CSV file comes back as it was."""

from __future__ import annotations

import csv
import io
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.tickets.landing import delimited
from analysis.tickets.landing.delimited import open_delimited

WIDTH = 6
NAMES = [f"c{number}" for number in range(WIDTH)]
CELL = st.text(
    st.one_of(
        st.sampled_from("a1 \t\"',;\n甲，。"),
        st.characters(exclude_categories=("Cs", "Cc", "Cf")),
    ),
    max_size=8,
)
ROWS = st.lists(st.lists(CELL, min_size=WIDTH, max_size=WIDTH), min_size=1, max_size=12)


def may_be_mistaken(cell: str) -> bool:
    """Say whether a cell looks like the rest of a record, which is refused on purpose."""
    return "\n" in cell and cell.count(",") >= WIDTH - 1


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=ROWS, encoding=st.sampled_from(["utf-8", "gb18030", "utf-16"]))
def test_cells_come_back(riverton, rows, encoding):
    """Catches a quote, comma, line break or character that is lost on the way."""
    rows = [row for row in rows if not any(map(may_be_mistaken, row))]
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([NAMES, *rows])
    source = replace(riverton.tickets.source[0], encoding=encoding)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.csv")
        path.write_bytes(text.getvalue().encode(encoding))
        raw = open_delimited(path, "a.csv", source)
        batches = list(raw.read({name: place for place, name in enumerate(NAMES)}))
    assert raw.headers == tuple(NAMES)
    found = [list(row.values()) for batch in batches for row in batch.to_pylist()]
    blanks = " \t\n\r\v\f\xa0\u3000\ufeff"
    assert found == [
        [number, None, *(cell.strip(blanks) for cell in row)]
        for number, row in enumerate(rows, start=2)
    ]


@pytest.mark.parametrize("limit", [64, 200, 1 << 20])
def test_numbers_of_records_are_exact(riverton, tmp_path, monkeypatch, limit):
    """Catches a number that is off after a record that was left out, or at a block's border."""
    monkeypatch.setattr(delimited, "RECORD_LIMIT", limit)
    lines, expected = ["a,b"], {}
    for number in range(2, 90):
        broken = number % 7 in (0, 1) or number > 85
        expected[number] = "cells" if broken else None
        lines += [f"{number}" if broken else f"{number},x", *[""] * (number % 3)]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(lines))
    source = replace(riverton.tickets.source[0], encoding="utf-8")
    batches = open_delimited(path, "a.csv", source).read({"id": 0})
    rows = [row for batch in batches for row in batch.to_pylist()]
    assert {row["row"]: row["problem"] for row in rows} == expected
    assert len(rows) == len(expected)
    assert all(row["id"] == str(row["row"]) for row in rows if row["problem"] is None)
