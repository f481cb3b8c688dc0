"""Renamed and merged units: counts move to the unit of today, and none twice."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.clean.crosswalk import bring_to_present_units, names_in_force
from analysis.clean.places import Places
from analysis.clean.references import References
from analysis.errors import DataError

# 旧 was renamed 新; 甲 and 乙 became 合; 小 joined 大, which kept its name.
EVENTS = [("旧", "新"), ("甲", "合"), ("乙", "合"), ("小", "大"), ("大", "大")]
START = pd.Period("2021-01", "M")
CROSSWALK = pd.DataFrame(EVENTS, columns=["former_unit", "unit"]).assign(
    valid_from=START, district="D", event="x"
)
UNITS = pd.DataFrame({"unit": ["新", "合", "大", "别"], "district": "D", "population": 1})
REFERENCES = References(units=UNITS, crosswalk=CROSSWALK, adoption=None, known_errors=())
BEFORE, AFTER = "2020-12", "2021-01"


def bring(rows: list[tuple[str, str, int | None]]):
    table = pd.DataFrame(rows, columns=["unit", "period", "complaints"])
    table["period"] = pd.PeriodIndex(table["period"], freq="M")
    table = table.astype({"complaints": "Int64"})
    table = table.assign(district="D", file="a.csv", row=range(2, len(rows) + 2))
    keys = ("unit", "district", "period")
    return bring_to_present_units(table, keys, REFERENCES, Places({}))


def counts(rows: list[tuple[str, str, int | None]]) -> dict[str, int | None]:
    table, _ = bring(rows)
    values = [None if value is pd.NA else value for value in table["complaints"]]
    return dict(zip(table["unit"], values, strict=True))


def test_renamed_unit_keeps_its_counts():
    """Catches a unit whose history breaks off at its renaming."""
    table, ledger = bring([("旧", BEFORE, 5), ("新", AFTER, 6), ("别", AFTER, 7)])
    assert table.groupby("unit")["complaints"].sum().to_dict() == {"新": 11, "别": 7}
    assert [(e.before, e.after, e.action) for e in ledger.entries] == [("旧", "新", "changed")]


def test_merged_units_are_summed():
    """Catches one part overwriting the other."""
    assert counts([("甲", BEFORE, 3), ("乙", BEFORE, 4)]) == {"合": 7}
    _, ledger = bring([("甲", BEFORE, 3), ("乙", BEFORE, 4)])
    assert ledger.steps[0].joined == 1


@pytest.mark.parametrize("rows", [[("甲", BEFORE, 3)], [("甲", BEFORE, 3), ("乙", BEFORE, None)]])
def test_half_of_a_merged_unit_is_missing(rows: list[tuple[str, str, int | None]]):
    """Catches a fall in volume that is only a part that did not report."""
    assert counts(rows) == {"合": None}


def test_what_a_part_reported_alone_is_in_the_ledger():
    """Catches a reported count that disappears in a missing sum without a line."""
    _, ledger = bring([("甲", BEFORE, 3), ("乙", BEFORE, None)])
    lost = [entry for entry in ledger.entries if entry.action == "set missing"]
    assert [(entry.row, entry.column, entry.before) for entry in lost] == [(2, "complaints", "3")]


def test_a_merger_into_a_unit_that_keeps_its_name():
    """Catches a larger unit whose own rows are taken for the merged unit's."""
    assert counts([("大", BEFORE, 10), ("小", BEFORE, 1)]) == {"大": 11}
    assert counts([("大", BEFORE, 10)]) == {"大": None}
    assert counts([("大", AFTER, 12)]) == {"大": 12}


@pytest.mark.parametrize(("name", "period"), [("旧", AFTER), ("新", BEFORE), ("合", BEFORE)])
def test_a_name_out_of_its_time_is_taken_over_and_noted(name: str, period: str):
    """Catches a report being refused, or accepted without a trace, for using the other name."""
    table, ledger = bring([(name, period, 5)])
    assert table["complaints"].tolist() == [5]
    assert len(ledger.entries) == 1


@pytest.mark.parametrize(
    "rows",
    [
        [("旧", BEFORE, 5), ("新", BEFORE, 5)],
        [("旧", AFTER, 5), ("新", AFTER, 5)],
        [("甲", BEFORE, 3), ("乙", BEFORE, 4), ("合", BEFORE, 7)],
        [("大", AFTER, 12), ("小", AFTER, 1)],
    ],
)
def test_names_that_exclude_each_other_are_refused(rows: list[tuple[str, str, int | None]]):
    """Catches cases that count twice because a month stands under two names."""
    with pytest.raises(DataError) as caught:
        bring(rows)
    message = str(caught.value)
    assert "names that exclude each other" in message
    assert "a.csv, row 2" in message
    assert "a.csv, row 3" in message


def test_names_are_traced_through_two_events():
    """Catches a crosswalk that is followed only one step back."""
    rows = [("A", "B", "2020-01"), ("B", "C", "2022-01"), ("X", "C", "2022-01")]
    events = [(former, unit, pd.Period(start, "M")) for former, unit, start in rows]
    by_month = {
        month: sorted(names_in_force("C", pd.Period(month, "M"), events))
        for month in ("2019-12", "2020-01", "2022-01")
    }
    assert by_month == {"2019-12": ["A", "X"], "2020-01": ["B", "X"], "2022-01": ["C"]}
