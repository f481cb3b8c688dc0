"""What the hand-written peers take from the study: code lists, dates and windows, and no code."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.study.schema import Study
from analysis.tickets.privacy.patterns import PATTERNS, pattern_in_numbers, pattern_of

__all__ = [
    "ANY_KIND",
    "CELL_NAMES",
    "COLUMNS",
    "COUNTS",
    "KEY",
    "KINDS",
    "NUMBERS",
    "QUANTILES",
    "TABLES",
    "THREADS",
    "Rules",
]

# The columns of the generated files, in their order.
CELL_NAMES = (
    "id", "opened", "updated", "closed", "due", "district", "street", "category_1", "category_2",
    "channel", "caller", "status", "responded", "resolved", "satisfied", "text",
)  # fmt: skip

# What every case adds to by itself.
COUNTS = (
    "complaints", "consultations", "proactive_cases", "surveyed", "responded", "resolved",
    "satisfied", "with_deadline", "on_time",
)  # fmt: skip

# Column -> the quantile as a fraction.
QUANTILES = {"median_days": (1, 2), "p90_days": (9, 10)}

# The tables and their keys, and the columns of both that are not keys, in order.
TABLES: dict[str, tuple[str, ...]] = {
    "tickets": ("unit", "period"),
    "tickets_by_category": ("unit", "category", "period"),
}
COLUMNS = (*COUNTS[:7], "repeat_complaints", *COUNTS[7:], *QUANTILES)

# All contestants compute with so many threads.
THREADS = 2

# With which callers are hashed; the panels do not depend on it.
KEY = b"a key that only the benchmark has"

# What all contestants take out: the kinds of the compendium, with a mark that tells the kind in
# texts; and numbers of cases that are personal, which are hashed as callers are.
KINDS = tuple((pattern.in_text, pattern.mark) for pattern in PATTERNS)
ANY_KIND = pattern_of(PATTERNS, free_text=True)
NUMBERS = pattern_in_numbers()

Values = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """The study of the invented city in plain words.

    Attributes
    ----------
    begin, end
        The first moment of the covered months, and the first after them.
    end_of_data
        The first moment of which nothing is known.
    last_followed
        The last month whose cases were all followed for the whole window.
    first_with_history
        The first month with `repeat_seconds` of covered time before it.
    follow_up_seconds, repeat_seconds
        The windows.
    missing, not_a_unit
        Cells without a value, and places that are no unit.
    recode
        Streets: spelling as published -> spelling to be used.
    initiators
        Initiator -> channels.
    open, closed, void
        Statuses.
    answers
        Question -> the answers that mean yes, and those that mean no.
    dropped_texts, internal, consultation
        Texts and categories of cases that are not what they seem.
    """

    begin: str
    end: str
    end_of_data: str
    last_followed: str
    first_with_history: str
    follow_up_seconds: int
    repeat_seconds: int
    missing: Values
    not_a_unit: Values
    recode: dict[str, str]
    initiators: dict[str, Values]
    open: Values
    closed: Values
    void: Values
    answers: dict[str, tuple[Values, Values]]
    dropped_texts: Values
    internal: Values
    consultation: Values

    @classmethod
    def of(cls, study: Study) -> Rules:
        """Take them from the study of the invented city."""
        tickets = study.tickets
        assert tickets is not None
        assert tickets.status is not None
        first, last = study.periods[0], study.periods[-1]
        known = pd.Timestamp(tickets.extracted) + pd.Timedelta(days=1)
        codes = {name: getattr(tickets, name) for name in ("responded", "resolved", "satisfied")}
        flagged = {
            action: tuple(
                value
                for flag in tickets.flag
                if flag.action == action
                for value in (*flag.equals, *flag.contains)
            )
            for action in ("drop", "internal", "consultation")
        }
        followed = known - pd.Timedelta(days=tickets.follow_up_days)
        history = first.start_time + pd.Timedelta(days=tickets.repeat_days)
        return cls(
            begin=str(first.start_time),
            end=str((last + 1).start_time),
            end_of_data=str(known),
            last_followed=str((pd.Period(followed, "M") - 1).start_time.date()),
            first_with_history=str(
                (pd.Period(history - pd.Timedelta(1), "M") + 1).start_time.date()
            ),
            follow_up_seconds=tickets.follow_up_days * 86_400,
            repeat_seconds=tickets.repeat_days * 86_400,
            missing=tickets.source[0].missing,
            not_a_unit=tickets.not_a_unit,
            recode=tickets.recode["street"],
            initiators={
                name: getattr(tickets.initiator, name)
                for name in ("resident", "proactive", "system")
            },
            open=tickets.status.open,
            closed=tickets.status.closed,
            void=tickets.status.void,
            answers={name: (code.yes, code.no) for name, code in codes.items()},
            dropped_texts=flagged["drop"],
            internal=flagged["internal"],
            consultation=flagged["consultation"],
        )
