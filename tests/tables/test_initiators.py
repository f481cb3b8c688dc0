"""Counts by initiator, held against the raw file."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import DataError
from analysis.study.load import load_study
from analysis.tables.initiators import (
    deadline_table,
    initiator_counts,
    initiators_of_tickets,
    monthly_counts,
    shares_by_type,
)

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def counts() -> pd.DataFrame:
    study = load_study("boston", ROOT / "notebooks" / "studies")
    return initiator_counts(ROOT / "data" / "raw" / "boston", study.get_source("all_types"))


def test_no_ticket_is_lost(counts: pd.DataFrame) -> None:
    """Would catch places or initiators that drop out on the way."""
    path = ROOT / "data" / "raw" / "boston" / "boston_311_2015_monthly_counts.csv"
    tickets = pd.read_csv(path)["tickets"].sum()
    assert counts["cases"].sum() == tickets
    assert monthly_counts(counts).to_numpy().sum() == tickets
    assert shares_by_type(counts, [])["cases"].sum() == tickets


def test_shares_of_a_type_add_up_to_one(counts: pd.DataFrame) -> None:
    shares = shares_by_type(counts, ["Sign Repair"])
    sums = shares[["resident", "proactive", "system"]].sum(axis=1)
    assert sums.to_numpy() == pytest.approx(1)
    assert shares.index[shares["kept"]].tolist() == ["Sign Repair"]


def test_timeliness_counts_only_cases_with_a_deadline() -> None:
    """Would catch cases without a deadline counted as on time."""
    counts = pd.DataFrame(
        {
            "unit": ["a", "b"],
            "is_unit": [True, False],
            "initiator": "resident",
            "cases": [6, 4],
            "with_deadline": [4, 0],
            "on_time": [1, 0],
        }
    )
    first = deadline_table(counts).iloc[0]
    assert first["Cases"] == "10"
    assert first["Without a unit (%)"] == "40.0"
    assert first["Without a deadline (%)"] == "60.0"
    assert first["On time, of those with one (%)"] == "25.0"


def test_reports_without_initiators_are_refused() -> None:
    study = load_study("beijing", ROOT / "notebooks" / "studies")
    with pytest.raises(DataError, match="streets: its layout is not 'by_initiator'"):
        initiator_counts(ROOT / "data" / "raw" / "beijing", study.get_source("streets"))


def test_tickets_are_counted_by_who_opened_them() -> None:
    """Would catch staff's cases shown as complaints."""
    table = pd.DataFrame(
        {
            "unit": ["a", "b"],
            "category": ["noise", "waste"],
            "period": pd.PeriodIndex(["2023-01", "2023-02"], freq="M"),
            "complaints": [3, 5],
            "proactive_cases": [1, 0],
        }
    )
    counts = initiators_of_tickets(table)
    assert monthly_counts(counts).to_numpy().tolist() == [[3, 1, 0], [5, 0, 0]]
    shares = shares_by_type(counts, ["waste"])
    assert shares["cases"].to_dict() == {"waste": 5, "noise": 4}
    assert shares.loc["noise", "resident"] == pytest.approx(0.75)
