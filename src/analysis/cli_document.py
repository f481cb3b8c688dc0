"""The verb of `compendium` that fills the tables of the README and other documents."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from analysis.cli_options import AsJson

__all__ = ["document"]


def document(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; say what is not up to date.")
    ] = False,
    runtime: Annotated[
        bool,
        typer.Option("--record-runtime", help="First record what each step cost in its last run."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Fill the regions of README.md, data/*.md and paper/*.md that are generated.

    A region stands between <!-- begin generated: NAME --> and <!-- end generated: NAME -->, where
    NAME is data, data-files, exhibits, exhibits-full, runtime, seeds or software. It is written
    from the ledgers, data/metadata.toml, the study files, the raw files' checksums, the lock and
    paper/runtime.json. Nothing outside the markers is touched.

    Exit codes: 0 all regions are up to date (now); 1 with --check, if one is not, or if a marker is
    wrong or something that a region is written from is missing.

    Examples: compendium document; compendium document --check; compendium document --record-runtime
    """
    from analysis.documents.write import check_documents, write_documents
    from analysis.errors import Problem, RunError
    from analysis.workspace import find_workspace

    root = find_workspace().root
    if runtime and check:
        problem = Problem("--record-runtime writes and --check does not", "", "leave one out")
        raise RunError("the command cannot be read", [problem])
    if runtime:
        from analysis.documents.runtime import record_runtime
        from analysis.pipeline.run import whole_plan

        record_runtime(root, whole_plan(root))
    if not check:
        changed = [path.as_posix() for path in write_documents(root)]
        if as_json:
            typer.echo(json.dumps({"changed": changed}, indent=1))
        else:
            typer.echo(f"written: {', '.join(changed)}" if changed else "All are up to date.")
        return
    problems = check_documents(root)
    if as_json:
        found = [asdict(problem) for problem in problems]
        typer.echo(json.dumps({"problems": found}, ensure_ascii=False, indent=1))
    else:
        typer.echo("\n".join(map(str, problems)) or "All are up to date.")
    if problems:
        raise typer.Exit(1)
