"""The steps of cleaning, the reasons for which they set a row aside, and which were foreseen."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

__all__ = [
    "CUT_OFF_ID",
    "EARLIER_VERSION",
    "MADE_UP_PLACE",
    "NOT_A_UNIT",
    "NO_ID",
    "NO_INITIATOR",
    "NO_OPENED",
    "NO_UNIT",
    "OPENED_IN_FUTURE",
    "OUTSIDE_MONTHS",
    "REPEATED_ROW",
    "STEPS",
    "UNKNOWN_INITIATOR",
    "UNKNOWN_STATUS",
    "UNKNOWN_UNIT",
    "VOID",
    "Step",
    "in_words",
    "is_foreseen",
]

Step: TypeAlias = Literal["read", "identify", "versions", "validate", "codes", "flags", "places"]
STEPS: tuple[Step, ...] = get_args(Step)

NO_ID = "no id"
CUT_OFF_ID = "id cut off by a spreadsheet"
NO_OPENED = "no time of opening"
REPEATED_ROW = "repeated row"
EARLIER_VERSION = "earlier version"
OPENED_IN_FUTURE = "opened in the future"
OUTSIDE_MONTHS = "outside the covered months"
NO_INITIATOR = "no initiator"
UNKNOWN_INITIATOR = "unknown initiator"
UNKNOWN_STATUS = "unknown status"
VOID = "void"
MADE_UP_PLACE = "place made up by a geocoder"
NOT_A_UNIT = "not a unit"
NO_UNIT = "no unit"
UNKNOWN_UNIT = "unknown unit"

# The steps whose every reason is foreseen: a list of tickets has versions, and a flag is declared.
_FORESEEN_STEPS = ("versions", "flags")
_FORESEEN_REASONS = (OUTSIDE_MONTHS, VOID, NOT_A_UNIT, MADE_UP_PLACE)


def is_foreseen(step: str, reason: str) -> bool:
    """Tell whether a row was set aside for something that the study, or any list, foresees.

    Such rows do not count against the study's `quarantine_limit`.

    Examples
    --------
    >>> is_foreseen("codes", "void"), is_foreseen("codes", "unknown status")
    (True, False)
    """
    return step in _FORESEEN_STEPS or reason in _FORESEEN_REASONS


# What landing calls a row that it could not read.
_IN_WORDS = {
    "cells": "wrong number of cells",
    "unreadable_json": "unreadable JSON",
}


def in_words(reason: str) -> str:
    """Say a reason to a reader: landing's own are words for machines.

    Examples
    --------
    >>> in_words("cells"), in_words("time:opened"), in_words("void")
    ('wrong number of cells', 'unreadable time of opening', 'void')
    """
    if reason.startswith("time:"):
        return "unreadable time of opening"
    return _IN_WORDS.get(reason, reason)
