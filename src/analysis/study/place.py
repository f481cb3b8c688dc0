"""The part of a study file that describes the place: stages of the policy, and its districts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from analysis.study.fields import Month, Strict

__all__ = ["Milestone", "Stage", "Tile"]


@dataclass(frozen=True, slots=True)
class Milestone(Strict):
    """An event of the published timeline, in a few words for a figure.

    Attributes
    ----------
    date
        As the timeline has it: ``2019``, ``2019-01`` or ``2019-01-01``.
    title_en, title_zh
        What readers see.
    """

    date: Annotated[str, Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]
    title_en: str
    title_zh: str


@dataclass(frozen=True, slots=True)
class Stage(Strict):
    """A stage of the policy; it ends where the next begins.

    Attributes
    ----------
    begins
        Its first month.
    title_en, title_zh
        What readers see.
    milestone
        The events that mark it.
    """

    begins: Month
    title_en: str
    title_zh: str
    milestone: tuple[Milestone, ...] = ()


@dataclass(frozen=True, slots=True)
class Tile(Strict):
    """Where a district stands on a tile map, on which all districts are of one size.

    Attributes
    ----------
    district
        As the panel has it.
    label_en, label_zh
        What readers see.
    row, column
        Counted from the north-west, from 0.
    """

    district: str
    label_en: str
    label_zh: str
    row: Annotated[int, Field(ge=0)]
    column: Annotated[int, Field(ge=0)]
