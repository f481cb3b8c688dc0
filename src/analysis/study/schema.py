"""What a study file says: strict dataclasses, one for each part of the file.

Nothing about a study is written in code; a study is one of these, read by `analysis.study.load`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal, TypeVar

import pandas as pd
from pydantic import AfterValidator, ConfigDict, Field

from analysis.contract.columns import COLUMNS
from analysis.contract.measures import MEASURES
from analysis.errors import did_you_mean

__all__ = [
    "Adoption",
    "Dose",
    "FromRate",
    "Initiators",
    "Keep",
    "Level",
    "Milestone",
    "Recovery",
    "Register",
    "Source",
    "Stage",
    "Study",
    "Tile",
]


def _known_column(name: str) -> str:
    known = [c.name for c in COLUMNS] + [m.name for m in MEASURES]
    if name not in known:
        hint = did_you_mean(name, known)
        raise ValueError(f"{name!r} is not a column of the data contract; {hint}")
    return name


def _known_measure(name: str) -> str:
    known = [declared.name for declared in MEASURES]
    if name not in known:
        raise ValueError(f"{name!r} is not a measure; {did_you_mean(name, known)}")
    return name


Found = TypeVar("Found")
Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
ColumnName = Annotated[str, AfterValidator(_known_column)]
MeasureName = Annotated[str, AfterValidator(_known_measure)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class _Strict:
    """A key that a dataclass does not declare, or a value of another type, is an error."""

    __slots__ = ()
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)


@dataclass(frozen=True, slots=True)
class FromRate(_Strict):
    """A count that is published only as a rate, in percent, of another count.

    Attributes
    ----------
    count
        The count of the contract that is worked out, rounded to the nearest whole number.
    rate
        The rate that the report gives; its header is in the source's `headers`.
    of
        The count that the rate is a share of.
    """

    count: ColumnName
    rate: MeasureName
    of: ColumnName


@dataclass(frozen=True, slots=True)
class Initiators(_Strict):
    """Which counts of a row become which columns, by who opened the case.

    Attributes
    ----------
    column
        The header of the raw column that says who opened the case.
    resident, proactive, system
        For each value of that column: raw count -> column of the contract. What is not named is
        left out.
    """

    column: str
    resident: dict[str, ColumnName]
    proactive: dict[str, ColumnName]
    system: dict[str, ColumnName] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source(_Strict):
    """One kind of raw file and how its columns map to the data contract.

    Attributes
    ----------
    name
        What levels call it.
    files
        A glob in the study's raw folder.
    encoding
        The encoding of the files; a file that does not decode is refused.
    layout
        ``wide`` (one column per count) or ``by_initiator`` (one row per initiator).
    keys
        The columns of the contract that identify a row.
    absent
        What a unit's month without a row means: a report that is ``missing``, or ``zero`` cases.
    headers
        Column of the contract -> every header it has had.
    constants
        Columns of the contract that have one value in the whole source.
    missing
        Cells that mean "no value".
    totals
        Labels of rows that sum up others.
    not_a_unit
        Labels in the unit column that are no unit.
    ignored
        Headers of columns that the study does not use; any other unknown header is an error.
    restated
        Header of the column in which a non-empty cell marks a correction of an earlier row.
    from_rate
        Counts that are published only as rates.
    initiators
        For ``by_initiator``: who opened the case decides the column.
    first_period, last_period
        The months the source covers, if fewer than the study's.
    """

    name: Name
    files: str
    encoding: Literal["utf-8", "utf-8-sig", "gb18030", "utf-16"]
    layout: Literal["wide", "by_initiator"]
    keys: tuple[ColumnName, ...]
    absent: Literal["missing", "zero"]
    headers: dict[ColumnName, tuple[str, ...]]
    constants: dict[ColumnName, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ("",)
    totals: tuple[str, ...] = ()
    not_a_unit: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    restated: str | None = None
    from_rate: tuple[FromRate, ...] = ()
    initiators: Initiators | None = None
    first_period: Month | None = None
    last_period: Month | None = None

    def __post_init__(self) -> None:
        if (self.layout == "by_initiator") != (self.initiators is not None):
            raise ValueError("layout 'by_initiator' and the table 'initiators' go together")


@dataclass(frozen=True, slots=True)
class Register(_Strict):
    """Which units there are, and what became of those that were renamed or merged.

    Attributes
    ----------
    units
        A file with `unit`, `district` and `population`, the units as they are today.
    crosswalk
        A file with `former_unit`, `unit`, `district`, `valid_from` and `event`.
    encoding
        The encoding of both.
    """

    units: str
    crosswalk: str
    encoding: Literal["utf-8", "utf-8-sig", "gb18030", "utf-16"] = "utf-8"


@dataclass(frozen=True, slots=True)
class Adoption(_Strict):
    """The month in which each unit came under the programme.

    Attributes
    ----------
    file
        A file with `unit`, `district` and `adoption_period`; a unit that is not in it never came
        under the programme.
    encoding
        Its encoding.
    """

    file: str
    encoding: Literal["utf-8", "utf-8-sig", "gb18030", "utf-16"] = "utf-8"


@dataclass(frozen=True, slots=True)
class Dose(_Strict):
    """A treatment that varies in amount: a count of the months before.

    Attributes
    ----------
    column
        The count.
    months_before
        How many months before this one are averaged; this month itself never counts.
    transform
        What is done to the average: ``log1p`` or ``none``.
    """

    column: ColumnName
    months_before: Annotated[int, Field(ge=1, le=24)]
    transform: Literal["log1p", "none"]


@dataclass(frozen=True, slots=True)
class Keep(_Strict):
    """Which categories can carry the design.

    Attributes
    ----------
    minimum_share_of_each_initiator
        Residents and staff must each open at least this share of a category's cases.
    minimum_cases
        A category needs at least so many cases in all.
    """

    minimum_share_of_each_initiator: Annotated[float, Field(ge=0, le=0.5)]
    minimum_cases: Annotated[int, Field(ge=0)]


@dataclass(frozen=True, slots=True)
class Level(_Strict):
    """One panel of the study, and what is estimated on it.

    Attributes
    ----------
    name, title_en, title_zh
        What it is called.
    unit
        The columns that together identify a unit of the panel.
    treatment
        ``adoption`` (switched on for good), ``coverage`` (share of the population under the
        programme) or ``dose``.
    cluster
        The column at whose level the treatment is assigned.
    outcomes
        Measures to estimate effects on.
    estimators
        Names in the registry of `analysis.effects`; those that do not fit an outcome's scale are
        left out for that outcome.
    source
        The source that the panel is made of; or
    aggregate
        the level that is summed within districts.
    categories
        A source by category from which `targeting` is worked out.
    robustness
        The outcomes, of those above, whose effects are put to the robustness checks.
    exceptional_months
        Months out of the ordinary, which the robustness checks leave out once.
    absorb
        Fixed effects besides the unit and the period, each a set of columns that interact.
    event_window
        First and last month, relative to adoption, with an effect of its own.
    dose, keep
        See `Dose` and `Keep`.
    """

    name: Name
    title_en: str
    title_zh: str
    unit: tuple[ColumnName, ...]
    treatment: Literal["adoption", "coverage", "dose"]
    cluster: ColumnName
    outcomes: tuple[MeasureName, ...]
    estimators: tuple[Name, ...]
    source: Name | None = None
    aggregate: Name | None = None
    categories: Name | None = None
    robustness: tuple[MeasureName, ...] = ()
    exceptional_months: tuple[Month, ...] = ()
    absorb: tuple[tuple[ColumnName, ...], ...] = ()
    event_window: tuple[int, int] = (-12, 24)
    dose: Dose | None = None
    keep: Keep | None = None

    def __post_init__(self) -> None:
        if (self.source is None) == (self.aggregate is None):
            raise ValueError("a level is made from either 'source' or 'aggregate'")
        if (self.treatment == "dose") != (self.dose is not None):
            raise ValueError("treatment 'dose' and the table 'dose' go together")
        for name in self.robustness:
            if name not in self.outcomes:
                raise ValueError(
                    f"'robustness' names {name!r}, which is not one of the level's 'outcomes'; "
                    f"{did_you_mean(name, self.outcomes)}"
                )
        if not self.event_window[0] < -1 <= self.event_window[1]:
            raise ValueError("'event_window' must begin before -1, the month of reference")


@dataclass(frozen=True, slots=True)
class Milestone(_Strict):
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
class Stage(_Strict):
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
class Tile(_Strict):
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


@dataclass(frozen=True, slots=True)
class Recovery(_Strict):
    """How a simulated study checks that its estimators recover the truth.

    Attributes
    ----------
    level
        The level whose panel is simulated anew.
    outcomes
        Measures to estimate effects on.
    draws
        How many fresh twins; their seeds follow the study's.
    """

    level: Name
    outcomes: tuple[MeasureName, ...]
    draws: Annotated[int, Field(ge=2)]


@dataclass(frozen=True, slots=True)
class Study(_Strict):
    """A whole study file.

    Attributes
    ----------
    name
        The name of the file, and of the study's folders.
    title_en, title_zh, place_en, place_zh
        What readers see.
    simulated
        Whether the data are simulated; then every exhibit says so.
    first_period, last_period
        The months that the study covers.
    bootstrap_seed
        Seed of the wild cluster bootstrap.
    source, level
        The raw files and the panels.
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
    published
        Whether published figures and a timeline of its place are in ``data/raw/published``.
    stage, tile
        The stages of the policy, and the tile map of the districts, if it has them.
    """

    name: Name
    title_en: str
    title_zh: str
    place_en: str
    place_zh: str
    simulated: bool
    first_period: Month
    last_period: Month
    bootstrap_seed: int
    source: tuple[Source, ...]
    level: tuple[Level, ...]
    register: Register | None = None
    adoption: Adoption | None = None
    known_errors: str | None = None
    seed: int | None = None
    truth: str | None = None
    recovery: Recovery | None = None
    published: bool = False
    stage: tuple[Stage, ...] = ()
    tile: tuple[Tile, ...] = ()

    def __post_init__(self) -> None:
        if self.first_period > self.last_period:
            raise ValueError("'first_period' is after 'last_period'")
        if self.simulated and self.seed is None:
            raise ValueError("a simulated study states its 'seed'")
        sources, levels = [s.name for s in self.source], [given.name for given in self.level]
        for given in self.level:
            _known_reference("source", given.source, sources)
            _known_reference("source", given.categories, sources)
            _known_reference("level", given.aggregate, levels)
        if (self.truth is None) != (self.recovery is None):
            raise ValueError("'truth' and the table 'recovery' go together")
        if self.recovery is not None:
            _known_reference("level", self.recovery.level, levels)

    @property
    def periods(self) -> pd.PeriodIndex:
        """Every month of the study."""
        return pd.period_range(self.first_period, self.last_period, freq="M")

    def get_source(self, name: str) -> Source:
        """Look up one of its sources; `KeyError` names those it has."""
        return _look_up("source", name, {given.name: given for given in self.source})

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
