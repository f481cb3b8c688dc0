"""Numbers as text, in tables, figures and sentences."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from analysis.disclosure import WITHHELD

__all__ = ["column_side", "format_number"]


def format_number(value: float, form: str) -> str:
    """Write a number with a true minus sign.

    Parameters
    ----------
    value
        The number.
    form
        A format specification, such as ``".2f"``.

    Examples
    --------
    >>> format_number(-0.1234, ".2f")
    '−0.12'
    >>> format_number(-0.001, ".2f")
    '0.00'
    """
    text = format(value, form)
    if float(text.replace(",", "").replace("%", "")) == 0:
        text = text.removeprefix("-")
    return text.replace("-", "−")


def column_side(cells: pd.Series) -> Literal["left", "right"]:
    """Say to which side a column of text goes: to the right if all its cells are numbers.

    Examples
    --------
    >>> column_side(pd.Series(["< 0.001", "0.049"])), column_side(pd.Series(["1", "one"]))
    ('right', 'left')
    """
    numeric = cells.str.fullmatch(rf"(?:< ?)?[−+(\[]?[\d.,]+[)%\]*†]*|—|{WITHHELD}|").all()
    return "right" if numeric else "left"
