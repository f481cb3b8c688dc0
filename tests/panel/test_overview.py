"""What readers see of the panels: their size and what is missing."""

from __future__ import annotations

import pandas as pd

from analysis.panel.overview import count_missing, describe_categories

PANEL = pd.DataFrame(
    {
        "category": ["x", "x", "y"],
        "complaints": pd.array([3, None, 5], dtype="Int64"),
        "proactive_cases": pd.array([1, 0, 5], dtype="Int64"),
    }
)


def test_missing_values_are_counted_and_absent_columns_are_empty():
    """Catches a column that a panel does not have shown as complete."""
    counted = count_missing({"a": PANEL, "b": PANEL[["complaints"]].dropna()})
    assert counted.loc["complaints"].tolist() == ["1", "0"]
    assert counted.loc["proactive_cases"].tolist() == ["0", ""]
    assert "surveyed" not in counted.index


def test_categories_show_who_opened_their_cases():
    """Catches shares over panels instead of over categories."""
    shown = describe_categories({"a_b": PANEL, "c": PANEL.drop(columns="category")})
    assert shown["Panel"].tolist() == ["a b", "a b"]
    assert shown["Proactive share"].tolist() == ["25.0%", "50.0%"]
    assert describe_categories({"c": PANEL.drop(columns="category")}).empty
