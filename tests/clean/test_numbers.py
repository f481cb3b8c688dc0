"""Numbers: read as people write them, and refused where they are not numbers."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.clean.numbers import parse_count, parse_numbers, parse_percent
from analysis.clean.places import Places
from analysis.errors import DataError


@given(st.integers(-(10**9), 10**9), st.booleans(), st.booleans())
def test_count_survives_separators_and_wide_digits(number: int, separated: bool, wide: bool):
    """Catches a thousands separator that is read as a decimal point."""
    text = f"{number:,}" if separated else str(number)
    if wide:
        text = text.translate({ord(c): chr(ord(c) + 0xFEE0) for c in "0123456789,"})
    assert parse_count(text) == number


@given(st.decimals(0, 100, places=2), st.sampled_from(["{}", "{}%", "{} %", "{}％"]))
def test_percentage_survives_its_sign(number, form: str):
    """Catches a percentage that is divided by 100, or loses its decimals."""
    assert parse_percent(form.format(number)) == float(number)


@pytest.mark.parametrize("text", ["1,23", "12.5", "约300", "1 234", "", "50%", "1e3"])
def test_what_is_no_count_is_not_read(text: str):
    """Catches a slip of the pen that is turned into a number."""
    assert parse_count(text) is None


def table(cells: list[str | None]) -> pd.DataFrame:
    rows = pd.DataFrame({"file": "a.csv", "row": range(2, len(cells) + 2)})
    return rows.assign(complaints=pd.Series(cells, dtype="str"))


def test_marks_of_missing_and_cleared_cells_are_missing():
    """Catches a dash that becomes 0."""
    parsed = parse_numbers(
        table(["7", "—", None]), Places({}), counts=["complaints"], rates=[], missing=["—"]
    )
    assert parsed["complaints"].dtype == "Int64"
    assert parsed["complaints"].isna().tolist() == [False, True, True]


def test_a_cell_that_is_no_number_names_its_place_and_remedy():
    """Catches an unreadable cell that becomes missing without a word."""
    places = Places({("a.csv", "complaints"): "诉求量"})
    with pytest.raises(DataError) as caught:
        parse_numbers(
            table(["7", "约300", ""]), places, counts=["complaints"], rates=[], missing=[]
        )
    first, second = caught.value.problems
    assert str(first).startswith(
        "a.csv, row 3, column '诉求量' (complaints): '约300' is not a whole"
    )
    assert "known errors" in first.hint
    assert "row 4" in second.where
