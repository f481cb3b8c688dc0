"""The verb of `compendium` that traces what is printed back to the line that made it."""

from __future__ import annotations

from typing import Annotated

import typer

from analysis.cli_options import AsJson

__all__ = ["TRACE_SETTINGS", "trace"]

# A negative number is a value to be traced and no option.
TRACE_SETTINGS = {"ignore_unknown_options": True}

# The exit code for a file that is ours, but is not what is committed.
DIFFERS = 3


def trace(
    query: Annotated[str, typer.Argument(metavar="ID_OR_FILE", help="See above.")],
    as_json: AsJson = False,
) -> None:
    """Trace a number, a table cell or a file to the notebook line that made it, and its uses.

    ID_OR_FILE is one of these:

    \b
    an id           compendium trace beijing.street.complaints.imputation.att
    a value         compendium trace −0.130
                    as it is printed; a hyphen will do for the minus sign
    a table cell    compendium trace beijing-effects-street:3:Estimate
                    TABLE:ROW:COLUMN; rows count from 1, or are named by their
                    first cell; columns are named by their head, or count from 1
    a file          compendium trace ~/Downloads/figure.png
                    wherever it lies and whatever it is called: a figure (PNG,
                    SVG, PDF), a table (CSV, JSON), a document (PDF) or an
                    executed notebook of ours

    Exit codes: 0 if it was traced; 1 if nothing is called so, nothing prints it, or the file
    carries no id of ours; 3 if the file is ours, but differs from the committed one.
    """  # noqa: D301 (click reads the backspace as: keep these lines as they are)
    from analysis.trace.report import trace_as_json, trace_as_text
    from analysis.trace.trace import trace as trace_back
    from analysis.workspace import find_workspace

    found = trace_back(find_workspace().root, query)
    typer.echo(trace_as_json(found) if as_json else trace_as_text(found))
    if found.file is not None and found.file.same is False:
        raise typer.Exit(DIFFERS)
