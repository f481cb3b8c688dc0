"""Initiators: who opened a case decides its column."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.clean.initiators import spread_initiators
from analysis.clean.places import Places
from analysis.errors import DataError
from analysis.study.sources import Initiators

WHO = Initiators(
    column="initiator",
    resident={"tickets": "complaints", "due": "with_deadline", "kept": "on_time"},
    proactive={"tickets": "proactive_cases"},
)
KEYS = ["unit", "period"]


def spread(rows: list[tuple[str, str, int, int, int]], absent: str = "zero"):
    table = pd.DataFrame(rows, columns=["unit", "initiator", "tickets", "due", "kept"])
    table = table.astype({"tickets": "Int64", "due": "Int64", "kept": "Int64"})
    table = table.assign(district="D", period="2015-01", file="a.csv", row=range(2, len(rows) + 2))
    return spread_initiators(table, WHO, KEYS, absent, Places({}))


def test_rows_of_one_month_become_one_row():
    """Catches staff's timeliness in the residents' columns, and cases that are lost."""
    table, ledger = spread([("A", "resident", 5, 4, 3), ("A", "proactive", 2, 2, 2)])
    (row,) = table.to_dict("records")
    assert (row["complaints"], row["proactive_cases"]) == (5, 2)
    assert (row["with_deadline"], row["on_time"]) == (4, 3)
    assert ledger.steps[0].joined == 1


@pytest.mark.parametrize(("absent", "expected"), [("zero", 0), ("missing", None)])
def test_an_initiator_without_a_row(absent: str, expected: int | None):
    """Catches a rule about absent rows that is applied to months but not to initiators."""
    table, _ = spread([("A", "resident", 5, 4, 3)], absent)
    value = table["proactive_cases"].iloc[0]
    assert (None if value is pd.NA else value) == expected


def test_initiators_that_the_study_leaves_out_are_counted():
    """Catches cases of other software being dropped without a line in the ledger."""
    table, ledger = spread([("A", "resident", 5, 4, 3), ("B", "system", 1, 1, 1)])
    assert table["unit"].tolist() == ["A"]
    assert [(entry.row, entry.unit) for entry in ledger.entries] == [(3, "B")]


def test_an_unknown_initiator_is_refused():
    """Catches a new kind of initiator vanishing from every column."""
    with pytest.raises(DataError, match="did you mean 'resident'"):
        spread([("A", "residents", 5, 4, 3)])


def test_more_on_time_than_due_names_the_raw_column():
    """Catches the trap of deadlines that are missing but counted as kept."""
    with pytest.raises(DataError, match=r"a\.csv, row 2, column 'kept' \(on_time\)"):
        spread([("A", "resident", 5, 4, 5)])
