"""Download the tables of a study into `data/raw/<study>/`, or check those that are there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from analysis.connectors.connector import Connector
from analysis.connectors.provenance import Provenance, folder_problems
from analysis.connectors.registry import connect
from analysis.connectors.table import Progress, download_table
from analysis.errors import DataError, ParameterError, Problem, did_you_mean
from analysis.replacing import recover, replacing
from analysis.study.download import Download

__all__ = ["check_tables", "choose_tables", "download_into"]


def choose_tables(downloads: Sequence[Download], only: Sequence[str]) -> list[Download]:
    """Choose the tables with these folders; all of them if none is named.

    Raises
    ------
    ParameterError
        If there is no such folder, or the study downloads nothing.
    """
    folders = [given.folder for given in downloads]
    problems = [
        Problem(f"no table has the folder {name!r}", "--only", did_you_mean(name, folders))
        for name in only
        if name not in folders
    ]
    if not downloads:
        hint = "add a table [[tickets.download]] to the study file"
        problems = [Problem("the study has nothing to download", "", hint)]
    if problems:
        raise ParameterError("the tables cannot be chosen", problems)
    return [given for given in downloads if not only or given.folder in only]


def download_into(
    raw: Path,
    download: Download,
    *,
    fresh: bool = False,
    progress: Progress = lambda rows, total: None,
    say: Callable[[str], None] = lambda line: None,
    reach: Callable[[Download, Callable[[str], None]], Connector] | None = None,
) -> Provenance:
    """Download one table into its folder.

    Parameters
    ----------
    raw
        The study's folder of raw files.
    download
        The table.
    fresh
        Start over. The former download stays until the new one is complete.
    progress
        Told after each page.
    say
        Told when a request is tried again, and why.
    reach
        Reaches the portal; by default over the network, patiently.

    Raises
    ------
    RunError
        If the portal fails; see `analysis.connectors.table.download_table`.
    """

    def open_connector() -> Connector:
        return connect(download, say=say) if reach is None else reach(download, say)

    folder = raw / download.folder
    if not fresh:
        recover(folder)
        return download_table(download, folder, open_connector, progress)
    with replacing(folder) as made:
        return download_table(download, made, open_connector, progress)


def check_tables(raw: Path, downloads: Sequence[Download]) -> None:
    """Compare downloaded tables with their provenance files, without the network.

    Raises
    ------
    DataError
        Naming each file that is missing, altered or not listed.
    """
    problems = [problem for given in downloads for problem in folder_problems(raw / given.folder)]
    if problems:
        raise DataError("the files are not as they were downloaded", problems)
