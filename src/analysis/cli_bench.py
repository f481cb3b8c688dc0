"""The verbs of `compendium bench`: where the time goes, and how fast we are beside others."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analysis.cli_options import AsJson, Workers

__all__ = ["benches"]

benches = typer.Typer(help="Say where the time goes, or how fast estimators are.")


@benches.callback(invoke_without_command=True)
def bench(
    context: typer.Context,
    environment: Annotated[
        bool, typer.Option("--environment", help="Also make the environment anew (a minute).")
    ] = False,
    workers: Workers = None,
) -> None:
    """Say where the time goes, by a first and a second run in a copy of the compendium."""
    if context.invoked_subcommand is not None:
        return
    from analysis.bench.pipeline import run_bench
    from analysis.workspace import find_workspace

    typer.echo(run_bench(find_workspace().root, environment=environment, workers=workers))


@benches.command("effects")
def bench_effects(
    small: Annotated[
        bool, typer.Option("--small", help="Only the panel of 340 units over 96 periods.")
    ] = False,
    estimator: Annotated[
        list[str] | None, typer.Option(help="Only this estimator, once for each.")
    ] = None,
) -> None:
    """Time every estimator beside other Python software on the same simulated panels."""
    from analysis.bench.effects import PANELS, run_effects_bench

    panels = PANELS[:1] if small else PANELS
    typer.echo(run_effects_bench(panels=panels, estimators=estimator or []))


@benches.command("ingest")
def bench_ingest(
    rows: Annotated[
        list[int] | None, typer.Option(help="How many tickets, once for each size.")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(help="Only this contestant, once for each.")
    ] = None,
    memory: Annotated[str, typer.Option(help="The limit that engines are given.")] = "2GB",
    repeat: Annotated[int, typer.Option(min=1, help="Rounds, of which medians are shown.")] = 3,
    keep: Annotated[
        Path | None, typer.Option(help="Folder in which generated tickets stay, to be used again.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Time the way from raw tickets to panels beside SQL, Polars, pandas and a bare reading.

    Tickets of an invented city are generated first: 2 and 20 million, unless --rows says otherwise,
    for which some 15 GB of disk are needed.

    Examples: compendium bench ingest --rows 2000000 --keep tickets

    compendium bench ingest --rows 2000000 --only sql --only floor --repeat 5
    """
    from analysis.bench.ingest.race import run_ingest_bench
    from analysis.bench.ingest.report import as_json as to_json
    from analysis.bench.ingest.report import ingest_table

    results = run_ingest_bench(
        rows or [2_000_000, 20_000_000],
        only=only or [],
        memory=memory,
        repeat=repeat,
        keep=keep.resolve() if keep else None,
    )
    typer.echo(to_json(results, memory) if as_json else ingest_table(results, memory))
