"""On random tickets: the same as a plain count, whatever the order, and no case lost."""

from __future__ import annotations

import ibis
import numpy as np
import pandas as pd
import pytest
from pyarrow import parquet

from analysis.contract.columns import count_columns
from analysis.contract.measures import MEASURES, add_measures
from analysis.contract.validate import validate_panel
from analysis.tickets.counts.count import NO_CATEGORY, Counted, count_tickets

KEYS = {"tickets": ["unit", "period"], "tickets_by_category": ["unit", "category", "period"]}
# Quantiles are interpolated in seconds and told in days; a few roundings lie between.
DAYS_TOLERANCE = 1e-12


@pytest.fixture(scope="module", params=[1, 2, 3])
def drawn(request, checked, riverton, random_tickets) -> tuple[list[dict], Counted]:
    rows = random_tickets.draw_tickets(np.random.default_rng(request.param), 900)
    return rows, count_tickets(checked(rows), riverton)


@pytest.mark.parametrize("name", KEYS)
def test_counts_are_those_of_a_plain_loop(drawn, riverton, random_tickets, name):
    """Catches a count that differs in any cell from looking at the tickets one by one."""
    rows, counted = drawn
    study = riverton.tickets
    count = random_tickets.count_plainly
    plain = count(rows, KEYS[name], study.repeat_days, study.follow_up_days)
    table = counted.tables[name]
    told = [column for column in table.columns if column not in ("district", *KEYS[name])]
    found = {tuple(str(row[key]) for key in KEYS[name]): row[told] for _, row in table.iterrows()}
    assert set(plain) <= set(found)
    for key, row in found.items():
        for column in told:
            expected = plain.get(key, {}).get(column, None if column.endswith("days") else 0)
            if column == "repeat_complaints" and key[-1] < "2022-04":
                expected = None
            if expected is None:
                assert pd.isna(row[column]), (key, column)
            else:
                assert row[column] == pytest.approx(expected, abs=DAYS_TOLERANCE), (key, column)


def test_no_complaint_is_lost(drawn):
    """Catches a case that is in no row and in no account."""
    rows, counted = drawn
    counts = [r for r in rows if r["step"] is None and not r["internal"]]
    complaints = [r for r in counts if r["initiator"] == "resident" and not r["consultation"]]
    cases = [r for r in counts if r["initiator"] != "system"]
    cases = [r for r in cases if r["initiator"] == "resident" or not r["consultation"]]
    assert counted.tables["tickets"]["complaints"].sum() == len(complaints)
    by_category = counted.tables["tickets_by_category"]
    columns = ["complaints", "consultations", "proactive_cases"]
    (left,) = [left for left in counted.left_out if left.reason == NO_CATEGORY]
    assert int(by_category[columns].sum().sum()) + left.cases == len(cases)


def test_categories_add_up_to_the_unit(checked, riverton, random_tickets):
    """Catches a column that is counted in another way in one of the two tables."""
    rows = random_tickets.draw_tickets(np.random.default_rng(11), 600)
    rows = [row for row in rows if row["category"] is not None]
    counted = count_tickets(checked(rows), riverton)
    by_unit, by_category = (counted.tables[name].set_index(["unit", "period"]) for name in KEYS)
    columns = [name for name in count_columns() if name in by_unit]
    assert len(columns) == 10
    for name in columns:
        sums = by_category[name].groupby(level=["unit", "period"]).sum(min_count=1)
        pd.testing.assert_series_equal(sums, by_unit[name])


def test_the_order_of_rows_does_not_matter(checked, riverton, random_tickets):
    rows = random_tickets.draw_tickets(np.random.default_rng(5), 600)
    rows = [row | {"id": str(number)} for number, row in enumerate(rows)]
    expected = count_tickets(checked(rows), riverton)
    shuffled = [rows[place] for place in np.random.default_rng(6).permutation(len(rows))]
    found = count_tickets(checked(shuffled), riverton)
    assert found.left_out == expected.left_out
    for name, table in expected.tables.items():
        pd.testing.assert_frame_equal(found.tables[name], table, check_exact=True)


# Ibis 12 still asks DuckDB 2 for the schema of a file by the former name of a method.
@pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")
def test_how_tickets_are_split_into_files_does_not_matter(
    checked, riverton, random_tickets, tmp_path
):
    """Catches a repeat that is only looked for within a file."""
    rows = random_tickets.draw_tickets(np.random.default_rng(7), 600)
    expected = count_tickets(checked(rows), riverton)
    for place in range(3):
        part = checked(rows[place::3]).to_pyarrow()
        parquet.write_table(part, tmp_path / f"part_{place}.parquet")
    found = count_tickets(ibis.duckdb.connect().read_parquet(tmp_path / "*.parquet"), riverton)
    for name, table in expected.tables.items():
        pd.testing.assert_frame_equal(found.tables[name], table, check_exact=True)


@pytest.mark.parametrize("name", KEYS)
def test_tables_keep_the_contract_and_rates_are_shares(drawn, name):
    """Catches a numerator that exceeds its denominator in any row."""
    _, counted = drawn
    panel = add_measures(validate_panel(counted.tables[name]))
    rates = [m.name for m in MEASURES if m.scale == "share" and m.name in panel]
    assert "on_time_rate" in rates
    assert "repeat_share" in rates
    for rate in rates:
        assert panel[rate].dropna().between(0, 1).all()
