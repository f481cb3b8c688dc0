"""The verb `ingest`: from a study's raw tickets to the tables that its panels are made of."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

__all__ = ["ingest"]


def ingest(
    study: Annotated[str, typer.Argument(help="A study whose file has a table 'tickets'.")],
    engine: Annotated[
        Literal["duckdb", "spark"],
        typer.Option(help="Where tickets are cleaned and counted; both give the same tables."),
    ] = "duckdb",
    master: Annotated[
        str | None,
        typer.Option(help="For spark: the master, such as spark://host:7077; else this machine."),
    ] = None,
    memory: Annotated[
        int, typer.Option(min=256, help="Memory for the engine, in MiB; the rest goes to disk.")
    ] = 2048,
    threads: Annotated[
        int | None, typer.Option(min=1, help="Threads of the engine; all cores if not given.")
    ] = None,
) -> None:
    """Read, clean and count a study's tickets.

    Writes data/processed/STUDY/ingested (tables of counts, accounts, provenance) and beside it
    the cleaned cases and the places of rows in quarantine. A run of the pipeline does the same;
    what is up to date is not done again, and an ingest that was stopped goes on where it was.

    Exit codes: 0 the tables are there; 1 something is wrong with the study, its files or this
    machine, and the former tables are untouched.

    Examples: compendium ingest boston_tickets; compendium ingest capital --memory 8192; compendium
    ingest capital --engine spark --master spark://host:7077
    """
    from analysis.pipeline.staging import only_run
    from analysis.study.load import load_study
    from analysis.tickets.ingest import Means
    from analysis.tickets.ingest import ingest as ingest_study
    from analysis.workspace import find_workspace

    workspace = find_workspace()
    chosen = load_study(study, workspace.studies)
    means = Means(engine, memory, threads, master)
    # A run of the pipeline ingests too; two at once would be in each other's way.
    with only_run(workspace.root):
        done = ingest_study(chosen, workspace.root, means=means)
    if done.up_to_date:
        typer.echo("The tables are up to date.")
        return
    typer.echo(
        f"{done.files} files, {done.rows:,} rows: {done.kept:,} kept, "
        f"{done.rows - done.kept:,} set aside."
    )
    for line in done.left_out:
        typer.echo(f"Not counted: {line}")
    typer.echo(f"To read: data/processed/{study}/ingested/accounts.csv says where each row went.")
