"""Whose eyes the data are for: open, simulated or restricted, and what each exhibit then says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from analysis.study.fields import Strict

__all__ = ["MARKS", "RESTRICTED", "SIMULATED", "Access", "Disclosure"]

Access = Literal["open", "simulated", "restricted"]

# What stands on every figure and table made from such data, where no crop removes it.
SIMULATED = "Simulated 模拟"
RESTRICTED = "Restricted data 受限数据"
MARKS: dict[Access, str] = {"open": "", "simulated": SIMULATED, "restricted": RESTRICTED}


@dataclass(frozen=True, slots=True)
class Disclosure(Strict):
    """How restricted data are kept from being read off the exhibits; see `analysis.disclosure`.

    Attributes
    ----------
    threshold
        Fewer cases, people, rows or units than this are not told or shown on their own.
    """

    threshold: Annotated[int, Field(ge=2)] = 10
