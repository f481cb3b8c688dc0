"""The same expressions on Spark give the same tables; runs where Spark is installed."""

from __future__ import annotations

import ibis
import numpy as np
import pandas as pd
import pytest
from pyarrow import parquet

from analysis.tickets.counts.count import count_tickets

pyspark = pytest.importorskip("pyspark")
sql = pytest.importorskip("pyspark.sql")

# Engines interpolate between two moments in their own order of operations.
TOLERANCE = 1e-12


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    session = (
        sql.SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "4")
        # Clocks there are put forward and back within the year of the tickets.
        .config("spark.sql.session.timeZone", "America/New_York")
        .config("spark.sql.warehouse.dir", str(tmp_path_factory.mktemp("warehouse")))
        .getOrCreate()
    )
    yield ibis.pyspark.connect(session)
    session.stop()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # Spark and its bridge to Java warn of much that is theirs
def test_both_engines_give_the_same_tables(checked, riverton, random_tickets, spark, tmp_path):
    """Catches an expression that one engine reads in another way."""
    rows = random_tickets.draw_tickets(np.random.default_rng(20), 1500)
    for row in rows[::7]:
        # Fractions of a second, which engines round differently.
        row["opened"] = row["opened"].replace(microsecond=600_000)
        row["closed"] = row["closed"] and row["closed"].replace(microsecond=500_000)
    given = checked(rows)
    parquet.write_table(given.to_pyarrow(), tmp_path / "checked.parquet")
    here = count_tickets(given, riverton)
    there = count_tickets(spark.read_parquet(tmp_path / "checked.parquet"), riverton)
    assert there.left_out == here.left_out
    for name, table in here.tables.items():
        found = there.tables[name]
        days = ["median_days", "p90_days"]
        assert table[days].notna().sum().min() > 0
        pd.testing.assert_frame_equal(
            found.drop(columns=days), table.drop(columns=days), check_exact=True
        )
        pd.testing.assert_frame_equal(found[days], table[days], rtol=0, atol=TOLERANCE)
