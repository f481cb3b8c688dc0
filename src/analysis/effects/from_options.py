"""One estimate from the options of a command: read the file, write the design, estimate."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.effects.design import Adjustment, Base, Comparison, Design, Estimand, Scale, Treatment
from analysis.effects.from_file import adoption_from_treated, read_panel_file, with_adoption
from analysis.effects.registry import get_estimator
from analysis.errors import ParameterError, Problem, listing

__all__ = ["PanelOptions", "load_panel"]


@dataclass(frozen=True, slots=True)
class PanelOptions:
    """What a command was told of a panel file and of the effect to estimate on it.

    Attributes
    ----------
    file
        A CSV file with one row for each unit and period.
    adoption, treated, dose
        The column of the treatment, one of the three: a unit's first treated period, a switch
        that is 1 under treatment, or an amount.
    never
        What stands for never in the column of adoption.
    scale
        Of the outcome; None for ``count`` if the estimator takes nothing else, and ``level``
        otherwise.
    unit, period, outcome, cluster, weights, exposure, controls, comparison, base, adjustment,
    anticipation, estimand, event_window, lags, leads, absorb, fixed_effects, seed
        See `analysis.effects.design.Design`; without a cluster it is the unit.
    """

    file: Path
    unit: tuple[str, ...]
    period: str
    outcome: str
    adoption: str | None = None
    treated: str | None = None
    dose: str | None = None
    never: tuple[str, ...] = ()
    scale: Scale | None = None
    cluster: str | None = None
    weights: str | None = None
    exposure: str | None = None
    controls: tuple[str, ...] = ()
    comparison: Comparison = "notyet"
    base: Base = "universal"
    adjustment: Adjustment = "doubly_robust"
    anticipation: int = 0
    estimand: Estimand | None = None
    event_window: tuple[int, int] | None = None
    lags: int = 0
    leads: int = 0
    absorb: tuple[tuple[str, ...], ...] = ()
    fixed_effects: tuple[tuple[str, ...], ...] = ()
    seed: int = 0


def load_panel(
    options: PanelOptions, estimator: str | None = None
) -> tuple[pd.DataFrame, Design, tuple[str, ...]]:
    """Read the panel that options name, and write the design.

    Parameters
    ----------
    options
        What the command was told.
    estimator
        Name of the estimator that will be used, which can settle the outcome's scale.

    Returns
    -------
    tuple
        The panel, the design, and what was decided on the way, in words.

    Raises
    ------
    ParameterError
        If not exactly one treatment is named, or the unit has several columns and no cluster is
        named.
    DataError
        If the file cannot be read as such a panel.
    DesignError
        If the words do not make a design.
    """
    _refuse_unclear(options)
    panel = read_panel_file(options.file, options.period, _columns(options))
    said: tuple[str, ...] = ()
    column = options.adoption or options.dose or ""
    if options.adoption:
        panel, said = with_adoption(panel, options.period, options.adoption, options.never)
    elif options.treated:
        column = f"first {options.treated}"
        first = adoption_from_treated(panel, options.unit, options.period, options.treated)
        panel = panel.assign(**{column: first})
    treatment: Treatment = "dose" if options.dose else "adoption"
    shared = {field.name for field in dataclasses.fields(Design)} & {
        field.name for field in dataclasses.fields(PanelOptions)
    }
    given = {name: getattr(options, name) for name in shared - {"scale", "cluster"}}
    design = Design(
        scale=options.scale or _usual_scale(estimator),
        treatment=treatment,
        treatment_column=column,
        cluster=options.cluster or options.unit[0],
        **given,
    )
    return panel, design, said


def _refuse_unclear(options: PanelOptions) -> None:
    problems = []
    treatments = {"--adoption": options.adoption, "--treated": options.treated}
    treatments["--dose"] = options.dose
    named = [name for name, column in treatments.items() if column]
    if len(named) != 1:
        what = f"{listing(named)} are given" if named else "no treatment is given"
        problems.append(Problem(what, "", f"give one of {listing(list(treatments))}"))
    if len(options.unit) > 1 and options.cluster is None:
        hint = "name the column at whose level the treatment is assigned"
        problems.append(Problem("the unit has several columns, and no cluster", "--cluster", hint))
    if problems:
        raise ParameterError("the options do not make a design", problems)


def _columns(options: PanelOptions) -> list[str]:
    single = [
        options.outcome,
        options.adoption,
        options.treated,
        options.dose,
        options.cluster,
        options.weights,
        options.exposure,
    ]
    sets = [name for names in (*options.absorb, *options.fixed_effects) for name in names]
    return [*options.unit, *(name for name in single if name), *options.controls, *sets]


def _usual_scale(estimator: str | None) -> Scale:
    scales = get_estimator(estimator).scales if estimator else ()
    if len(scales) == 1:
        return scales[0]
    return "level"
