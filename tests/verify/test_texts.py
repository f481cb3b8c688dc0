"""Texts with numbers: rounding may differ, words and counts may not."""

from __future__ import annotations

import pytest

from analysis.ledger.tolerance import EXACT, LAST_DIGIT
from analysis.verify.texts import allowed_in_cell, allowed_in_output, first_difference


@pytest.mark.parametrize(
    ("committed", "made"),
    [
        ("−0.12", "−0.13"),
        ("0.999 [0.5]", "1.000 [0.5]"),
        ("1,204.5", "1,204.6"),
        ("4.1%**", "4.2%**"),
    ],
)
def test_the_last_digit_of_a_rounded_number(committed: str, made: str) -> None:
    assert allowed_in_cell(LAST_DIGIT, committed, made)
    assert not allowed_in_cell(EXACT, committed, made)


@pytest.mark.parametrize(
    ("committed", "made"),
    [
        ("−0.12", "0.12"),
        ("−0.12", "−0.14"),
        ("0.12", "0.1"),
        ("340", "341"),
        ("2020-01", "2020-02"),
        ("0.12**", "0.12*"),
        ("two-way 0.12", "stacked 0.12"),
        ("—", "0.12"),
    ],
)
def test_signs_counts_months_stars_and_words(committed: str, made: str) -> None:
    """Would catch a tolerance for rounding that lets another result through."""
    assert not allowed_in_cell(LAST_DIGIT, committed, made)


def test_printed_numbers_may_differ_as_sums_do() -> None:
    assert allowed_in_output("att 0.1234567891", "att 0.1234567892")
    assert allowed_in_output("1.0e-12 and 3", "1.1e-12 and 3")
    assert not allowed_in_output("att 0.1234", "att 0.1334")


def test_the_first_line_that_differs_is_shown_and_cut() -> None:
    long = "x" * 500
    assert first_difference("a\nb", "a") == ("b", "")
    assert first_difference(f"a\n{long}", "a\nb") == (f"{'x' * 120}…", "b")
