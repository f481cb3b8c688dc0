"""The verb of `compendium` that runs the data editors' own checks before they do."""

from __future__ import annotations

from typing import Annotated

import typer

from analysis.cli_options import AsJson

__all__ = ["preflight"]


def preflight(
    only: Annotated[
        list[str] | None, typer.Option(metavar="CHECK", help="Only this check, once for each.")
    ] = None,
    list_checks: Annotated[
        bool, typer.Option("--list", help="List the checks, who asks for each, and how to mend.")
    ] = False,
    allow_warnings: Annotated[
        bool, typer.Option("--allow-warnings", help="Pass with warnings; errors still count.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check the compendium as data editors do; nothing is run or changed.

    Looked at are the files that git keeps or would keep; without git, all but caches. Each
    finding says where it is, who asks for it and how to mend it.

    Exit codes: 0 no finding; 1 findings, or no such check. Warnings count unless allowed.

    Examples: compendium preflight; compendium preflight --only seeds --only paths;
    compendium preflight --allow-warnings --json
    """
    from analysis.preflight.report import (
        checks_as_json,
        checks_as_text,
        preflight_as_json,
        preflight_as_text,
    )
    from analysis.preflight.run import run_preflight
    from analysis.workspace import find_workspace

    if list_checks:
        typer.echo(checks_as_json() if as_json else checks_as_text())
        return
    report = run_preflight(find_workspace().root, only or [])
    typer.echo(preflight_as_json(report) if as_json else preflight_as_text(report))
    if not report.passes(allow_warnings=allow_warnings):
        raise typer.Exit(1)
