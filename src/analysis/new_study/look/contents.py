"""What stands in a column, without telling any cell that could be personal."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from analysis.new_study.look.moments import Moments, find_moments
from analysis.new_study.look.sample import Cells
from analysis.preflight.personal_patterns import find_personal

__all__ = ["Contents"]

# A value that comes less often is never shown: it may be somebody's.
SHOWN_FROM = 5
LONGEST_CODE = 40
MOST_DIGITS = 4
# Above it, a column is taken to hold what people wrote, not codes.
MOST_CODES = 100
# Cells that are looked at for telephone numbers and the like.
CELLS_TO_SEARCH = 500

_TIME_OF_DAY = re.compile(r"([01]?\d|2[0-3])[:：][0-5]\d([:：][0-5]\d)?( ?[AP]M)?", re.IGNORECASE)


@dataclass(frozen=True)
class Contents:
    """The cells of one header in all samples of a source.

    Attributes
    ----------
    cells
        The cells, None if empty.
    """

    cells: Cells = field(repr=False)

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each value comes."""
        return Counter(cell for cell in self.cells if cell is not None)

    @property
    def filled(self) -> int:
        """How many cells are not empty."""
        return self.counts.total()

    @cached_property
    def moments(self) -> Moments:
        """Its cells read as moments; only a column of which a part is moments is read whole."""
        few = [cell for cell in self.cells if cell is not None][:CELLS_TO_SEARCH]
        found = find_moments(few)
        return find_moments(self.cells) if found.share > 0.1 else found

    @property
    def is_time(self) -> bool:
        """Whether nearly all cells are moments, or it is empty."""
        return self.filled == 0 or self.moments.share >= 0.9

    @property
    def is_time_of_day(self) -> bool:
        """Whether nearly all cells tell an hour and a minute, and no day."""
        some = list(self.counts)[:CELLS_TO_SEARCH]
        return sum(bool(_TIME_OF_DAY.fullmatch(value)) for value in some) > 0.9 * len(some)

    @property
    def is_unique(self) -> bool:
        """Whether every row has a value of its own."""
        return self.filled == len(self.cells) and len(self.counts) == self.filled

    @property
    def may_identify(self) -> bool:
        """Whether values hardly ever come again: a number that does is a later version."""
        return self.filled > 0 and len(self.counts) >= 0.5 * self.filled

    @cached_property
    def is_personal(self) -> bool:
        """Whether telephone numbers and the like stand in many of its cells."""
        few = list(self.counts)[:CELLS_TO_SEARCH]
        return sum(_is_personal(value) for value in few) > 0.05 * len(few)

    @property
    def is_grouping(self) -> bool:
        """Whether its values come again and again, as those of places and categories do."""
        return len(self.counts) <= 20 or len(self.counts) < 0.5 * self.filled

    @property
    def is_code(self) -> bool:
        """Whether it has few values, none of them long."""
        few = len(self.counts) <= MOST_CODES and self.is_grouping
        return few and all(len(value) <= 2 * LONGEST_CODE for value in self.counts)

    def codes(self, known: Iterable[str] = ()) -> dict[str, int]:
        """Give those of its values that may be shown, the most frequent first.

        Parameters
        ----------
        known
            Values that may be shown however rare, because they are declared in code.
        """
        declared = set(known)
        shown = {
            value: count
            for value, count in self.counts.items()
            if value in declared or (count >= SHOWN_FROM and _is_code(value))
        }
        return dict(sorted(shown.items(), key=lambda pair: (-pair[1], pair[0])))


def _is_code(value: str) -> bool:
    return (
        len(value) <= LONGEST_CODE
        and value.isprintable()
        and sum(sign.isdigit() for sign in value) <= MOST_DIGITS
        and not _is_personal(value)
    )


def _is_personal(value: str) -> bool:
    return next(iter(find_personal(value)), None) is not None
