"""A design: which effect is estimated, on which panel columns, with what clustering."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from analysis.contract.measures import Measure, measure
from analysis.errors import DesignError, Problem, did_you_mean
from analysis.study.levels import Level
from analysis.study.schema import Study

__all__ = [
    "Adjustment",
    "Base",
    "Comparison",
    "Design",
    "Estimand",
    "Scale",
    "Treatment",
    "design_for",
]

Treatment = Literal["adoption", "dose"]
Scale = Literal["count", "share", "level", "days", "log"]
Comparison = Literal["never", "notyet"]
Base = Literal["universal", "varying"]
Adjustment = Literal["doubly_robust", "regression", "weighting"]
Estimand = Literal["cells", "event_time", "cohort", "calendar"]


@dataclass(frozen=True, slots=True)
class Design:
    """What is estimated, said once, before anything is computed.

    Attributes
    ----------
    outcome
        Column of the outcome.
    scale
        ``count`` (effects in log points), ``share`` (a rate between 0 and 1; effects are
        differences of rates), ``level`` (any number; effects are in its own unit), ``days`` (a
        length of time; effects are in days) or ``log`` (a logarithm, taken before; effects in log
        points).
    unit
        Columns that together identify a unit.
    period
        Column of the period: `Period`, timestamp or whole number.
    treatment
        ``adoption``: `treatment_column` holds a unit's first treated period, missing = never.
        ``dose``: it holds an amount, whose coefficient is the effect of one more unit of it.
    treatment_column
        Column of the treatment.
    cluster
        Column at whose level the treatment is assigned and errors may be correlated.
    weights
        Column of analytic weights (for a rate: its denominator), or None.
    absorb
        Fixed effects besides unit and period, each a set of columns that interact.
    fixed_effects
        Fixed effects instead of unit and period, for regressions only; () for unit and period.
    exposure
        Column of what a count is proportional to, such as the population; its logarithm enters
        with coefficient one (a count in logarithms becomes a log rate). None for no exposure.
    controls
        Columns of covariates.
    anticipation
        Periods before adoption in which the treatment may already act. The last period before
        them is the reference.
    comparison
        Which units a treated one is compared with: those that ``never`` adopt, or those that have
        ``notyet`` adopted by the period.
    base
        What group-time effects before adoption are measured from: the reference period
        (``universal``), or each the period before it (``varying``).
    adjustment
        How group-time effects use the controls: ``doubly_robust``, ``regression`` or
        ``weighting``.
    estimand
        What the overall effect averages over: treated unit-periods (``cells``), event times,
        cohorts or calendar periods; None for what the estimator usually reports.
    event_window
        First and last event time with a coefficient of its own; periods before and after are
        pooled into one coefficient each, which is not reported. None for all that are observed.
    lags, leads
        For distributed lags: how many earlier periods of a dose may act on the outcome, and how
        many later ones are placebos.
    seed
        Seed of every random draw that the inference makes.

    Raises
    ------
    DesignError
        With all problems together: a word that is not one of those above, an event window that
        does not hold the reference, a negative anticipation or number of lags or leads, no tuple
        of units.
    """

    outcome: str
    scale: Scale
    treatment: Treatment
    treatment_column: str
    cluster: str
    unit: tuple[str, ...] = ("unit",)
    period: str = "period"
    weights: str | None = None
    absorb: tuple[tuple[str, ...], ...] = ()
    fixed_effects: tuple[tuple[str, ...], ...] = ()
    exposure: str | None = None
    controls: tuple[str, ...] = ()
    anticipation: int = 0
    comparison: Comparison = "notyet"
    base: Base = "universal"
    adjustment: Adjustment = "doubly_robust"
    estimand: Estimand | None = None
    event_window: tuple[int, int] | None = None
    lags: int = 0
    leads: int = 0
    seed: int = 0

    @property
    def linear_form(self) -> Literal["log", "level"]:
        """How a linear model uses the outcome: a count in logarithms, others as they are."""
        return "log" if self.scale == "count" else "level"

    @property
    def reference(self) -> int:
        """The event time that others are measured from: the last one without anticipation."""
        return -1 - self.anticipation

    def __post_init__(self) -> None:
        problems = [*_word_problems(self), *_window_problems(self), *_unit_problems(self)]
        if problems:
            raise DesignError("this is not a design", problems)


def design_for(study: Study, level: Level, outcome: str) -> Design:
    """Write the design that a study file asks for.

    Parameters
    ----------
    study
        The study.
    level
        One of its levels.
    outcome
        The name of a measure.

    Returns
    -------
    Design
        Rates are weighted by their denominator and handling times by the complaints that they are
        of; counts are not weighted and may have an exposure.
        The treatment column is
        `adoption_period`, `coverage` or, for a dose, `dose` (made by `analysis.panel.dose`).
    """
    wanted: Measure = measure(outcome)
    columns = {"adoption": "adoption_period", "coverage": "coverage", "dose": "dose"}
    return Design(
        outcome=outcome,
        scale=wanted.scale,
        treatment="adoption" if level.treatment == "adoption" else "dose",
        treatment_column=columns[level.treatment],
        cluster=level.cluster,
        unit=level.unit,
        weights=wanted.weight,
        absorb=level.absorb,
        exposure=level.exposure if wanted.scale == "count" else None,
        controls=level.controls,
        anticipation=level.anticipation,
        comparison=level.comparison,
        event_window=level.event_window,
        lags=level.lags,
        leads=level.leads,
        seed=study.bootstrap_seed,
    )


def _word_problems(design: Design) -> Iterator[Problem]:
    words: tuple[tuple[str, str, tuple[str, ...]], ...] = (
        ("scale", design.scale, get_args(Scale)),
        ("treatment", design.treatment, get_args(Treatment)),
        ("comparison", design.comparison, get_args(Comparison)),
        ("base", design.base, get_args(Base)),
        ("adjustment", design.adjustment, get_args(Adjustment)),
    )
    if design.estimand is not None:
        words += (("estimand", design.estimand, get_args(Estimand)),)
    for role, given, known in words:
        if given not in known:
            yield Problem(f"there is no {role} {given!r}", role, did_you_mean(given, known))


def _window_problems(design: Design) -> Iterator[Problem]:
    for role, count in (("lags", design.lags), ("leads", design.leads)):
        if count < 0:
            yield Problem(f"there are {count} {role}", role, "say how many periods, 0 or more")
    if design.anticipation < 0:
        what = f"anticipation is {design.anticipation}"
        yield Problem(what, "anticipation", "say how many periods before adoption, 0 or more")
    elif design.event_window is not None:
        first, last = design.event_window
        if not first < design.reference <= last:
            hint = f"begin before {design.reference}, the reference, and end there or later"
            yield Problem(f"the window is {design.event_window}", "event_window", hint)


def _unit_problems(design: Design) -> Iterator[Problem]:
    given: object = design.unit
    if isinstance(given, str):
        hint = f"write unit=({given!r},)"
        yield Problem(f"the name {given!r} stands alone", "unit", hint)
    elif not design.unit:
        yield Problem("no column is named", "unit", "name the columns that tell units apart")
