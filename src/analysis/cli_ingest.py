"""The verb `ingest`: from a study's raw tickets to the tables that its panels are made of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import typer

from analysis.cli_options import Data

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
    data: Data = "public",
) -> None:
    """Read, clean and count a study's tickets.

    Writes data/processed/STUDY/ingested (tables of counts, accounts, provenance) and beside it
    the cleaned cases and the places of rows in quarantine. A run of the pipeline does the same;
    what is up to date is not done again, and an ingest that was stopped goes on where it was.
    With --data restricted, all of it is below data/restricted/STUDY/workspace.

    Exit codes: 0 the tables are there; 1 something is wrong with the study, its files or this
    machine, and the former tables are untouched.

    Examples: compendium ingest boston_tickets; compendium ingest capital --memory 8192; compendium
    ingest capital --engine spark --master spark://host:7077
    """
    from analysis.clean.ingested import ACCOUNTS, INGESTED
    from analysis.pipeline.staging import only_run
    from analysis.study.load import load_study
    from analysis.tickets.ingest import Means
    from analysis.tickets.ingest import ingest as ingest_study
    from analysis.workspace import find_workspace

    here = find_workspace().root
    means = Means(engine, memory, threads, master)
    with _root_of(data, study, here) as root:
        chosen = load_study(study, root / "notebooks" / "studies")
        # A run of the pipeline ingests too; two at once would be in each other's way.
        with only_run(root):
            done = ingest_study(chosen, root, means=means)
    if done.up_to_date:
        typer.echo("The tables are up to date.")
    else:
        typer.echo(
            f"{done.files} files, {done.rows:,} rows: {done.kept:,} kept, "
            f"{done.rows - done.kept:,} set aside."
        )
        for line in done.left_out:
            typer.echo(f"Not counted: {line}")
        made = (root / "data" / "processed" / study / INGESTED / ACCOUNTS).relative_to(here)
        typer.echo(f"To read: {made.as_posix()} says where each row went.")
    typer.echo(f"Next: compendium run --study {study}{_as_option(data)}")


@contextmanager
def _root_of(data: Data, study: str, here: Path) -> Iterator[Path]:
    """Give the top folder in which a study's data are: the compendium's, or a workspace in it."""
    from analysis.errors import Problem, StudyError
    from analysis.restricted.place import find_export, studies_of_exports
    from analysis.study.load import list_studies

    if data == "restricted":
        # It brings the pipeline along, which takes a second.
        from analysis.restricted.run import restricted_workspace

        with restricted_workspace(find_export(here, study)) as root:
            yield root
        return
    known = list_studies(here / "notebooks" / "studies")
    if study not in known and study in studies_of_exports(here):
        hint = f"its export is in data/restricted/{study}: add --data restricted"
        problem = Problem(f"there is no study {study!r} on public data", "studies", hint)
        raise StudyError("the study cannot be found", [problem])
    yield here


def _as_option(data: Data) -> str:
    return "" if data == "public" else f" --data {data}"
