"""Land one raw file of tickets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import DataError, Problem, listing
from analysis.study.ticket_sources import TicketSource
from analysis.study.tickets import Tickets
from analysis.tickets.contract import ticket_columns
from analysis.tickets.database import connect
from analysis.tickets.landing.delimited import open_delimited
from analysis.tickets.landing.excel import open_excel
from analysis.tickets.landing.headers import Columns, find_columns
from analysis.tickets.landing.json_lines import open_json_lines
from analysis.tickets.landing.parquet import open_parquet
from analysis.tickets.landing.raw import Raw, raw_schema
from analysis.tickets.landing.repeating import clean_repeating
from analysis.tickets.landing.table import NAME_PREFIX, land, land_value, landed_columns
from analysis.tickets.landing.times import check_formats
from analysis.tickets.landing.write import write_landed
from analysis.tickets.privacy.strip import strip_shown

__all__ = ["Landed", "header_problems", "land_file"]


@dataclass(frozen=True, slots=True)
class Landed:
    """What is known of a file that has landed; nothing of what its cells hold.

    Attributes
    ----------
    file
        The file, below the study's raw folder.
    rows
        Its records, whether they could be read or not.
    unread
        Problem -> the rows that have it.
    times
        Column of moments -> the cells that were read.
    headers
        Column of the ticket contract -> the header that it has in the file.
    names
        Headers of columns that hold names of people: none was kept.
    ignored
        The other headers, without what is personal in them.
    """

    file: str
    rows: int
    unread: dict[str, int]
    times: dict[str, int]
    headers: dict[str, str]
    names: tuple[str, ...]
    ignored: tuple[str, ...]


def land_file(
    source: TicketSource, tickets: Tickets, path: Path, root: Path, key: bytes, to: Path
) -> Landed:
    """Turn a raw file into a Parquet file of the landed table.

    Nothing personal is written, to a disk, a log or a message. Memory is bounded whatever the size
    of the file; only a workbook is loaded whole.

    Parameters
    ----------
    source, tickets
        What the study says of the file.
    path
        The file.
    root
        The study's raw folder; the file is called by its path below it.
    key
        With which callers are hashed, see `analysis.tickets.privacy.key.read_key`.
    to
        The Parquet file, which is there when it is whole.

    Returns
    -------
    Landed
        Counts for the account.

    Raises
    ------
    DataError
        If the file as a whole cannot be taken: it does not decode, is cut off or damaged, is empty,
        has a record longer than the limit, a quotation mark that swallowed lines, or not the
        columns of the source.
    StudyError
        If the study's `times` hold a format that nothing can be read with.
    """
    check_formats(source)
    file = path.relative_to(root).as_posix()
    raw = _open(source, path, file)
    columns = _find_columns(raw, file, source, tickets)
    wanted = _wanted(columns, tickets)
    write_landed(
        clean_repeating(raw.read(wanted), lambda cells: land_value(cells, source)),
        raw_schema(list(wanted)),
        land(source, tickets, file, key),
        to,
    )
    rows, unread, times = _count(to, tickets)
    return Landed(
        file,
        rows,
        unread,
        times,
        columns.headers,
        tuple(raw.headers[place] for place in columns.names),
        tuple(strip_shown(columns.ignored)),
    )


def header_problems(
    source: TicketSource, tickets: Tickets, paths: Sequence[Path], root: Path
) -> tuple[Problem, ...]:
    """Look only at the headers of files, so that all that is wrong there is told at once.

    Files of JSON lines are read whole for it: their keys may stand in any record.

    Parameters
    ----------
    source, tickets, root
        As in `land_file`.
    paths
        The files.

    Returns
    -------
    tuple of Problem
        Those that `land_file` would find before it reads a record.
    """
    problems: list[Problem] = []
    for path in paths:
        file = path.relative_to(root).as_posix()
        try:
            _find_columns(_open(source, path, file), file, source, tickets)
        except DataError as failure:
            problems.extend(failure.problems)
    return tuple(problems)


def _open(source: TicketSource, path: Path, file: str) -> Raw:
    if source.format == "csv":
        return open_delimited(path, file, source)
    if source.format == "json_lines":
        return open_json_lines(path, file, source)
    if source.format == "parquet":
        return open_parquet(path, file)
    return open_excel(path, file, source)


def _find_columns(raw: Raw, file: str, source: TicketSource, tickets: Tickets) -> Columns:
    """Find the columns, and refuse texts from which names cannot be taken out as the study asks."""
    names = tickets.privacy.names
    columns = find_columns(raw.headers, file, source, names)
    if names and not columns.names and "text" in _wanted(columns, tickets):
        what = f"no column of names is there, so texts would keep them; it may be {listing(names)}"
        hint = "add its header in this file to 'names' under 'privacy', or write text = \"drop\""
        raise DataError(f"{file} cannot be read", [Problem(what, f"{file}, row 1", hint)])
    return columns


def _wanted(columns: Columns, tickets: Tickets) -> dict[str, int]:
    text = tickets.privacy.text == "strip"
    wanted = {
        name: columns.positions[name]
        for name in ticket_columns()
        if name in columns.positions and (text or name != "text")
    }
    names = columns.names if text else ()
    return wanted | {f"{NAME_PREFIX}{number}": place for number, place in enumerate(names)}


def _count(landed: Path, tickets: Tickets) -> tuple[int, dict[str, int], dict[str, int]]:
    times = [name for name in landed_columns(tickets) if name in ticket_columns("time")]
    with connect() as engine:
        table = engine.read_parquet(str(landed))
        counts = table.aggregate(", ".join(["count(*)", *(f"count({name})" for name in times)]))
        problems = table.filter("problem IS NOT NULL").aggregate("problem, count(*)", "problem")
        rows, *read = counts.fetchall()[0]
        unread = dict(sorted(problems.fetchall()))
    return rows, unread, dict(zip(times, read, strict=True))
