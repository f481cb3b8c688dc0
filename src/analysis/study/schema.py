"""What a study file says, as strict dataclasses; nothing about a study is written in code.

A study is read by `analysis.study.load`. Its parts are in `sources`, `levels` and `place`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import pandas as pd

from analysis.errors import did_you_mean
from analysis.study.access import MARKS, SIMULATED, Access, Disclosure
from analysis.study.fields import Month, Name, Strict
from analysis.study.levels import Level, Recovery
from analysis.study.place import Stage, Tile
from analysis.study.sources import Adoption, Register, Source
from analysis.study.tickets import Tickets, TicketTable

__all__ = ["SIMULATED", "Study"]

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Study(Strict):
    """A whole study file.

    Attributes
    ----------
    name
        The name of the file, and of the study's folders.
    title_en, title_zh, place_en
        What readers see.
    simulated
        Whether the data are simulated; then every exhibit says so.
    first_period, last_period
        The months that the study covers.
    bootstrap_seed
        Seed of the wild cluster bootstrap.
    level
        The panels.
    source, tickets
        The raw files: tables of counts, lists of tickets or both.
    register, adoption
        Units and adoption months, if the study has them.
    known_errors
        A UTF-8 file in the raw folder with `file`, `row`, `column`, `value` and `reason`: the
        reviewed list of cells that cannot be true. Only these are set to missing; any other
        impossible value stops the run.
    seed, truth
        For a simulated study: its seed, and the file of true effects in its raw folder.
    recovery
        For a simulated study: how it checks that the truth is recovered.
    disclosure
        For restricted data: how they are protected in exhibits, which then say so; see
        `analysis.study.access.Disclosure`.
    report
        Whether its results are put into a report of their own, because the paper does not treat
        it.
    published
        Whether published figures and a timeline of its place are in ``data/raw/published``.
    stage, tile
        The stages of the policy, and the tile map of the districts, if it has them.
    """

    name: Name
    title_en: str
    title_zh: str
    place_en: str
    simulated: bool
    first_period: Month
    last_period: Month
    bootstrap_seed: int
    level: tuple[Level, ...]
    source: tuple[Source, ...] = ()
    tickets: Tickets | None = None
    register: Register | None = None
    adoption: Adoption | None = None
    known_errors: str | None = None
    seed: int | None = None
    truth: str | None = None
    recovery: Recovery | None = None
    disclosure: Disclosure | None = None
    published: bool = False
    report: bool = False
    stage: tuple[Stage, ...] = ()
    tile: tuple[Tile, ...] = ()

    def __post_init__(self) -> None:
        if self.first_period > self.last_period:
            raise ValueError("'first_period' is after 'last_period'")
        if not self.source and self.tickets is None:
            raise ValueError("a study needs raw files: a table 'source', or 'tickets'")
        if self.simulated and self.seed is None:
            raise ValueError("a simulated study states its 'seed'")
        if self.simulated and self.disclosure is not None:
            raise ValueError(
                "simulated data need no protection; delete the table 'disclosure', or write "
                "simulated = false"
            )
        sources = [given.name for given in self.source]
        if self.tickets is not None:
            sources += [given.name for given in self.tickets.tables]
        levels = [given.name for given in self.level]
        for given in self.level:
            _known_reference("source", given.source, sources)
            _known_reference("source", given.categories, sources)
            _known_reference("level", given.aggregate, levels)
        if not self.simulated and (self.truth or self.recovery or self.seed is not None):
            raise ValueError(
                "only a simulated study knows its truth; delete 'seed', 'truth' and the table "
                "'recovery', or write simulated = true"
            )
        if (self.truth is None) != (self.recovery is None):
            raise ValueError("'truth' and the table 'recovery' go together")
        if self.recovery is not None:
            _known_reference("level", self.recovery.level, levels)

    @property
    def access(self) -> Access:
        """Whose eyes its data are for."""
        if self.simulated:
            return "simulated"
        return "open" if self.disclosure is None else "restricted"

    @property
    def mark(self) -> str:
        """What every exhibit made of its data says of them; empty if they are open."""
        return MARKS[self.access]

    @property
    def threshold(self) -> int:
        """The number below which its exhibits tell no count; 0 if its data are not restricted."""
        return 0 if self.disclosure is None else self.disclosure.threshold

    @property
    def periods(self) -> pd.PeriodIndex:
        """Every month of the study."""
        return pd.period_range(self.first_period, self.last_period, freq="M")

    def get_source(self, name: str) -> Source:
        """Look up one of its sources of counts; `KeyError` names those it has."""
        return _look_up("source", name, {given.name: given for given in self.source})

    def get_table(self, name: str) -> Source | TicketTable:
        """Look up what a level can name as its source; `KeyError` names all there are."""
        known: dict[str, Source | TicketTable] = {given.name: given for given in self.source}
        if self.tickets is not None:
            known |= {given.name: given for given in self.tickets.tables}
        return _look_up("source", name, known)

    def get_level(self, name: str) -> Level:
        """Look up one of its levels; `KeyError` names those it has."""
        return _look_up("level", name, {given.name: given for given in self.level})


def _known_reference(kind: str, name: str | None, known: list[str]) -> None:
    if name is not None and name not in known:
        raise ValueError(f"no {kind} is called {name!r}; {did_you_mean(name, known)}")


def _look_up(kind: str, name: str, known: dict[str, Found]) -> Found:
    if name not in known:
        raise KeyError(f"no {kind} is called {name!r}; {did_you_mean(name, known)}")
    return known[name]
