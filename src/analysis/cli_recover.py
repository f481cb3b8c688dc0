"""The verb of `compendium` that tries estimators on panels whose truth is known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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
from analysis.errors import CompendiumError, ParameterError, Problem

if TYPE_CHECKING:
    from analysis.recover.shape import Shape

__all__ = ["recover"]


def recover(
    shape: Annotated[
        str | None, typer.Option(help="districts or streets: the scale of the simulated city.")
    ] = None,
    panel: Annotated[
        Path | None, typer.Option(help="Instead: a CSV file, whose shape is taken.")
    ] = None,
    unit: Annotated[
        list[str] | None, typer.Option(help="The file's column that tells units apart, or several.")
    ] = None,
    period: Annotated[str | None, typer.Option(help="Its column of periods.")] = None,
    outcome: Annotated[str | None, typer.Option(help="Its column of the outcome.")] = None,
    adoption: Adoption = None,
    treated: Treated = None,
    never: Never = None,
    scale: Annotated[
        str | None,
        typer.Option(
            help="count, share, level, days or log (taken before). By default a shape's count, a "
            "file's level."
        ),
    ] = None,
    cluster: Annotated[
        str | None, typer.Option(help="The file's column of clusters; of a shape: unit or cluster.")
    ] = None,
    weights: Weights = None,
    exposure: Exposure = None,
    comparison: Comparison = "notyet",
    anticipation: Anticipation = 0,
    estimand: Estimand = None,
    estimator: Annotated[
        list[str] | None, typer.Option(help="Once for each; by default all that fit.")
    ] = None,
    inference: Annotated[
        list[str] | None, typer.Option(help="Once for each method; by default auto.")
    ] = None,
    draws: Annotated[int, typer.Option(min=2, help="How many panels are drawn.")] = 200,
    effect: Annotated[
        list[str] | None,
        typer.Option(
            help="none, constant, growing or heterogeneous, once for each. "
            "By default none and heterogeneous."
        ),
    ] = None,
    size: Annotated[
        float | None, typer.Option(help="Full effect: log points, logits, or the outcome's unit.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes; by default one a processor.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of all random numbers.")] = 0,
    write: Annotated[
        Path | None, typer.Option(help="Also write the summary, every target, to this CSV file.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Try estimators and inference on many panels of one shape, whose true effects are known.

    Example: compendium recover --shape districts --estimator twfe --inference CR1 --draws 500
    """
    from analysis.recover.experiment import Experiment, run_experiment
    from analysis.recover.progress import Progress
    from analysis.recover.report import recovery_as_json, recovery_as_text
    from analysis.recover.summary import refusals, summarise
    from analysis.workspace import write_atomically

    of_file: dict[str, Any] = {"unit": unit, "period": period, "outcome": outcome}
    of_file |= {"adoption": adoption, "treated": treated, "never": never}
    of_file |= {"weights": weights, "exposure": exposure}
    of_design: dict[str, Any] = {"comparison": comparison, "anticipation": anticipation}
    of_design |= {"estimand": estimand}
    _refuse_mixture(shape, panel, of_file)
    if panel is None:
        chosen = _built_in(shape or "districts", scale or "count", cluster, of_design)
    else:
        chosen = _of_file(panel, scale, cluster, of_file | of_design)
    settings: dict[str, Any] = {"effects": tuple(effect)} if effect else {}
    experiment = Experiment(
        shape=chosen,
        draws=draws,
        estimators=tuple(dict.fromkeys(estimator or ())),
        inferences=tuple(dict.fromkeys(inference or ("auto",))),
        size=size,
        seed=seed,
        **settings,
    )
    # -1 is joblib's word for one process a processor.
    rows = run_experiment(
        experiment, cache=_cache(), workers=workers if workers else -1, report=Progress()
    )
    summary = summarise(rows)
    if write is not None:
        write_atomically(write, summary.to_csv(index=False, lineterminator="\n"))
    tell = recovery_as_json if as_json else recovery_as_text
    typer.echo(tell(chosen, summary, refusals(rows)))


def _refuse_mixture(shape: str | None, panel: Path | None, of_file: dict[str, Any]) -> None:
    problems = []
    if shape is not None and panel is not None:
        problems.append(Problem("both a shape and a panel are given", "", "give one of the two"))
    elif panel is None:
        hint = "give the file as --panel, or leave this out"
        problems += [
            Problem("there is no panel file that it could belong to", f"--{name}", hint)
            for name, given in of_file.items()
            if given
        ]
    else:
        problems += [
            Problem("it is not given", f"--{name}", "name the column of the panel file")
            for name in ("unit", "period", "outcome")
            if not of_file[name]
        ]
    if problems:
        raise ParameterError("the options do not make an experiment", problems)


def _built_in(name: str, scale: str, cluster: str | None, of_design: dict[str, Any]) -> Shape:
    from dataclasses import replace

    from analysis.recover.built_in import built_in_shape

    if cluster not in {None, "unit", "cluster"}:
        problem = Problem(f"a shape has no clusters {cluster!r}", "--cluster", "unit or cluster")
        raise ParameterError("the shape cannot be made", [problem])
    shape = built_in_shape(name, scale)  # type: ignore[arg-type]
    design = replace(shape.design, cluster=cluster or shape.design.cluster, **of_design)
    return replace(shape, design=design)


def _of_file(file: Path, scale: str | None, cluster: str | None, options: dict[str, Any]) -> Shape:
    from analysis.effects.from_options import PanelOptions, load_panel
    from analysis.recover.from_panel import shape_of

    options |= {"unit": tuple(options["unit"]), "never": tuple(options["never"] or ())}
    given = PanelOptions(file=file, scale=scale, cluster=cluster, **options)  # type: ignore[arg-type]
    panel, design, said = load_panel(given)
    for line in said:
        typer.echo(f"Note: {line}", err=True)
    return shape_of(panel, design, file.stem)


def _cache() -> Path:
    """Return where batches are kept: in the compendium, or below the folder one is in."""
    from analysis.workspace import find_workspace

    try:
        root = find_workspace().root
    except CompendiumError:
        root = Path.cwd()
    return root / ".cache" / "recover"
