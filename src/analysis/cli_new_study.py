"""The verb of `compendium` that writes a study file from samples of tickets."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analysis.cli_options import AsJson

__all__ = ["new_study"]


def new_study(
    name: Annotated[str, typer.Argument(help="The study: small letters, digits and _.")],
    samples: Annotated[
        list[Path],
        typer.Argument(help="Files of tickets: csv (also .gz), JSON lines, Parquet, workbooks."),
    ],
    title: Annotated[str, typer.Option(help="What readers see; else the name.")] = "",
    title_zh: Annotated[str, typer.Option(help="The same in Chinese; else as --title.")] = "",
    place: Annotated[str, typer.Option(help="The city; else as --title.")] = "",
    zone: Annotated[
        str | None, typer.Option(help="Time zone, such as America/New_York, if not in China.")
    ] = None,
    unit: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="Header of the panel's unit; or district or street."),
    ] = None,
    copy: Annotated[
        bool, typer.Option("--copy", help="Copy the samples into data/raw/NAME too.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
    as_json: AsJson = False,
) -> None:
    """Look at samples of a city's tickets and write a commented study file for them.

    Every guess stands in notebooks/studies/NAME.toml with what was seen beside it; lines under
    CHECK need somebody who knows the data. With --copy, the hashes of the copies are listed in
    data/raw/SHA256SUMS too. At most 6,000 rows of each sample are looked at. Nothing
    that people wrote, and no name, number or address, is printed or written into the file.

    Exit codes: 0 the file is written; 1 a sample is no list of tickets, the study is there already,
    or the time zone or the unit must be named.

    Examples: compendium new-study riverton tickets_2021.csv tickets_2022.csv --copy;
    compendium new-study chicago sample.csv.gz --zone America/Chicago --unit ward
    """
    import datetime
    import zoneinfo

    from analysis.clean.raw_files import add_checksums
    from analysis.errors import ParameterError, Problem, did_you_mean
    from analysis.new_study.create import copy_samples, create_study
    from analysis.new_study.propose.proposal import Wishes
    from analysis.new_study.report import proposal_as_json, proposal_as_text
    from analysis.pipeline.documents import report_files
    from analysis.workspace import find_workspace

    if zone is not None and zone not in (known := zoneinfo.available_timezones()):
        problem = Problem(f"{zone!r} is not a time zone", "--zone", did_you_mean(zone, known))
        raise ParameterError("the command cannot be read", [problem])
    workspace = find_workspace()
    today = datetime.datetime.now(tz=datetime.UTC).date()
    wishes = Wishes(name, title, title_zh, place, zone, unit, today)
    proposal = create_study(workspace, samples, wishes, force=force)
    copied = copy_samples(workspace, name, proposal, force=force) if copy else []
    if copied:
        add_checksums(workspace.raw(name).parent, name)
    if as_json:
        typer.echo(proposal_as_json(proposal))
        return
    typer.echo(proposal_as_text(proposal))
    typer.echo(f"\nWritten: notebooks/studies/{name}.toml")
    if copied:
        typer.echo(
            f"Copied: {len(copied)} files into data/raw/{name}/, listed in data/raw/SHA256SUMS"
        )
    else:
        for source in proposal.sources:
            folder = "/".join(part for part in (f"data/raw/{name}", source.folder) if part)
            typer.echo(f"Put the files of {source.name} into {folder}/")
    if any(source.names or source.has("caller") for source in proposal.sources):
        typer.echo(
            f"The raw files tell who people are: keep data/raw/{name}/ out of the repository."
        )
    # What is still to be written or put there is not listed yet.
    waits = not copied or any(table.name == "adoption" for table in proposal.tables)
    listing = ["compendium checksums"] if waits else []
    verbs = [*listing, f"compendium ingest {name}", f"compendium run --study {name}"]
    typer.echo(
        f"Next: read what stands under CHECK, then {', '.join(verbs)}; "
        f"what is found will be in {report_files(name)[0].as_posix()}"
    )
