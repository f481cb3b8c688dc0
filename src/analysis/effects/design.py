"""A design: which effect is estimated, on which panel columns, with what clustering."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from analysis.contract.measures import Measure, measure
from analysis.errors import DesignError, Problem, did_you_mean
from analysis.study.levels import Level
from analysis.study.schema import Study

__all__ = ["Design", "Treatment", "design_for"]

Treatment = Literal["adoption", "dose"]


@dataclass(frozen=True, slots=True)
class Design:
    """What is estimated, said once, before anything is computed.

    Attributes
    ----------
    outcome
        Column of the outcome: a count, or a rate between 0 and 1.
    scale
        ``count`` (effects in log points) or ``share`` (effects in the outcome's own unit).
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
    event_window
        First and last event time with a coefficient of its own; periods before and after are
        pooled into one coefficient each, which is not reported. -1 is the reference.
    seed
        Seed of every random draw that the inference makes.

    Raises
    ------
    DesignError
        If the scale or the treatment is not one of the above, the event window does not begin
        before the reference and reach it, or no tuple of units is named.
    """

    outcome: str
    scale: Literal["count", "share"]
    treatment: Treatment
    treatment_column: str
    cluster: str
    unit: tuple[str, ...] = ("unit",)
    period: str = "period"
    weights: str | None = None
    absorb: tuple[tuple[str, ...], ...] = ()
    event_window: tuple[int, int] = (-12, 24)
    seed: int = 0

    def __post_init__(self) -> None:
        problems = [
            Problem(f"there is no {role} {given!r}", role, did_you_mean(given, known))
            for role, given, known in (
                ("scale", self.scale, ("count", "share")),
                ("treatment", self.treatment, get_args(Treatment)),
            )
            if given not in known
        ]
        if not self.event_window[0] < -1 <= self.event_window[1]:
            hint = "begin before -1, the reference, and end there or later"
            problems.append(Problem(f"the window is {self.event_window}", "event_window", hint))
        given_unit: object = self.unit
        if isinstance(given_unit, str):
            what, hint = f"the name {given_unit!r} stands alone", f"write unit=({given_unit!r},)"
            problems.append(Problem(what, "unit", hint))
        if not self.unit:
            hint = "name the columns that tell units apart"
            problems.append(Problem("no column is named", "unit", hint))
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
        Rates are weighted by their denominator; counts are not weighted. The treatment column is
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
        event_window=level.event_window,
        seed=study.bootstrap_seed,
    )
