"""The verb of `compendium` that runs everything again and compares it with what is committed."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated

import typer

from analysis.errors import CompendiumError

__all__ = ["verify"]


def verify(
    twice: Annotated[
        bool,
        typer.Option(
            "--twice",
            help="Run two times, the second with one worker and another order of sets, and "
            "compare the runs: finds unstable sorts and unseeded draws.",
        ),
    ] = False,
    notebooks: Annotated[
        bool,
        typer.Option("--notebooks", help="Also compare executed notebooks, cell by cell."),
    ] = False,
    study: Annotated[
        list[str] | None, typer.Option(help="Only this study, without the paper; repeatable.")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(help="Only this exhibit, by its id; repeatable.")
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(help="Folder for report.html and report.json; else .cache/verify."),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Steps at the same time; by default one a processor.")
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep the scratch copies, and say where they are.")
    ] = False,
    everything: Annotated[bool, typer.Option("--all", help="Print passes too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Run everything again from raw data in a scratch copy, and compare it with what is committed.

    Each number, table and figure in the ledger is PASS (the same), EXPLAINED (it differs within
    the tolerance that is committed with it) or FAIL; both values are told. Also compared: all that
    the committed results were made from, their files, the paper, and raw data. Nothing but
    .cache/verify is written to.

    Exit codes: 0 if nothing fails, 1 if anything does, 2 if the run itself fails or cannot begin.

    Examples: compendium verify --notebooks; compendium verify --twice --report review;
    compendium verify --study boston; compendium verify --only beijing.street.panel.units
    """
    from analysis.verify.report_html import to_html
    from analysis.verify.report_json import to_json
    from analysis.verify.report_text import to_lines
    from analysis.verify.run import Options
    from analysis.verify.run import verify as verify_tree
    from analysis.workspace import find_workspace, write_atomically

    options = Options(tuple(study or ()), tuple(only or ()), twice, notebooks, workers, keep)
    try:
        root = find_workspace().root
        found = verify_tree(root, options, lambda line: typer.echo(line, err=True))
    except CompendiumError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    folder = report or root / ".cache" / "verify"
    as_written = to_json(found)
    write_atomically(folder / "report.json", as_written)
    write_atomically(folder / "report.html", to_html(found, _name_of_project(root)))
    if as_json:
        typer.echo(as_written, nl=False)
    else:
        for line in to_lines(found, everything=everything):
            typer.echo(line)
    typer.echo(f"The report is {(folder / 'report.html').as_posix()}.", err=True)
    if found.scratch is not None:
        typer.echo(f"The scratch copies are in {found.scratch.as_posix()}.", err=True)
    if found.exit_code:
        raise typer.Exit(found.exit_code)


def _name_of_project(root: Path) -> str:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["name"])
