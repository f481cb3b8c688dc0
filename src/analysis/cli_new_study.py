"""The verb of `compendium` that writes a study file from samples of tickets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from analysis.cli_options import AsJson

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.new_study.propose.proposal import Proposal, Wishes
    from analysis.workspace import Workspace

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
        bool, typer.Option("--copy", help="Copy the samples into the study's raw folder too.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
    data: Annotated[
        Literal["public", "restricted"],
        typer.Option(help="restricted: study file and tickets are kept in data/restricted/NAME."),
    ] = "public",
    as_json: AsJson = False,
) -> None:
    """Look at samples of a city's tickets and write a commented study file for them.

    Every guess stands in notebooks/studies/NAME.toml with what was seen beside it; lines under
    CHECK need somebody who knows the data. With --copy, the hashes of the copies are listed in
    data/raw/SHA256SUMS too. At most 6,000 rows of each sample are looked at. Nothing
    that people wrote, and no name, number or address, is printed or written into the file.

    Tickets that must not leave this machine: with --data restricted everything is in
    data/restricted/NAME, which git ignores, and so is all that is made of it.

    Exit codes: 0 the file is written; 1 a sample is no list of tickets, the study is there already,
    or the time zone or the unit must be named.

    Examples: compendium new-study riverton tickets_2021.csv tickets_2022.csv --copy;
    compendium new-study chicago sample.csv.gz --zone America/Chicago --unit ward;
    compendium new-study capital tickets.csv --data restricted --copy
    """
    import datetime
    import zoneinfo

    from analysis.clean.raw_files import add_checksums
    from analysis.errors import ParameterError, Problem, did_you_mean
    from analysis.new_study.create import copy_samples, create_study
    from analysis.new_study.propose.proposal import Wishes
    from analysis.new_study.report import proposal_as_json, proposal_as_text
    from analysis.workspace import find_workspace

    if zone is not None and zone not in (known := zoneinfo.available_timezones()):
        problem = Problem(f"{zone!r} is not a time zone", "--zone", did_you_mean(zone, known))
        raise ParameterError("the command cannot be read", [problem])
    workspace = find_workspace()
    today = datetime.datetime.now(tz=datetime.UTC).date()
    restricted = data == "restricted"
    wishes = Wishes(name, title, title_zh, place, zone, unit, today, restricted)
    proposal = create_study(workspace, samples, wishes, force=force)
    copied = copy_samples(workspace, wishes, proposal, force=force) if copy else []
    # The workspace of restricted data has a list of its own.
    if copied and not restricted:
        add_checksums(workspace.raw(name).parent, name)
    if as_json:
        typer.echo(proposal_as_json(proposal))
        return
    typer.echo(proposal_as_text(proposal))
    typer.echo("")
    for line in _what_comes_next(workspace, wishes, proposal, len(copied)):
        typer.echo(line)


def _what_comes_next(
    workspace: Workspace, wishes: Wishes, proposal: Proposal, copied: int
) -> Iterator[str]:
    """Say what was written, what is to be put where, and which commands follow."""
    from analysis.new_study.create import raw_folder, study_path
    from analysis.pipeline.documents import report_files

    name, restricted = wishes.name, wishes.restricted
    file = study_path(workspace, wishes).relative_to(workspace.root).as_posix()
    raw = raw_folder(workspace, wishes)
    folder = raw.relative_to(workspace.root).as_posix()
    yield f"Written: {file}"
    if copied:
        listed = "" if restricted else ", listed in data/raw/SHA256SUMS"
        yield f"Copied: {copied} files into {folder}/{listed}"
    for source in [] if copied else proposal.sources:
        place = raw / source.folder
        if any(sample.path.resolve().parent != place.resolve() for sample in source.samples):
            below = place.relative_to(workspace.root).as_posix()
            yield f"Put the files of {source.name} into {below}/"
    if restricted:
        yield f"git ignores {folder}/, and all that is made of it is made there."
    elif any(source.names or source.has("caller") for source in proposal.sources):
        yield (
            f"The raw files tell who people are: git ignores {folder}/, and .gitignore says how a "
            "city's files are published. If even small counts must not be told, make the study "
            "with --data restricted."
        )
    else:
        yield f"git ignores {folder}/ until you name it in .gitignore to publish its files."
    # What is still to be written or put there is not listed yet; a workspace lists by itself.
    waits = not copied or any(table.name == "adoption" for table in proposal.tables)
    option = " --data restricted" if restricted else ""
    verbs = [
        *(["compendium checksums"] if waits and not restricted else []),
        f"compendium ingest {name}{option}",
        f"compendium run --study {name}{option}",
    ]
    report = report_files(name)[0].as_posix()
    found = f"{folder}/publishable/report.pdf" if restricted else report
    yield (
        f"Next: read what stands under CHECK, then {', '.join(verbs)}; "
        f"what is found will be in {found}"
    )
