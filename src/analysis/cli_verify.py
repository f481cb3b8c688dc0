"""The verb of `compendium` that runs everything again and compares it with what is committed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from analysis.cli_options import AsJson, Workers
from analysis.errors import CompendiumError, ParameterError, Problem

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
    workers: Workers = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep the scratch copies, and say where they are.")
    ] = False,
    everything: Annotated[bool, typer.Option("--all", help="Print passes too.")] = False,
    as_json: AsJson = False,
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
    from analysis.project import read_project
    from analysis.verify.report_html import to_html
    from analysis.verify.report_json import to_json
    from analysis.verify.report_text import to_lines
    from analysis.verify.run import Options
    from analysis.verify.run import verify as verify_tree
    from analysis.workspace import find_workspace, write_atomically

    options = Options(tuple(study or ()), tuple(only or ()), twice, notebooks, workers, keep)
    try:
        root = find_workspace().root
        folder = _folder_of_report(report or root / ".cache" / "verify")
        title = str(read_project(root, "name")["project"]["name"])
        found = verify_tree(root, options, lambda line: typer.echo(line, err=True))
    except CompendiumError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    as_written = to_json(found)
    write_atomically(folder / "report.json", as_written)
    write_atomically(folder / "report.html", to_html(found, title))
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


def _folder_of_report(folder: Path) -> Path:
    """Refuse a place that cannot be written to before anything runs, for a run takes minutes."""
    there = next(path for path in (folder, *folder.resolve().parents) if path.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        what = "it may not be written to" if there.is_dir() else "it is no folder"
        problem = Problem(what, str(there), "name another folder with --report")
        raise ParameterError("nothing was verified", [problem])
    return folder
