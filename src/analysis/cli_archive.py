"""The verb of `compendium` that makes a deposit."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from analysis.cli_options import AsJson

__all__ = ["archive"]


def archive(
    output: Annotated[
        Path | None,
        typer.Option(help="The folder to make; else .cache/archive/<name>-<version>."),
    ] = None,
    processed: Annotated[
        bool, typer.Option("--processed", help="Also the cleaned tables, which a run makes.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Although results are stale, missing or altered.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make a folder to deposit at Zenodo or a Dataverse: complete, described, checked.

    It holds code, raw data, executed notebooks, results and paper, with RO-Crate metadata,
    CITATION.cff, codecheck.yml, .zenodo.json, dataverse.json, the licences of its parts and a list
    of sha256 sums. Confidential data stay out and are listed in RESTRICTED.md. The same results
    make the same bytes.

    Exit codes: 0 the deposit is made; 1 it is not, and why is told.

    Examples: compendium archive; compendium archive --output ~/deposit --json
    """
    from analysis.archive.deposit import make_deposit
    from analysis.workspace import find_workspace

    made = make_deposit(find_workspace().root, output, processed=processed, force=force)
    if as_json:
        content = asdict(made) | {"folder": str(made.folder)}
        typer.echo(json.dumps(content, ensure_ascii=False, indent=1))
        return
    typer.echo(f"{made.files:,} files, {made.size / 1e6:,.1f} MB: {made.folder}")
    for title, names in (("Left out", made.left_out), ("Confidential, listed", made.restricted)):
        if names:
            typer.echo(f"{title}: {', '.join(names)}")
    for note in made.notes:
        typer.echo(f"Note: {note}")
