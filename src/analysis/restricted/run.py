"""Run a study's notebooks on a restricted export, or only its ingest, in a workspace of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from analysis.errors import CompendiumError, Problem, RunError
from analysis.pipeline.run import RunReport
from analysis.pipeline.run import run as run_pipeline
from analysis.restricted.place import RESTRICTED_DATA, Place, find_export
from analysis.restricted.publish import publish
from analysis.restricted.workspace import lay_out

__all__ = ["RestrictedReport", "restricted_workspace", "run_restricted"]


@dataclass(frozen=True, slots=True)
class RestrictedReport:
    """What a run on restricted data did.

    Attributes
    ----------
    place
        The folders of the export.
    run
        What was made in the workspace.
    publishable
        The files that may be published, below ``place.publishable``.
    """

    place: Place
    run: RunReport
    publishable: tuple[Path, ...]


def run_restricted(
    root: Path,
    studies: Sequence[str],
    *,
    workers: int | None = None,
    console: Console | None = None,
) -> tuple[RestrictedReport, ...]:
    """Bring everything up to date that is made from restricted exports.

    Parameters
    ----------
    root
        The top folder of the compendium; nothing is written there but below
        ``data/restricted/<study>``.
    studies
        Names of studies, at least one.
    workers, console
        See `analysis.pipeline.run.run`.

    Returns
    -------
    tuple of RestrictedReport
        One for each study.

    Raises
    ------
    CompendiumError
        If a study has no export or no counterpart, git would keep the export, it breaks the data
        contract, a step fails, or the name of a unit stands in what is to be published.
    """
    if not studies:
        folder = root / RESTRICTED_DATA
        present = sorted(path.name for path in folder.glob("*") if path.is_dir())
        hint = f"name one: --study {present[0] if present else 'beijing'} --data restricted"
        problem = Problem("no study is named", "--study", hint)
        raise RunError("the run on restricted data cannot start", [problem])
    places = [find_export(root, study) for study in dict.fromkeys(studies)]
    reports = []
    for place in places:
        with restricted_workspace(place):
            done = run_pipeline(place.workspace, workers=workers, console=console)
        reports.append(RestrictedReport(place, done, publish(place)))
    return tuple(reports)


@contextmanager
def restricted_workspace(place: Place) -> Iterator[Path]:
    """Bring the workspace of an export up to date, to work in it.

    Parameters
    ----------
    place
        Of the export.

    Yields
    ------
    pathlib.Path
        The top folder of the workspace.

    Raises
    ------
    CompendiumError
        What is raised while it is worked in, with a word on where the paths that it names are.
    """
    lay_out(place)
    try:
        yield place.workspace
    except CompendiumError as error:
        below = place.workspace.relative_to(place.root).as_posix()
        title = (
            f"{error.title} (files are named as they are in {below}/; its data/raw/{place.study}/ "
            f"is your data/restricted/{place.study}/)"
        )
        raise type(error)(title, error.problems) from error
