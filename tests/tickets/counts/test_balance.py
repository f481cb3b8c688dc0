"""Every unit, and every category seen in it, has a row for every month of its life."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.contract.columns import column
from analysis.errors import DataError
from analysis.tickets.counts.balance import OUTSIDE_LIFE
from analysis.tickets.counts.count import NO_CATEGORY, count_tickets

YEAR = [f"2022-{month:02d}" for month in range(1, 13)]
# A hotline that delivers every month.
PULSE = [{"opened": f"{month}-15", "unit": "A", "category": "roads"} for month in YEAR]


def register(**units: tuple[str | None, str | None]) -> pd.DataFrame:
    """A register of units in district North: unit -> first and last month of its life."""
    lives = list(units.values())
    return pd.DataFrame(
        {
            "unit": list(units),
            "district": "North",
            "valid_from": pd.PeriodIndex([life[0] for life in lives], freq="M"),
            "valid_to": pd.PeriodIndex([life[1] for life in lives], freq="M"),
        }
    )


def months_of(table: pd.DataFrame, **keys: str) -> list[str]:
    for name, value in keys.items():
        table = table[table[name] == value]
    return [str(month) for month in table["period"]]


def test_units_have_a_row_for_each_month_of_their_life(checked, riverton):
    """Catches months before a unit was founded, or after it was merged, as months without cases."""
    units = register(
        A=(None, None), B=("2022-03", None), C=(None, "2022-10"), D=("2022-05", "2022-05")
    )
    table = count_tickets(checked(PULSE), riverton, units).tables["tickets"]
    assert months_of(table, unit="A") == YEAR
    assert months_of(table, unit="B") == YEAR[2:]
    assert months_of(table, unit="C") == YEAR[:10]
    assert months_of(table, unit="D") == YEAR[4:5]
    assert table.loc[table["unit"] != "A", "complaints"].eq(0).all()


def test_a_register_without_lives_covers_all_months(checked, riverton):
    units = register(A=(None, None), B=(None, None))[["unit", "district"]]
    table = count_tickets(checked(PULSE), riverton, units).tables["tickets"]
    assert months_of(table, unit="B") == YEAR


def test_cases_outside_a_units_life_are_named(checked, riverton):
    """Catches tickets that vanish because the register knows their unit only later."""
    early = [{"unit": "B", "opened": "2022-01-15"}, {"unit": "B", "opened": "2022-02-15"}] * 2
    units = register(A=(None, None), B=("2022-03", None))
    counted = count_tickets(checked(PULSE + early), riverton, units)
    found = [left for left in counted.left_out if left.reason == f"{OUTSIDE_LIFE}: B"]
    assert [(left.tables, left.months, left.cases) for left in found] == [
        (("tickets",), ("2022-01", "2022-02"), 4),
        (("tickets_by_category",), ("2022-01", "2022-02"), 4),
    ]


def test_a_category_is_balanced_in_the_units_that_have_it(checked, riverton):
    """Catches streets with rows of noughts for what only a harbour has, and months without one."""
    rows = [
        *PULSE,
        {"unit": "B", "category": "harbour", "opened": "2022-06-01"},
        {"unit": "B", "category": "taxis", "initiator": "system"},
        {"unit": "B", "category": "own", "internal": True},
    ]
    table = count_tickets(checked(rows), riverton).tables["tickets_by_category"]
    pairs = table[["unit", "category"]].drop_duplicates().to_numpy().tolist()
    assert pairs == [["A", "roads"], ["B", "harbour"]]
    assert months_of(table, unit="B", category="harbour") == YEAR
    assert table.loc[table["unit"] == "B", "complaints"].sum() == 1


def test_cases_without_a_category_count_by_unit_and_are_named(checked, riverton):
    rows = [*PULSE, {"category": None}, {"category": None, "initiator": "proactive"}]
    counted = count_tickets(checked(rows), riverton)
    sums = {name: table["complaints"].sum() for name, table in counted.tables.items()}
    assert sums == {"tickets": 13, "tickets_by_category": 12}
    (left,) = [left for left in counted.left_out if left.reason == NO_CATEGORY]
    assert (left.tables, left.months, left.cases) == (("tickets_by_category",), ("2022-06",), 2)


def test_without_a_register_a_unit_is_where_most_of_its_cases_are(checked, riverton):
    """Catches a unit in two districts, or one that moves with the order of rows."""
    rows = [*PULSE, {"district": "South"}, *[{"unit": "B", "district": d} for d in ("Z", "Y")]]
    rows += [{"unit": "B", "district": None}] * 3
    table = count_tickets(checked(rows), riverton).tables["tickets"]
    homes = table[["unit", "district"]].drop_duplicates().to_numpy().tolist()
    assert homes == [["A", "North"], ["B", "Y"]]


def test_a_unit_without_a_district_is_refused(checked, riverton):
    rows = [*PULSE, {"unit": "B", "district": None}]
    with pytest.raises(DataError, match="no ticket of 'B' names its district"):
        count_tickets(checked(rows), riverton)


def test_tables_have_the_types_and_the_order_of_the_contract(checked, riverton):
    rows = [*PULSE, {"unit": "2", "category": "z"}, {"unit": "10", "category": "b"}]
    for name, table in count_tickets(checked(rows), riverton).tables.items():
        keys = [key for key in ("unit", "category", "period") if key in table]
        assert ("category" in keys) == (name == "tickets_by_category")
        assert table.equals(table.sort_values(keys, ignore_index=True))
        dtypes = {str(key): str(dtype) for key, dtype in table.dtypes.items()}
        assert dtypes == {key: column(key).dtype for key in dtypes}


@pytest.mark.parametrize("rows", [[], [{"step": "codes"}]])
def test_nothing_to_count_gives_empty_tables_of_the_contract(checked, riverton, rows):
    """Catches an accident where every row is in quarantine, or a city of noughts."""
    counted = count_tickets(checked(rows), riverton, register(A=(None, None)))
    for table in counted.tables.values():
        assert table.empty
        dtypes = {str(key): str(dtype) for key, dtype in table.dtypes.items()}
        assert dtypes == {key: column(key).dtype for key in dtypes}
    (left_out,) = counted.left_out
    assert list(left_out.months) == YEAR
