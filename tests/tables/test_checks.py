"""Checks in a notebook's cell: what a reader needs, and nothing of how a frame is stored."""

import pandas as pd
import pytest

from analysis.tables.checks import checks_at_hand


@pytest.fixture
def checks() -> pd.DataFrame:
    numbers = {"value": -0.0312, "standard_error": 0.01, "lower": -0.05, "upper": -0.01}
    others = {"p_value": 0.0021, "observations": 1234, "clusters": 16, "draws": 0, "flow": None}
    labels = {"label": ["CR1", "CR2"], "group": ["Inference", "Inference"]}
    return pd.DataFrame(labels).assign(**numbers, **others)


def test_one_check_is_told_by_its_variants(checks: pd.DataFrame) -> None:
    """Catches raw digits, row numbers and columns of bookkeeping."""
    shown = checks_at_hand(checks, "share")
    assert shown.index.tolist() == ["CR1", "CR2"]
    assert shown.loc["CR1"].to_dict() == {
        "Estimate (pct. points)": "−3.12",
        "Std. error": "1.00",
        "95% interval": "−5.00 to −1.00",
        "p": "0.002",
        "Rows": "1,234",
        "Clusters": "16",
    }


def test_several_checks_are_named(checks: pd.DataFrame) -> None:
    """Catches two methods of one name that belong to different checks."""
    shown = checks_at_hand(checks.assign(group=["Inference", "Placebo"]), "count")
    assert shown.index.tolist() == [("Inference", "CR1"), ("Placebo", "CR2")]
    assert shown.index.names == [None, None]
    assert shown.columns[0] == "Estimate (log points)"


def test_where_no_check_could_be_made_a_line_says_so(checks: pd.DataFrame) -> None:
    """Catches an empty frame in a notebook, which nobody can read."""
    shown = checks_at_hand(checks.iloc[:0], "share")
    assert shown.index.tolist() == ["none could be made; the end says why"]
