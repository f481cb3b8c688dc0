"""A table of the study file, as it will be written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from analysis.new_study.guess import Guess

__all__ = ["Table", "Value"]

Value = str | int | float | bool | tuple[object, ...] | Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Table:
    """Keys and their guessed values.

    Attributes
    ----------
    name
        Its header, such as ``tickets.status``; empty for the keys at the top of the file.
    keys
        Key -> value, and why.
    why
        What stands above it; empty if nothing.
    check
        Whether somebody who knows the data must look at what stands above it.
    several
        Whether it is one of several of its name.
    """

    name: str
    keys: dict[str, Guess[Value]] = field(default_factory=dict)
    why: str = ""
    check: bool = False
    several: bool = False
