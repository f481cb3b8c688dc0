"""A proposed value, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["Guess"]

Value = TypeVar("Value", covariant=True)


@dataclass(frozen=True, slots=True)
class Guess(Generic[Value]):
    """Something that the study file will say.

    Attributes
    ----------
    value
        What it will say.
    why
        What was seen, in a sentence that a comment can hold; empty if nothing need be said. It
        never holds a cell.
    check
        Whether somebody who knows the data must look at it.
    """

    value: Value
    why: str = ""
    check: bool = False
