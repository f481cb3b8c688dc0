"""A panel that breaks the contract is refused, and the message says where and what to do."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.contract.columns import COLUMNS, column
from analysis.contract.validate import validate_panel
from analysis.errors import DataError


def panel(**columns: object) -> pd.DataFrame:
    """Two months of one unit that keep the contract, with some columns replaced."""
    valid = {
        "unit": ["A", "A"],
        "district": ["D", "D"],
        "period": ["2024-01", "2024-02"],
        "complaints": [5, 6],
        "proactive_cases": [1, 2],
        "surveyed": [4, 3],
        "satisfied": [2, 3],
    }
    return pd.DataFrame(valid | columns)


def message(frame: pd.DataFrame) -> str:
    with pytest.raises(DataError) as failure:
        validate_panel(frame, name="panel.csv")
    return str(failure.value)


def test_a_valid_panel_gets_the_types_and_order_of_the_contract():
    shuffled = panel()[["satisfied", "period", "unit", "complaints", "district", "surveyed"]]
    valid = validate_panel(shuffled.assign(proactive_cases=[1.0, None]))
    names = [declared.name for declared in COLUMNS if declared.name in valid.columns]
    assert list(valid.columns) == names
    assert {name: str(kind) for name, kind in valid.dtypes.items()} == {
        name: column(name).dtype for name in names
    }
    assert valid["proactive_cases"].isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"satisfied": [2, 4]}, "satisfied exceeds surveyed in row 1 (A, 2024-02)"),
        ({"surveyed": [6, 3]}, "surveyed exceeds complaints in row 0 (A, 2024-01)"),
        ({"complaints": [5, -1]}, "complaints is negative in row 1 (A, 2024-02): complaints -1"),
        ({"complaints": [5.5, 6]}, "complaints is not of the contract's type in row 0"),
        ({"complaints": ["many", 6]}, "complaints is not of the contract's type in row 0"),
        ({"period": ["2024-01", "2024-01"]}, "'unit' and 'period' appear in more than one row"),
        ({"unit": ["A", ""]}, "unit is empty in row 1"),
        ({"unit": ["A", None]}, "unit is missing in row 1"),
        ({"period": ["Jan 24", "2024-02"]}, "period is not of the contract's type in row 0"),
        ({"period": [202401, 202402]}, "expected a calendar month, written as 2024-01"),
        ({"adoption_period": ["never"] * 2}, "or an empty cell where there is none"),
        ({"coverage": [0.5, 1.5]}, "coverage is not a share between 0 and 1 in row 1"),
    ],
)
def test_each_fault_is_named_with_its_row(changes, expected):
    assert expected in message(panel(**changes))


def test_faults_of_several_columns_are_reported_together():
    found = message(panel(satisfied=[9, 3], proactive_cases=[-1, 2]))
    assert "satisfied exceeds surveyed" in found
    assert "proactive_cases is negative" in found


def test_a_missing_and_a_misspelt_column_are_both_named():
    found = message(panel().rename(columns={"complaints": "complaint"}))
    assert "column 'complaints' is missing" in found
    assert "did you mean 'complaints'?" in found


def test_a_missing_bound_does_not_hide_other_faults():
    """Catches a comparison with a missing value that counts as a fault or stops the check."""
    assert len(validate_panel(panel(surveyed=[None, 3]))) == 2


@given(
    surveyed=st.lists(st.integers(0, 50), min_size=1, max_size=12),
    extra=st.lists(st.integers(-50, 50), min_size=12, max_size=12),
)
def test_counts_are_accepted_exactly_if_no_part_exceeds_its_whole(surveyed, extra):
    satisfied = [max(0, total + more) for total, more in zip(surveyed, extra, strict=False)]
    frame = pd.DataFrame(
        {
            "unit": "A",
            "district": "D",
            "period": pd.period_range("2020-01", periods=len(surveyed), freq="M"),
            "complaints": 100,
            "proactive_cases": 0,
            "surveyed": surveyed,
            "satisfied": satisfied,
        }
    )
    if all(part <= whole for part, whole in zip(satisfied, surveyed, strict=True)):
        assert len(validate_panel(frame)) == len(surveyed)
    else:
        assert "satisfied exceeds surveyed" in message(frame)


def test_rows_with_the_same_label_are_told_apart():
    """Catches a message that shows columns of cells, after two files were put together."""
    together = pd.concat([panel(), panel()])
    assert "'unit' and 'period' appear in more than one row in row 0 (A, 2024-01): " in message(
        together
    )
    named = panel(complaints=[-1, 6]).set_index(pd.Index(["first", "second"]))
    assert "complaints is negative in row 0 (A, 2024-01): complaints -1" in message(named)
