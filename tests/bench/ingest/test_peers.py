"""The hand-written peers: the same panels from all, every row somewhere, nothing personal left."""

from __future__ import annotations

import re
from itertools import pairwise

import pandas as pd
import pytest

from analysis.bench.ingest.city import bench_study
from analysis.bench.ingest.contestants import CONTESTANTS
from analysis.bench.ingest.panels import differences, read_tables
from analysis.bench.ingest.rules import Rules

ROWS = 8_000
MAKERS = [one.name for one in CONTESTANTS if one.role != "floor"]


@pytest.mark.parametrize("name", [name for name in MAKERS if name != "sql"])
def test_panels_are_the_same(results, name):
    """Catches any step that one of them does in another way."""
    assert differences(results["sql"], results[name]) == []


def test_differences_are_seen(results, tmp_path):
    """Catches a comparison that calls everything the same."""
    for path in results["sql"].glob("*.csv"):
        table = pd.read_csv(path)
        table.loc[table["repeat_complaints"].first_valid_index(), "repeat_complaints"] += 1
        table.loc[table["median_days"].first_valid_index(), "median_days"] += 1e-6
        table.to_csv(tmp_path / path.name, index=False)
    assert differences(results["sql"], tmp_path) == [
        "tickets: column 'repeat_complaints'",
        "tickets: column 'median_days'",
        "tickets_by_category: column 'repeat_complaints'",
        "tickets_by_category: column 'median_days'",
    ]


@pytest.mark.parametrize("name", ["sql", "polars", "pandas"])
def test_every_row_is_kept_or_has_a_reason(results, name):
    kept = pd.read_parquet(results[name] / "cases.parquet")
    aside = pd.read_parquet(results[name] / "quarantine.parquet")
    assert len(kept) + len(aside) == ROWS
    assert aside["reason"].notna().all()
    assert set(aside["step"]) == {"read", "versions", "validate", "codes", "flags", "places"}


def test_the_same_rows_are_set_aside_for_the_same_reasons(results):
    columns = ["file", "row", "id", "step", "reason"]
    first, *others = (
        pd.read_parquet(results[name] / "quarantine.parquet")[columns]
        .sort_values(["file", "row"], ignore_index=True)
        .astype({"row": "int64"})
        for name in ("sql", "polars", "pandas")
    )
    for other in others:
        pd.testing.assert_frame_equal(first, other, check_dtype=False)


@pytest.mark.parametrize("name", ["sql", "polars", "pandas"])
def test_no_number_of_a_person_is_left(results, name):
    kept = pd.read_parquet(results[name] / "cases.parquet")
    assert kept["caller"].dropna().str.fullmatch("[0-9a-f]{16}").all()
    found = kept["text"].str.contains(r"1[3-9]\d{9}|\d{17}|@|京A", regex=True)
    assert not found.any()


def test_panels_agree_with_a_plain_count(results):
    """Catches an error that all of them share: complaints and repeats are counted anew here."""
    kept = pd.read_parquet(results["sql"] / "cases.parquet")
    rows = kept[(kept["initiator"] == "resident") & ~kept["internal"] & ~kept["consultation"]]
    table = read_tables(results["sql"])["tickets"]
    months = rows["opened"].dt.strftime("%Y-%m")
    counts = rows.groupby([rows["unit"], months]).size()
    found = table.set_index(["unit", "period"])["complaints"]
    assert found[found > 0].to_dict() == counts.to_dict()
    window = pd.Timedelta(days=90)
    repeats = 0
    for _, group in rows.dropna(subset="caller").groupby(["caller", "category"]):
        moments = sorted(group["opened"])
        repeats += sum(
            later - earlier <= window and later >= pd.Timestamp("2019-04-01")
            for earlier, later in pairwise(moments)
        )
    assert table["repeat_complaints"].sum() == repeats > 0


def test_tables_are_balanced(results):
    tables = read_tables(results["sql"])
    assert len(tables["tickets"]) == 300 * 48
    pairs = tables["tickets_by_category"].groupby(["unit", "category"]).size()
    assert (pairs == 48).all()


def test_dates_of_the_rules():
    rules = Rules.of(bench_study())
    assert rules.end_of_data == "2023-01-16 00:00:00"
    # 30 days after the last of November lie before the day of extraction, 30 after December do not.
    assert rules.last_followed == "2022-11-01"
    assert rules.first_with_history == "2019-04-01"
    assert re.fullmatch(r"\d{7}", str(rules.repeat_seconds))
