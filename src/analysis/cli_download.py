"""The verb of `compendium` that downloads a study's tickets from open-data portals."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.connectors.provenance import Provenance
    from analysis.study.download import Download

__all__ = ["download"]


def download(
    study: Annotated[str, typer.Argument(help="A study whose file names its portals.")],
    only: Annotated[
        list[str] | None, typer.Option(metavar="FOLDER", help="Only this table, once for each.")
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Start over; the former files stay until all is here.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Only compare the files with their recorded hashes.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="The provenance of all, as JSON.")
    ] = False,
) -> None:
    """Download a study's tickets into data/raw/STUDY, page by page.

    A download that was stopped goes on where it stopped; pages already there are not fetched
    again. Each table has a folder with its pages and provenance.json: what was asked for, when,
    and the hash of every page. Only the columns that the study file names are written.

    Portals allow more requests with an app token: set SOCRATA_APP_TOKEN or OPEN311_API_KEY in the
    environment. Tokens are written nowhere.

    Exit codes: 0 all is here; 1 a portal failed, a file was altered, or there is no such table.

    Examples: compendium download boston; compendium download newyork --only since_2020 --fresh;
    compendium download boston --check
    """
    import dataclasses
    import json

    from analysis.connectors.run import check_tables, choose_tables
    from analysis.errors import ParameterError, Problem
    from analysis.workspace import find_workspace

    if check and fresh:
        problem = Problem("--check and --fresh are both given", "", "leave one of them out")
        raise ParameterError("the command cannot be read", [problem])
    workspace = find_workspace()
    chosen = choose_tables(_tables(study, workspace.studies), only or [])
    raw = workspace.raw(study)
    if check:
        check_tables(raw, chosen)
        typer.echo(f"{len(chosen)} tables are as they were downloaded.")
        return
    records = [_download(raw, given, fresh=fresh) for given in chosen]
    if as_json:
        told = {record.download.folder: dataclasses.asdict(record) for record in records}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for record in records:
        place = (raw / record.download.folder).relative_to(workspace.root).as_posix()
        typer.echo(f"{place}: {record.rows:,} rows in {len(record.parts)} files.")
    typer.echo("To list the files with the deposit's hashes: compendium checksums")


def _tables(study: str, folder: Path) -> tuple[Download, ...]:
    from analysis.study.load import load_study

    tickets = load_study(study, folder).tickets
    return () if tickets is None else tickets.downloads


def _download(raw: Path, given: Download, *, fresh: bool) -> Provenance:
    """Download one table with a progress bar, on a terminal only."""
    from tqdm import tqdm

    from analysis.connectors.run import download_into

    with tqdm(desc=given.folder, unit=" rows", unit_scale=True, disable=None) as bar:

        def progress(rows: int, total: int | None) -> None:
            bar.total = total
            bar.n = rows
            bar.refresh()

        def say(line: str) -> None:
            bar.write(f"{given.folder}: {line}", file=sys.stderr)

        return download_into(raw, given, fresh=fresh, progress=progress, say=say)
