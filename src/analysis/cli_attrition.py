"""The verb of `compendium` that accounts for rows: of cleaning, and of each result."""

from __future__ import annotations

from typing import Annotated

import typer

from analysis.cli_options import AsJson
from analysis.errors import ParameterError, Problem

__all__ = ["attrition"]

MOST = 2


def attrition(
    results: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[RESULT_ID [RESULT_ID]]", help="<study>.<level>.<outcome>.<estimator>"
        ),
    ] = None,
    study: Annotated[list[str] | None, typer.Option(help="Only this study, once for each.")] = None,
    as_json: AsJson = False,
) -> None:
    """Account for rows: in and out of each cleaning step and each result, and why N differs.

    Without a result, every step of cleaning and every result of the studies; with one, the rows
    of that result; with two, why their numbers of observations differ, and which rows one uses
    and the other does not.

    Examples: compendium attrition --study beijing;
    compendium attrition beijing.street.complaints.twfe beijing.street.complaints.stacked

    Exit codes: 0 if all rows are accounted for; 1 if a study or result is not known, or numbers do
    not add up.
    """
    from analysis.attrition import account, report
    from analysis.workspace import find_workspace

    root, named = find_workspace().root, results or []
    if len(named) > MOST or (named and study):
        what = "more than two results" if len(named) > MOST else "results and a study"
        problem = Problem(f"{what} are given", "", "compare two results, or name studies alone")
        raise ParameterError("the rows cannot be accounted for", [problem])
    if len(named) == MOST:
        compared = account.compare_results(root, *named)
        text = report.comparison_as_json if as_json else report.comparison_as_text
        typer.echo(text(compared))
    elif named:
        flows = account.find_results(root, named)
        typer.echo(report.accounts_as_json(flows) if as_json else report.flows_as_text(flows))
    else:
        accounts = account.account_of_studies(root, study or [])
        told = report.accounts_as_json if as_json else report.accounts_as_text
        typer.echo(told(accounts))
