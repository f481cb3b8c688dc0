"""Record a result's numbers for the text, under ids that every study shares."""

from __future__ import annotations

import dataclasses
import math

import pandas as pd

from analysis.effects.draws import tolerances_of_effect
from analysis.effects.result import Result
from analysis.effects.units import effect_unit
from analysis.exhibits import Exhibits
from analysis.ledger.flow import Dropped, RowFlow

__all__ = ["record_checks", "record_effect", "record_truth"]


def record_effect(
    exhibits: Exhibits, level: str, result: Result, truth: float | None = None
) -> None:
    """Record a result: `att`, `se`, `lower`, `upper`, `p`, `n` and `clusters`, and any `truth`.

    Their ids begin with ``<level>.<outcome>.<estimator>.``; under ``<level>.<outcome>.<estimator>``
    itself stands the flow of rows from the panel into the result.

    Parameters
    ----------
    exhibits
        Of the notebook.
    level
        The level of the panel.
    result
        Its effect is recorded in log points, or in percentage points for a rate. An end of the
        interval that is infinite is not recorded.
    truth
        The true effect that the result is held against, in its own unit, if it is known.
    """
    unit = effect_unit(result.design.scale)
    overall = result.overall
    name = f"{level}.{result.design.outcome}.{result.estimator}"
    effects = {
        "att": overall.value,
        "se": overall.standard_error,
        "lower": overall.lower,
        "upper": overall.upper,
        "truth": truth,
    }
    drawn = tolerances_of_effect(result)
    for part, value in effects.items():
        if value is not None and math.isfinite(value):
            own = drawn.get(part)
            # The unit that is recorded is not the result's own.
            tolerance = own and dataclasses.replace(own, absolute=unit.factor * own.absolute)
            exhibits.number(
                f"{name}.{part}",
                unit.factor * value,
                unit.form,
                unit=unit.name,
                tolerance=tolerance,
            )
    exhibits.number(f"{name}.p", overall.p_value, ".3f", tolerance=drawn.get("p"))
    exhibits.number(f"{name}.n", result.observations, ",d", unit="observations")
    exhibits.number(f"{name}.clusters", result.clusters, ",d", unit="clusters")
    exhibits.flow(name, result.flow, panel=_panel(exhibits, level))


def record_truth(
    exhibits: Exhibits, level: str, result: Result, value: float, part: str = "att"
) -> None:
    """Record a true effect.

    Parameters
    ----------
    exhibits, level
        See `record_effect`.
    result
        Gives the outcome and its scale.
    value
        The true effect, in the result's unit.
    part
        ``att`` for the effect itself, as ``<level>.<outcome>.truth.att``; other parts, such as
        ``need``, stand in its place.
    """
    unit = effect_unit(result.design.scale)
    name = f"{level}.{result.design.outcome}.truth.{part}"
    exhibits.number(name, unit.factor * value, unit.form, unit=unit.name)


def record_checks(
    exhibits: Exhibits, level: str, outcome: str, checks: pd.DataFrame, rows: int
) -> None:
    """Record the flow of rows into each of several checks of an effect.

    Their ids are ``<level>.<outcome>.check.<number>``, counted from 01 in the order of the frame.
    Many checks are made on a part of the panel, so what is recorded is how many rows each leaves
    out and why, but not which.

    Parameters
    ----------
    exhibits, level
        See `record_effect`.
    outcome
        What the effect is on.
    checks
        With `group`, `label` and `flow`; see `analysis.effects.sensitivity.variants`.
    rows
        How many rows the panel has.
    """
    named = zip(checks["group"], checks["label"], checks["flow"], strict=True)
    for number, (group, label, flow) in enumerate(named, start=1):
        exhibits.flow(
            f"{level}.{outcome}.check.{number:02d}",
            _within(flow, rows),
            panel=_panel(exhibits, level),
            label=f"{group}: {label}",
        )


def _within(flow: RowFlow, rows: int) -> RowFlow:
    """Let a flow begin at the whole panel, of which the check may have been given a part."""
    dropped = [dataclasses.replace(one, rows="") for one in flow.dropped]
    if rows > flow.rows_in:
        dropped.insert(
            0, Dropped("not in the part of the panel that is checked", rows - flow.rows_in)
        )
    return dataclasses.replace(flow, rows_in=rows, dropped=tuple(dropped))


def _panel(exhibits: Exhibits, level: str) -> str:
    return f"data/processed/{exhibits.study.name}/panel_{level}.csv"
