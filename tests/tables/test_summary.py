"""Summary statistics."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.tables.summary import summarise_panel, summary_table


def panel() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "complaints": pd.array([10, 30, None], dtype="Int64"),
            "satisfaction_rate": [0.5, 1.0, np.nan],
            "satisfaction_rate_weight": [30.0, 10.0, 0.0],
        }
    )


def test_a_missing_report_is_counted_and_not_taken_for_zero() -> None:
    row = summarise_panel(panel(), ["complaints"]).loc["complaints"]
    assert (row["rows"], row["missing"], row["mean"], row["overall"]) == (3, 1, 20, 40)


def test_the_overall_rate_counts_cases_and_the_mean_counts_rows() -> None:
    """Would catch a small street that weighs as much as a large one in the overall rate."""
    row = summarise_panel(panel(), ["satisfaction_rate"]).loc["satisfaction_rate"]
    assert row["mean"] == pytest.approx(0.75)
    assert row["overall"] == pytest.approx(0.625)


def test_the_table_shows_rates_in_per_cent_and_unknowns_as_dashes() -> None:
    empty = panel().assign(complaints=pd.array([None] * 3, dtype="Int64"))
    table = summary_table(summarise_panel(empty, ["complaints", "satisfaction_rate"]))
    assert table["Mean"].tolist() == ["—", "75.0"]
    assert table["Unit"].tolist() == ["cases", "%"]


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(1, 1000)), min_size=1, max_size=20))
def test_an_overall_rate_is_never_outside_its_rows(rows: list[tuple[float, int]]) -> None:
    frame = pd.DataFrame(rows, columns=["repeat_share", "repeat_share_weight"]).astype(float)
    row = summarise_panel(frame, ["repeat_share"]).loc["repeat_share"]
    assert row["minimum"] - 1e-12 <= row["overall"] <= row["maximum"] + 1e-12


def test_handling_times_are_in_days_and_have_no_overall() -> None:
    """Would catch a mean of medians that is shown as the median of all cases."""
    times = {"median_days": [1.25, 3.75, np.nan], "log_median_days": [0.0, -1.0, np.nan]}
    table = summary_table(summarise_panel(panel().assign(**times), list(times)))
    assert table["Unit"].tolist() == ["days", "log days"]
    assert table["Overall"].tolist() == ["—", "—"]
    assert table["Mean"].tolist() == ["2.50", "−0.50"]
    assert table["Missing"].tolist() == ["1", "1"]
