"""Ingest a study's tickets: land each file, clean all rows, count them, publish at once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from analysis.clean.ingested import ACCOUNTS, CASES, INGESTED, QUARANTINE
from analysis.errors import DataError, Problem, RunError, StudyError
from analysis.panel.store import write_panel
from analysis.replacing import recover, replacing
from analysis.study.schema import Study
from analysis.tickets.accounts import full_account
from analysis.tickets.clean.account import account
from analysis.tickets.clean.clean import clean_tickets
from analysis.tickets.clean.limits import check_limits
from analysis.tickets.clean.quarantine import quarantine
from analysis.tickets.clean.references import TicketReferences, read_ticket_references
from analysis.tickets.counts.count import Counted, count_tickets
from analysis.tickets.engines.engine import Engine, Resources
from analysis.tickets.engines.registry import open_engine
from analysis.tickets.land_all import LANDED, LandedFile, land_all
from analysis.tickets.made_from import made_from
from analysis.tickets.provenance import is_up_to_date, write_provenance
from analysis.workspace import write_atomically

__all__ = ["Ingested", "Means", "ingest"]

# Below the folder of the study's cache: what an ingest in progress makes.
WORK = "work"


@dataclass(frozen=True, slots=True)
class Means:
    """What an ingest works with.

    Attributes
    ----------
    engine
        A name in the registry of engines.
    memory
        How much memory the engine may use, in MiB.
    threads
        How many threads it may use; all cores if None.
    master
        For Spark: the address of the master; this machine if None.
    quiet
        Whether progress is shown.
    """

    engine: str = "duckdb"
    memory: int = 2048
    threads: int | None = None
    master: str | None = None
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Ingested:
    """What an ingest did.

    Attributes
    ----------
    up_to_date
        Whether nothing had changed since the last one, so that nothing was done.
    files, rows, kept
        How many raw files and rows were read, and how many rows are counted.
    left_out
        What could not be counted, in words.
    """

    up_to_date: bool
    files: int = 0
    rows: int = 0
    kept: int = 0
    left_out: tuple[str, ...] = ()


def ingest(
    study: Study, root: Path, *, to: Path | None = None, means: Means | None = None
) -> Ingested:
    """Turn the raw tickets of a study into the tables that its panels are made of.

    Parameters
    ----------
    study
        A study with a table ``tickets``.
    root
        The top folder of the compendium. Raw files are in ``data/raw/<study>``. Landed files stay
        in ``.cache``, so that an ingest that was stopped goes on where it was.
    to
        Stands for the top folder in the names of the tables that are written; `root` if not
        given.
    means
        Engine, memory and so on.

    Returns
    -------
    Ingested
        ``data/processed/<study>/ingested`` then has the tables ``tickets.csv`` and
        ``tickets_by_category.csv``, the accounts and the provenance. Beside it, as Parquet,
        ``cases`` holds every cleaned ticket (those with an empty `step` count) and ``quarantine``
        the places of rows that were set aside and of cells set missing. Each of the three is
        replaced at once, or not at all.

    Raises
    ------
    StudyError
        If the study has no tickets.
    DataError
        If files cannot be read as the study describes them, or too many of their rows cannot be
        used, or none can.
    RunError
        If the engine fails, for want of memory or of room on the disk.
    """
    if study.tickets is None:
        hint = "add the table 'tickets' to the study file, or run the study without an ingest"
        problem = Problem("it has no table 'tickets'", f"{study.name}.toml", hint)
        raise StudyError("there are no tickets to ingest", [problem])
    means = means or Means()
    raw, processed = root / "data" / "raw" / study.name, root / "data" / "processed" / study.name
    target = (to or root) / "data" / "processed" / study.name / INGESTED
    cache = root / ".cache" / "tickets" / study.name
    _sweep(processed, cache)
    source = made_from(study, raw)
    if is_up_to_date(processed, source):
        if target != processed / INGESTED:
            shutil.copytree(processed / INGESTED, target)
        return Ingested(up_to_date=True)
    # Small files, whose faults are told before hours of reading.
    references = read_ticket_references(study, raw)
    landed = land_all(study, raw, source, cache, threads=means.threads, quiet=means.quiet)
    with _work_folder(cache / WORK) as work:
        resources = Resources(work / "scratch", means.memory, means.threads, means.master)
        done = _run_engine(means.engine, resources, study, references, landed, work)
        # The tables come last: an ingest that is killed before them is not up to date.
        for name in (CASES, QUARANTINE):
            with replacing(processed / name) as made:
                made.rmdir()
                # The data may be on another disk than the cache.
                shutil.move(work / name, made)
        with replacing(target) as tables:
            _write(done, tables)
            write_provenance(tables, source, landed, done.left_out, means.engine)
    rows = sum(told.rows for _, told in landed)
    return Ingested(False, len(landed), rows, done.kept, done.left_out)


def _sweep(processed: Path, cache: Path) -> None:
    """Put folders back that a killed ingest was replacing, and clear away what it left."""
    for name in (INGESTED, CASES, QUARANTINE):
        recover(processed / name)
    shutil.rmtree(cache / WORK, ignore_errors=True)
    for draft in (cache / LANDED).glob(".*"):
        draft.unlink()


@dataclass(frozen=True, slots=True)
class _Done:
    counted: Counted
    account: pd.DataFrame
    kept: int

    @property
    def left_out(self) -> tuple[str, ...]:
        return tuple(map(str, self.counted.left_out))


def _run_engine(
    name: str,
    resources: Resources,
    study: Study,
    references: TicketReferences,
    landed: Sequence[LandedFile],
    work: Path,
) -> _Done:
    """Do the engine's part, and say in a few words where it fails: its own may tell cells."""
    try:
        with open_engine(name, resources) as engine:
            return _clean_and_count(study, references, engine, landed, work)
    except duckdb.OutOfMemoryException:
        hint = "give it more with --memory, or make room on the disk to which it spills"
        problem = Problem("memory or the disk is full", "the engine", hint)
    except duckdb.IOException:
        hint = "make room, and look whether .cache can be written to"
        problem = Problem("a file cannot be read or written", ".cache", hint)
    # Outside of the handlers, so that the engine's own words are gone.
    raise RunError("the tickets cannot be cleaned and counted", [problem])


def _clean_and_count(
    study: Study,
    references: TicketReferences,
    engine: Engine,
    landed: Sequence[LandedFile],
    work: Path,
) -> _Done:
    """Clean all rows, refuse what is too bad, and count; tickets go to folders of `work`."""
    assert study.tickets is not None
    rows = engine.read([path for path, _ in landed])
    # Counting reads the checked rows several times; written once, they are checked once.
    engine.write(clean_tickets(rows, study, references), work / CASES)
    checked = engine.read([work / CASES])
    cleaning = account(checked)
    check_limits(cleaning, checked, rows, study.tickets, references)
    kept = int(cleaning.groupby("source")["rows_out"].last().sum())
    if kept == 0:
        raise _nothing_kept(landed)
    counted = count_tickets(checked, study, references.units)
    engine.write(quarantine(checked), work / QUARANTINE)
    return _Done(counted, full_account(cleaning, counted), kept)


def _nothing_kept(landed: Sequence[LandedFile]) -> DataError:
    rows = sum(told.rows for _, told in landed)
    what = f"no ticket is left to count, of {rows} rows in {len(landed)} files"
    hint = "look whether the files hold what they should, and at 'first_period' and 'last_period'"
    return DataError("there is nothing to count", [Problem(what, landed[0][1].file, hint)])


def _write(done: _Done, folder: Path) -> None:
    for name, table in done.counted.tables.items():
        write_panel(table, folder / f"{name}.csv")
    text = done.account.to_csv(index=False, lineterminator="\n")
    write_atomically(folder / ACCOUNTS, text)


@contextmanager
def _work_folder(folder: Path) -> Iterator[Path]:
    """Make an empty folder, also where a killed ingest left one, and remove it afterwards."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
