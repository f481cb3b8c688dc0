"""Numbers as text: nothing is lost on the way, and columns of numbers are known as such."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.disclosure import WITHHELD
from analysis.numerals import column_side, format_number


@given(st.floats(-1e9, 1e9, allow_nan=False))
def test_numbers_read_back_as_they_were_rounded(value: float) -> None:
    """Would catch a lost sign or separator."""
    text = format_number(value, ",.2f")
    assert "-" not in text
    read = float(text.replace(",", "").replace("−", "-"))
    assert read == pytest.approx(round(value, 2), abs=0.005)
    assert not text.startswith("−0.00") or read != 0


@pytest.mark.parametrize("cell", ["−0.031", "(0.012)", "[1.5]", "45%", "0.12†", "—", "", WITHHELD])
def test_what_stands_for_a_number_is_aligned_as_one(cell: str) -> None:
    """Catches a column of numbers that one dash, dagger or withheld count turns into text."""
    assert column_side(pd.Series(["1,234", cell])) == "right"


def test_one_word_makes_a_column_of_text() -> None:
    assert column_side(pd.Series(["1,234", "none"])) == "left"
