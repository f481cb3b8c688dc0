"""The part of a study file that says which panels are made, and what is estimated on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from analysis.errors import did_you_mean
from analysis.study.fields import ColumnName, MeasureName, Month, Name, Strict

__all__ = ["Dose", "Keep", "Level", "MonteCarlo", "Recovery"]


@dataclass(frozen=True, slots=True)
class Dose(Strict):
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
class Keep(Strict):
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
class Level(Strict):
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
    main_estimator
        The one of them that checks and sensitivity analyses start from; the first if not given.
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
    unit_effects
        Those estimators that would have a fixed effect for each cohort, but have one for each unit
        here, because units enter, leave or change their weight.
    event_window
        First and last month, relative to adoption, with an effect of its own.
    comparison
        Which units one under the programme is compared with: those that have not adopted yet, or
        only those that never do.
    anticipation
        Months before adoption in which the programme may already act.
    exposure
        Column that counts are proportional to.
    controls
        Columns of covariates.
    lags, leads
        For distributed lags: how many more months before may act, and how many months after are
        placebos. Where the treatment is a dose, that of one month takes its place,
        `dose_last_month`, since a mean over months cannot tell them apart.
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
    estimators: Annotated[tuple[Name, ...], Field(min_length=1)]
    main_estimator: Name | None = None
    source: Name | None = None
    aggregate: Name | None = None
    categories: Name | None = None
    robustness: tuple[MeasureName, ...] = ()
    exceptional_months: tuple[Month, ...] = ()
    absorb: tuple[tuple[ColumnName, ...], ...] = ()
    unit_effects: tuple[Name, ...] = ()
    event_window: tuple[int, int] = (-12, 24)
    comparison: Literal["never", "notyet"] = "notyet"
    anticipation: Annotated[int, Field(ge=0, le=24)] = 0
    exposure: ColumnName | None = None
    controls: tuple[ColumnName, ...] = ()
    lags: Annotated[int, Field(ge=0, le=24)] = 0
    leads: Annotated[int, Field(ge=0, le=24)] = 0
    dose: Dose | None = None
    keep: Keep | None = None

    def __post_init__(self) -> None:
        if (self.source is None) == (self.aggregate is None):
            raise ValueError("a level is made from either 'source' or 'aggregate'")
        if (self.treatment == "dose") != (self.dose is not None):
            raise ValueError("treatment 'dose' and the table 'dose' go together")
        _part_of("robustness", self.robustness, "outcomes", self.outcomes)
        _part_of("main_estimator", (self.main,), "estimators", self.estimators)
        _part_of("unit_effects", self.unit_effects, "estimators", self.estimators)
        reference = -1 - self.anticipation
        if not self.event_window[0] < reference <= self.event_window[1]:
            raise ValueError(
                f"'event_window' must begin before {reference}, the month of reference, and hold it"
            )

    @property
    def main(self) -> str:
        """The estimator that checks and sensitivity analyses start from."""
        return self.main_estimator or self.estimators[0]


@dataclass(frozen=True, slots=True)
class MonteCarlo(Strict):
    """How estimators and their intervals are tried on many panels of one shape.

    Attributes
    ----------
    shape
        A shape of `analysis.recover.built_in`.
    draws
        How many panels.
    effects
        How planted effects run; see `analysis.recover.effect`.
    estimators
        Names in the registry of `analysis.effects`.
    """

    shape: Literal["districts", "streets"]
    draws: Annotated[int, Field(ge=2)]
    effects: tuple[Literal["none", "constant", "growing", "heterogeneous"], ...]
    estimators: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Recovery(Strict):
    """How a simulated study checks that its estimators recover the truth.

    Attributes
    ----------
    level
        The level whose panel is simulated anew.
    outcomes
        Measures to estimate effects on.
    estimators
        Some of the level's estimators; all of them if none is named.
    draws
        How many fresh twins; their seeds follow the study's.
    monte_carlo
        See `MonteCarlo`.
    """

    level: Name
    outcomes: tuple[MeasureName, ...]
    draws: Annotated[int, Field(ge=2)]
    estimators: tuple[Name, ...] = ()
    monte_carlo: MonteCarlo | None = None


def _part_of(key: str, names: tuple[str, ...], whole: str, known: tuple[str, ...]) -> None:
    for name in names:
        if name not in known:
            raise ValueError(
                f"{key!r} names {name!r}, which is not one of the level's {whole!r}; "
                f"{did_you_mean(name, known)}"
            )
