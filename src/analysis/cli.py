"""The `compendium` command: one verb for each thing that can be done with the compendium."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from analysis.cli_archive import archive
from analysis.cli_attrition import attrition
from analysis.cli_bench import benches
from analysis.cli_document import document
from analysis.cli_download import download
from analysis.cli_effects import estimate, estimators, spread_values
from analysis.cli_ingest import ingest
from analysis.cli_new_study import new_study
from analysis.cli_options import Data, Workers
from analysis.cli_preflight import preflight
from analysis.cli_recover import recover
from analysis.cli_site import site
from analysis.cli_trace import TRACE_SETTINGS, trace
from analysis.cli_verify import verify
from analysis.errors import CompendiumError, ParameterError, Problem

__all__ = ["app", "main"]

# Each verb imports what it needs when it is called, so that the command starts at once.
app = typer.Typer(
    help="Before the Complaint 未诉先办: from raw data to the paper.",
    add_completion=False,
    pretty_exceptions_enable=False,
)

Studies = Annotated[
    list[str] | None,
    typer.Option(help="Run only this study's notebooks and its report, if any, not the paper."),
]


def main() -> None:
    """Run the command; an error that the user can mend is told in a few lines."""
    for stream in (sys.stdout, sys.stderr):
        # A Windows console may not know Chinese; a replaced character is better than a crash.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        app(prog_name="compendium", args=spread_values(sys.argv[1:]))
    except CompendiumError as error:
        _say_in_red(str(error))
        sys.exit(1)
    except OSError as error:
        # No permission, a full disk, a file that went away: nobody is helped by a traceback.
        place = f"\n  - {error.filename}" if error.filename is not None else ""
        _say_in_red(f"a file cannot be read or written: {error.strerror or error}{place}")
        sys.exit(1)


@app.callback(invoke_without_command=True)
def default(
    context: typer.Context,
    study: Studies = None,
    workers: Workers = None,
    data: Data = "public",
) -> None:
    """Without a verb: bring everything up to date, from raw data to the paper."""
    if context.invoked_subcommand is None:
        run(study=study, workers=workers, data=data)
    elif study or workers or data != "public":
        hint = f"write it after the verb, if it has it: {context.invoked_subcommand} --help"
        problem = Problem("an option stands before the verb", context.invoked_subcommand, hint)
        raise ParameterError("the command cannot be read", [problem])


@app.command()
def run(study: Studies = None, workers: Workers = None, data: Data = "public") -> None:
    """Bring everything up to date: notebooks, figures, tables, paper.

    Examples: compendium run; compendium run --study boston; compendium run --study beijing --data
    restricted
    """
    root = _root()
    if data == "restricted":
        _run_restricted(root, study or [], workers)
        return
    from analysis.pipeline.run import run as run_pipeline

    report = run_pipeline(root, studies=study or [], workers=workers)
    typer.echo(
        f"{report.count('done')} steps done, {report.count('up to date')} up to date, "
        f"{report.seconds:.1f} s."
    )
    typer.echo(_to_read(root, study or []))


@app.command()
def explain(
    mermaid: Annotated[
        bool, typer.Option("--mermaid", help="Print the graph of the pipeline instead.")
    ] = False,
) -> None:
    """Say why each step is stale, or draw the graph of the pipeline."""
    root = _root()
    from analysis.pipeline.explain import count_verdicts
    from analysis.pipeline.explain import explain as explain_steps
    from analysis.pipeline.graph import to_mermaid

    explanations = explain_steps(root)
    if mermaid:
        verdicts = {told.step.name: told.verdict for told in explanations}
        typer.echo(to_mermaid([told.step for told in explanations], verdicts), nl=False)
        return
    for told in explanations:
        if told.verdict != "up to date":
            typer.echo(str(told))
    typer.echo(f"{len(explanations)} steps: {count_verdicts(explanations)}.")


@app.command()
def notebook(
    name: Annotated[str, typer.Argument(help="The notebook, such as 03_effect.")],
    parameter: Annotated[
        list[str] | None, typer.Option("--parameter", "-p", help="name=value, once for each.")
    ] = None,
    workers: Workers = None,
) -> None:
    """Bring one notebook run up to date, or try one with another estimator or outcome."""
    root = _root()
    from analysis.pipeline.single import run_single

    report, trial = run_single(root, name, _assignments(parameter or []), workers=workers)
    done = report.count("done")
    if trial is not None:
        typer.echo("The study does not ask for this run, so it is kept apart from the results:")
        typer.echo(trial.relative_to(root).as_posix())
    else:
        typer.echo(f"{done} steps done." if done else "It is up to date.")


@app.command("test", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def run_test_suite(context: typer.Context) -> None:
    """Run the whole test suite; further words go to pytest."""
    from analysis.pipeline.tools import run_tests

    sys.exit(run_tests(_root(), context.args))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def lab(context: typer.Context) -> None:
    """Open the notebooks in JupyterLab; further words go to it."""
    from analysis.pipeline.tools import open_lab

    sys.exit(open_lab(_root(), context.args))


@app.command()
def clean(
    everything: Annotated[
        bool, typer.Option("--all", help="Also the exhibits, executed notebooks and the paper.")
    ] = False,
) -> None:
    """Remove what runs left behind: caches, cleaned tables, pages for reading."""
    from analysis.pipeline.tools import remove_made_files

    removed = remove_made_files(_root(), everything=everything)
    for path in removed:
        typer.echo(f"removed {path.as_posix()}")
    if not removed:
        typer.echo("There was nothing to remove.")


@app.command()
def simulate(
    study: Annotated[str, typer.Argument(help="A simulated study.")] = "beijing",
    write: Annotated[
        bool, typer.Option("--write", help="Replace the raw files and their checksums.")
    ] = False,
) -> None:
    """Regenerate a simulated study's raw files and compare them with those that are there."""
    from analysis.pipeline.regenerate import regenerate

    typer.echo(regenerate(_root(), study, write=write))


@app.command()
def checksums() -> None:
    """Record the hashes of all raw files anew, after they were changed on purpose."""
    from analysis.clean.raw_files import write_checksums

    root = _root()
    listed = write_checksums(root / "data" / "raw")
    typer.echo(f"The hashes of the raw files are in {listed.relative_to(root).as_posix()}.")


app.command()(estimate)
app.command()(estimators)
app.command()(recover)
app.command()(verify)
app.command(context_settings=TRACE_SETTINGS)(trace)
app.command()(attrition)
app.command()(preflight)
app.command()(document)
app.command()(archive)
app.command()(site)
app.command("new-study")(new_study)
app.command()(download)
app.command()(ingest)
app.add_typer(benches, name="bench")


def _say_in_red(text: str) -> None:
    typer.secho(f"\n{text}", err=True, fg="red" if sys.stderr.isatty() else None)


def _to_read(root: Path, studies: list[str]) -> str:
    from analysis.pipeline.documents import document_file, documents_of, report_files
    from analysis.study.load import list_studies, load_study
    from analysis.workspace import find_workspace

    folder = find_workspace(root).studies
    documents = [] if studies else [document_file(name) for name in documents_of(root)]
    reports = [
        report_files(name)[0]
        for name in studies or list_studies(folder)
        if load_study(name, folder).report
    ]
    made = [path.as_posix() for path in (*documents, *reports)]
    executed = [f"notebooks/executed/{name}/" for name in studies] or ["notebooks/executed/"]
    notebooks = f"the notebooks in {' and '.join(executed)}"
    return f"To read: {' and '.join(made)}; {notebooks}." if made else f"To read: {notebooks}."


def _run_restricted(root: Path, studies: list[str], workers: int | None) -> None:
    from analysis.restricted.run import run_restricted

    for report in run_restricted(root, studies, workers=workers):
        place = report.place
        typer.echo(
            f"{report.run.count('done')} steps done, {report.run.count('up to date')} up to date, "
            f"{report.run.seconds:.1f} s."
        )
        publishable = place.publishable.relative_to(root).as_posix()
        typer.echo(
            f"{len(report.publishable)} files without values of single units are in {publishable}; "
            "look at them before they are published. Nothing else in "
            f"{place.folder.relative_to(root).as_posix()} may be."
        )


def _root() -> Path:
    from analysis.workspace import find_workspace

    return find_workspace().root


def _assignments(given: list[str]) -> dict[str, str]:
    problems = [
        Problem(f"not a name and a value: {text!r}", "-p", "write it as -p study=beijing")
        for text in given
        if "=" not in text
    ]
    names = [text.partition("=")[0] for text in given]
    problems += [
        Problem(f"{name!r} is given more than once", "-p", "give it one value")
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    if problems:
        raise ParameterError("the parameters cannot be read", problems)
    return {name: value for name, _, value in (text.partition("=") for text in given)}


if __name__ == "__main__":
    main()
