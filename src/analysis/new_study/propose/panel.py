"""What the samples allow of a panel: who opens cases, which rates there are, what they carry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.new_study.propose.cases import ANSWERED
from analysis.new_study.propose.sources import SourceProposal
from analysis.new_study.propose.support import Carried, carried_by, carried_categories
from analysis.new_study.propose.table import Table

__all__ = ["SMALLEST_SHARE", "THIN", "Panel", "look_at_panel", "possible_rates", "thin_words"]

# What a category needs for the design, of few cases and of many.
SMALLEST_SHARE = 0.05
FEW_CASES, MANY_CASES = 10, 100
FROM_MANY = 5_000
# With fewer complaints in a unit, category and month on average, most rows are 0.
THIN = 1.0


@dataclass(frozen=True, slots=True)
class Panel:
    """What the samples allow.

    Attributes
    ----------
    unit
        The column that is the unit.
    both
        Whether residents and staff both open cases.
    months
        How many were seen.
    smallest_category
        How many cases a category needs to be kept.
    by_unit
        What the panel by unit can carry.
    by_category
        What the panel by unit and category can carry; None if there is none.
    per_cell
        About how many complaints a unit has in a category and month; None if there is no panel by
        category or nothing tells.
    """

    unit: str
    both: bool
    months: int
    smallest_category: int
    by_unit: Carried
    by_category: Carried | None
    per_cell: float | None = None

    @property
    def thin(self) -> bool:
        """Whether a unit hardly has a complaint in a category and month."""
        return self.per_cell is not None and self.per_cell < THIN


def look_at_panel(
    cases: pd.DataFrame,
    unit: str,
    rates: Sequence[str],
    *,
    months: int,
    both: bool,
    by_category: bool,
    whole: bool,
    stands_for: float | None,
) -> Panel:
    """Tell what the cases in the samples can carry, by unit and by category.

    Parameters
    ----------
    cases
        As `analysis.new_study.propose.cases.sampled_cases` gives them.
    rates
        As `possible_rates` gives them.
    unit, months, both
        See `Panel`.
    by_category
        Whether there are categories. If residents and staff both open cases, a panel by category
        needs one in which both do.
    whole
        Whether these are all cases.
    stands_for
        How many cases of the files each of these stands for, about; None if nothing tells.
    """
    smallest = MANY_CASES if len(cases) >= FROM_MANY else FEW_CASES
    in_category = cases
    if both:
        # Of a part of the cases it cannot be seen how many a category has.
        kept = carried_categories(cases, SMALLEST_SHARE, smallest if whole else 1)
        in_category = cases[cases["category"].isin(kept)]
    carried = per_cell = None
    if by_category and len(in_category):
        carried = carried_by(in_category, rates, ["unit", "category"], whole=whole)
        if stands_for is not None:
            per_cell = stands_for * _complaints_per_cell(in_category, months)
    by_unit = carried_by(cases, rates, ["unit"], whole=whole)
    return Panel(unit, both, months, smallest, by_unit, carried, per_cell)


def _complaints_per_cell(cases: pd.DataFrame, months: int) -> float:
    """Divide the complaints by the rows that a balanced panel of them would have."""
    rows = len(cases.drop_duplicates(["unit", "category"])) * months
    return float(cases["consultation_share"].eq(False).sum()) / rows


def possible_rates(
    sources: Sequence[SourceProposal], answers: Mapping[str, Table], flags: Sequence[Table]
) -> list[str]:
    """Name the rates and shares that the columns allow.

    Parameters
    ----------
    sources, answers, flags
        What was seen, which answers could be understood, and which cases are flagged.
    """
    timed = any(s.has("due") and (s.has("closed") or "on_time" in answers) for s in sources)
    consults = any(flag.keys["action"].value == "consultation" for flag in flags)
    return [
        *(rate for answer, rate in ANSWERED.items() if answer in answers),
        *(["on_time_rate"] if timed else []),
        *(["repeat_share"] if any(source.has("caller") for source in sources) else []),
        *(["consultation_share"] if consults else []),
    ]


def thin_words(panel: Panel) -> str:
    """Say how thin the cells of a panel by category are.

    Examples
    --------
    >>> thin_words(Panel("street", True, 12, 10, Carried((), (), False), None, per_cell=0.254))
    'a unit has about 0.25 complaints in a category and month: with fewer than 1, most rows are 0'
    """
    return (
        f"a unit has about {panel.per_cell:.2g} complaints in a category and month: with fewer "
        f"than {THIN:g}, most rows are 0"
    )
