"""Errors of the compendium: each says what is wrong, where, what was expected and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

__all__ = [
    "CompendiumError",
    "DataError",
    "DesignError",
    "ParameterError",
    "Problem",
    "RunError",
    "StudyError",
    "did_you_mean",
    "listing",
]

# A register may hold hundreds of units; so many names help nobody.
NAMES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with an input.

    Attributes
    ----------
    what
        What is wrong, as a sentence without a full stop.
    where
        The place: file, row, column or key; empty if the place is the whole input.
    hint
        What to do about it.
    """

    what: str
    where: str = ""
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        remedy = f"\n    Hint: {self.hint}" if self.hint else ""
        return f"{place}{self.what}{remedy}"


class CompendiumError(Exception):
    """Base of every error that a user of the compendium can cause and can mend.

    Parameters
    ----------
    title
        One line that says what could not be done.
    problems
        All the problems found, reported together.

    Examples
    --------
    >>> print(DataError("the panel is not valid", [Problem("no rows", "panel.csv")]))
    the panel is not valid
      - panel.csv: no rows
    """

    def __init__(self, title: str, problems: Sequence[Problem] = ()) -> None:
        self.title = title
        self.problems = tuple(problems)
        super().__init__("\n".join([title, *(f"  - {problem}" for problem in self.problems)]))

    def __reduce__(self) -> tuple[object, ...]:
        # Worker processes send errors home by pickle; the default would pass only the text.
        return (type(self), (self.title, self.problems))


class DataError(CompendiumError, ValueError):
    """Raw data or a panel breaks the data contract."""


class StudyError(CompendiumError, ValueError):
    """A study file cannot be read as a study."""


class ParameterError(CompendiumError, TypeError):
    """A notebook was given a parameter that it does not have, lacks or cannot use."""


class DesignError(CompendiumError, ValueError):
    """An estimation design cannot be estimated on the panel at hand."""


class RunError(CompendiumError, RuntimeError):
    """A step of the pipeline failed; the former outputs are untouched."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Hint at the nearest known name, or list the first of those that are known.

    Parameters
    ----------
    name
        The name that is not known.
    known
        The names that are.

    Returns
    -------
    str
        A sentence for the hint of a `Problem`.

    Examples
    --------
    >>> did_you_mean("complaint", ["complaints", "period"])
    "did you mean 'complaints'?"
    >>> did_you_mean("zzz", ["unit", "period"])
    "known names are 'period' and 'unit'"
    """
    names = sorted(known)
    nearest = get_close_matches(name, names, n=1)
    if nearest:
        return f"did you mean {nearest[0]!r}?"
    if len(names) > NAMES_SHOWN:
        shown = ", ".join(map(repr, names[:NAMES_SHOWN]))
        return f"known names are {shown} and {len(names) - NAMES_SHOWN} more"
    return f"known names are {listing(names)}" if names else "no name is known here"


def listing(names: Iterable[str]) -> str:
    """Write names as a sentence would: 'a', 'b' and 'c'.

    Examples
    --------
    >>> listing(["a", "b", "c"])
    "'a', 'b' and 'c'"
    """
    quoted = [repr(name) for name in names]
    if len(quoted) < 2:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} and {quoted[-1]}"
