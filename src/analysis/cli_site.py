"""The verb of `compendium` that builds the review site."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analysis.cli_options import AsJson

__all__ = ["site"]


def site(
    output: Annotated[
        Path | None, typer.Option(help="The folder to make; by default .cache/site.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Build the review site: paper, notebooks, exhibits, codebook and charts, to open in a browser.

    It needs the results of a finished run, and neither a server nor a network. A former site at
    the place is replaced; any other folder is left alone.

    Examples: compendium site; compendium site --output ../review

    Exit codes: 0 built; 1 results are missing, or something else is at the place.
    """
    import json

    from analysis.site.build import build_site
    from analysis.workspace import find_workspace

    root = find_workspace().root
    report = build_site(root, output or root / ".cache" / "site")
    first = report.folder / "index.html"
    if as_json:
        content = {
            "index": first.as_posix(),
            "pages": report.pages,
            "bytes": report.size,
            "bytes_apart_from_notebooks_and_paper": report.size_apart,
        }
        typer.echo(json.dumps(content, indent=1))
        return
    megabytes = f"{report.size / 1e6:.1f} MB, {report.size_apart / 1e6:.1f} of them"
    typer.echo(f"{report.pages} pages ({megabytes} neither notebooks nor the paper).")
    typer.echo(f"Open {first.as_posix()} in a browser.")
