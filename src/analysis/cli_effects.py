"""The verbs of `compendium` that estimate effects on any panel file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from analysis.cli_options import AsJson
from analysis.cli_panel_options import (
    Adoption,
    Anticipation,
    Comparison,
    Estimand,
    Exposure,
    Never,
    Treated,
    Weights,
)
from analysis.errors import ParameterError, Problem

__all__ = ["estimate", "estimators", "spread_values"]

SEVERAL = ("--controls", "--unit", "--absorb", "--fixed-effects", "--never")
# `recover` takes no argument that could be mistaken for one more of these.
SEVERAL_TO_RECOVER = (*SEVERAL, "--estimator", "--inference", "--effect")


def estimate(
    file: Annotated[Path, typer.Argument(help="A CSV file, one row for each unit and period.")],
    unit: Annotated[list[str], typer.Option(help="Column that tells units apart, or several.")],
    period: Annotated[str, typer.Option(help="Column of periods: numbers, months or quarters.")],
    outcome: Annotated[str, typer.Option(help="Column of the outcome.")],
    estimator: Annotated[str, typer.Option(help="See `compendium estimators`.")],
    adoption: Adoption = None,
    treated: Treated = None,
    dose: Annotated[str | None, typer.Option(help="Instead: column of an amount.")] = None,
    never: Never = None,
    scale: Annotated[
        str | None,
        typer.Option(help="count, share, level, days or log (taken before); else what fits."),
    ] = None,
    cluster: Annotated[str | None, typer.Option(help="Column of clusters; else the unit.")] = None,
    weights: Weights = None,
    exposure: Exposure = None,
    controls: Annotated[list[str] | None, typer.Option(help="Columns of covariates.")] = None,
    comparison: Comparison = "notyet",
    base: Annotated[str, typer.Option(help="universal or varying.")] = "universal",
    adjustment: Annotated[
        str, typer.Option(help="doubly_robust, regression or weighting.")
    ] = "doubly_robust",
    anticipation: Anticipation = 0,
    estimand: Estimand = None,
    window: Annotated[
        str | None, typer.Option(help="First and last event time, such as -5:8.")
    ] = None,
    lags: Annotated[int, typer.Option(help="Of distributed lags: earlier periods of a dose.")] = 0,
    leads: Annotated[int, typer.Option(help="Later periods of a dose, as placebos.")] = 0,
    absorb: Annotated[
        list[str] | None, typer.Option(help="More fixed effects; a+b for two that interact.")
    ] = None,
    fixed_effects: Annotated[
        list[str] | None, typer.Option(help="Fixed effects instead of unit and period.")
    ] = None,
    inference: Annotated[
        str, typer.Option(help="auto, none, or a method; see `compendium estimators`.")
    ] = "auto",
    factor: Annotated[
        str, typer.Option(help="Of CR1: nonnested, full, none or groups.")
    ] = "nonnested",
    multipliers: Annotated[
        str, typer.Option(help="Of bootstraps: auto, rademacher, webb or mammen.")
    ] = "auto",
    draws: Annotated[int | None, typer.Option(min=1, help="Of bootstraps.")] = None,
    seed: Annotated[int, typer.Option(help="Of random draws.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Estimate an effect on any panel file, and print the result.

    Example: compendium estimate castle.csv --unit state --period year --outcome l_homicide
    --adoption effyear --estimator callaway_santanna --controls poverty --json
    """
    from analysis.effects.estimate import estimate as estimate_design
    from analysis.effects.from_options import PanelOptions, load_panel
    from analysis.effects.inference.uncertainty import Choices
    from analysis.effects.report import result_as_json, result_as_text

    given: dict[str, Any] = {
        "file": file,
        "unit": tuple(unit),
        "never": tuple(never or ()),
        "controls": tuple(controls or ()),
        "event_window": _window(window),
        "absorb": _interactions(absorb),
        "fixed_effects": _interactions(fixed_effects),
    }
    given |= {"period": period, "outcome": outcome, "scale": scale, "cluster": cluster}
    given |= {"adoption": adoption, "treated": treated, "dose": dose, "weights": weights}
    given |= {"exposure": exposure, "comparison": comparison, "base": base, "seed": seed}
    given |= {"adjustment": adjustment, "anticipation": anticipation, "estimand": estimand}
    given |= {"lags": lags, "leads": leads}
    panel, design, said = load_panel(PanelOptions(**given), estimator)
    settings: dict[str, Any] = {"factor": factor, "multipliers": multipliers, "draws": draws}
    result = estimate_design(panel, design, estimator, Choices(inference, **settings))
    for line in said:
        typer.echo(f"Note: {line}", err=True)
    typer.echo(result_as_json(result) if as_json else result_as_text(result))


def estimators(
    as_json: AsJson = False,
) -> None:
    """List the estimators: estimand, what each takes and assumes, and its paper."""
    from analysis.effects.report import estimators_as_json, estimators_as_text

    typer.echo(estimators_as_json() if as_json else estimators_as_text())


def spread_values(words: Sequence[str]) -> list[str]:
    """Repeat an option before each of its values, so that it can be followed by several.

    Examples
    --------
    >>> spread_values(["--controls", "a", "b", "--json"])
    ['--controls', 'a', '--controls', 'b', '--json']
    """
    several = SEVERAL_TO_RECOVER if list(words[:1]) == ["recover"] else SEVERAL
    spread: list[str] = []
    option, values = "", 0
    for word in words:
        if word.startswith("--"):
            option, values = word, 0
            spread.append(word)
            continue
        if option in several and values > 0:
            spread.append(option)
        values += 1
        spread.append(word)
    return spread


def _interactions(sets: list[str] | None) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(names.split("+")) for names in sets or ())


def _window(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    first, _, last = text.partition(":")
    try:
        return int(first), int(last)
    except ValueError:
        problem = Problem(f"it is {text!r}", "--window", "write first and last, such as -5:8")
        raise ParameterError("the window cannot be read", [problem]) from None
