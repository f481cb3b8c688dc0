"""What cannot be estimated on a panel is noted with its reason, and the rest goes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pandas as pd

from analysis.errors import DesignError

__all__ = ["Refusal", "Refusals"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that cannot be estimated.

    Attributes
    ----------
    what
        An estimator, a check or an outcome, as readers know it.
    error
        Why not.
    """

    what: str
    error: DesignError

    @property
    def reason(self) -> str:
        """What is wrong, and where, without the hints."""
        parts = [
            f"{one.where}: {one.what}" if one.where else one.what for one in self.error.problems
        ]
        return "; ".join(parts) or self.error.title


@dataclass(slots=True)
class Refusals:
    """A notebook's list of what its panel cannot carry.

    A small panel carries some estimators and checks and not others. What can be estimated is worth
    reading all the same, if the reader is told what is left out and why.

    Attributes
    ----------
    noted
        In the order in which they came up.

    Examples
    --------
    >>> refusals = Refusals()
    >>> with refusals.aside("Fractional logit"):
    ...     raise DesignError("the effect cannot be estimated", [])
    >>> print(refusals.sentence)
    Not estimated: Fractional logit.
    """

    noted: list[Refusal] = field(default_factory=list)

    @contextmanager
    def aside(self, what: str) -> Iterator[None]:
        """Note that something cannot be estimated, if that is so, and go on behind the block."""
        try:
            yield
        except DesignError as error:
            self.noted.append(Refusal(what, error))

    @property
    def table(self) -> pd.DataFrame:
        """One row for each, with the heads Not estimated and Reason."""
        rows = [(one.what, one.reason) for one in self.noted]
        return pd.DataFrame(rows, columns=["Not estimated", "Reason"])

    @property
    def sentence(self) -> str:
        """Name them in a sentence; empty if there are none."""
        names = ", ".join(dict.fromkeys(one.what for one in self.noted))
        return f"Not estimated: {names}." if self.noted else ""
